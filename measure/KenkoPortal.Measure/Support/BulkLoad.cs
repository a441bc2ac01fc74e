using System.Data.Common;
using KenkoPortal.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace KenkoPortal.Measure.Support;

/// <summary>Rows of one table, in the types that the drivers take.</summary>
/// <param name="Name">The table.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Their values.</param>
public sealed record TableRows(string Name, IReadOnlyList<string> Columns, IEnumerable<object?[]> Rows);

/// <summary>
/// Brings made-up rows into a database, without any rule of the portal: binary COPY on PostgreSQL (as the superuser, whom row-level security does not
/// bind), one prepared statement on SQLite. One transaction in all, indexes in place.
/// </summary>
public static class BulkLoad
{
    /// <summary>Writes the tables in one transaction and commits it.</summary>
    public static async Task WriteAsync(DbConnection connection, IEnumerable<TableRows> tables, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var table in tables)
        {
            await (connection is NpgsqlConnection postgres
                ? CopyAsync(postgres, table, cancellationToken)
                : InsertAsync((SqliteConnection)connection, (SqliteTransaction)transaction, table, cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Rows of an entity as the model stores them, owned parts included.</summary>
    public static TableRows Of<TEntity>(PortalContext db, IEnumerable<TEntity> entities)
        where TEntity : class
    {
        var entity = db.Model.FindEntityType(typeof(TEntity))!;
        var columns = ColumnsOf(entity, StoreObjectIdentifier.Table(entity.GetTableName()!), row => row).ToList();
        return new TableRows(entity.GetTableName()!, columns.ConvertAll(c => c.Name), entities.Select(e => columns.Select(c => c.Value(e)).ToArray()));
    }

    /// <summary>Everything that a table holds.</summary>
    public static async Task<TableRows> ReadAsync(DbConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the names come from the schema
        command.CommandText = $"SELECT * FROM \"{table}\"";
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var dates = Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetDataTypeName(i) == "date").ToArray();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new object?[columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = await reader.IsDBNullAsync(i, cancellationToken) ? null : dates[i] ? await reader.GetFieldValueAsync<DateOnly>(i, cancellationToken) : reader.GetValue(i);
            }

            rows.Add(row);
        }

        return new TableRows(table, columns, rows);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, TableRows table, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY \"{table.Name}\" ({Names(table)}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        copy.Timeout = TimeSpan.FromMinutes(10);
        foreach (var row in table.Rows)
        {
            await copy.WriteRowAsync(cancellationToken, row);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task InsertAsync(SqliteConnection connection, SqliteTransaction transaction, TableRows table, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // the names come from the schema
        command.CommandText = $"INSERT INTO \"{table.Name}\" ({Names(table)}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"@p{i}"))})";
#pragma warning restore CA2100
        var parameters = table.Columns.Select((_, i) => command.Parameters.Add(new SqliteParameter($"@p{i}", null))).ToArray();
        foreach (var row in table.Rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                parameters[i].Value = row[i] ?? DBNull.Value;
            }

            // SQLite has no asynchronous work to wait for.
#pragma warning disable CA1849, MA0042
            command.ExecuteNonQuery();
#pragma warning restore CA1849, MA0042
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static string Names(TableRows table) => string.Join(", ", table.Columns.Select(c => $"\"{c}\""));

    private static IEnumerable<Column> ColumnsOf(ITypeBase entity, StoreObjectIdentifier table, Func<object, object> find)
    {
        foreach (var property in entity.GetProperties().Where(p => !p.IsShadowProperty()))
        {
            var (getter, converter) = (property.GetGetter(), property.GetTypeMapping().Converter);
            yield return new Column(property.GetColumnName(table)!, row =>
            {
                var value = getter.GetClrValue(find(row));
                return value is null || converter is null ? value : converter.ConvertToProvider(value);
            });
        }

        foreach (var part in entity.GetComplexProperties())
        {
            var getter = part.GetGetter();
            foreach (var column in ColumnsOf(part.ComplexType, table, row => getter.GetClrValue(find(row))!))
            {
                yield return column;
            }
        }

        foreach (var part in (entity as IEntityType)?.GetNavigations().Where(n => n.TargetEntityType.IsOwned()) ?? [])
        {
            var getter = part.GetGetter();
            foreach (var column in ColumnsOf(part.TargetEntityType, table, row => getter.GetClrValue(find(row))!))
            {
                yield return column;
            }
        }
    }

    private sealed record Column(string Name, Func<object, object?> Value);
}

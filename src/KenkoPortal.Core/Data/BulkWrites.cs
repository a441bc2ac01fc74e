using KenkoPortal.Core.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace KenkoPortal.Core.Data;

/// <summary>
/// Writes many rows of one entity inside the running transaction: on PostgreSQL a column at a time as arrays (COPY does not go through
/// row-level security), on SQLite through one prepared statement. Tables, columns and conversions are the model's, so a new property needs nothing
/// here.
/// </summary>
public sealed class BulkWrites(PortalContext db, PortalDatabase database)
{
    private const int RowsPerStatement = 5000;

    /// <exception cref="InvalidOperationException">A row is another society's, or no transaction is running.</exception>
    public Task InsertAsync<TEntity>(IReadOnlyList<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class, ITenantOwned
    {
        var columns = Columns<TEntity>(_ => true);
        var names = string.Join(", ", columns.Select(c => c.Quoted));
        return RunAsync(
            rows,
            columns,
            table => $"INSERT INTO {table} ({names}) SELECT * FROM unnest({string.Join(", ", columns.Select(c => c.Place))})",
            table => $"INSERT INTO {table} ({names}) VALUES ({string.Join(", ", columns.Select(c => c.Number))})",
            cancellationToken);
    }

    /// <summary>Sets the named properties of rows that exist, found by their key <c>Id</c>.</summary>
    /// <exception cref="InvalidOperationException">A row is another society's, or no transaction is running.</exception>
    public Task UpdateAsync<TEntity>(IReadOnlyList<TEntity> rows, IReadOnlyCollection<string> properties, CancellationToken cancellationToken)
        where TEntity : class, ITenantOwned
    {
        const string Key = "Id";
        var columns = Columns<TEntity>(name => name == Key || properties.Contains(name, StringComparer.Ordinal));
        var key = columns.Single(c => c.Property.Name == Key);
        var set = columns.Where(c => c != key).ToList();
        return RunAsync(
            rows,
            columns,
            table => $"""
                UPDATE {table} AS t SET {string.Join(", ", set.Select(c => $"{c.Quoted} = s.{c.Quoted}"))}
                FROM unnest({string.Join(", ", columns.Select(c => c.Place))}) AS s ({string.Join(", ", columns.Select(c => c.Quoted))})
                WHERE t.{key.Quoted} = s.{key.Quoted}
                """,
            table => $"UPDATE {table} SET {string.Join(", ", set.Select(c => $"{c.Quoted} = {c.Number}"))} WHERE {key.Quoted} = {key.Number}",
            cancellationToken);
    }

    private List<BulkColumn<TEntity>> Columns<TEntity>(Func<string, bool> wanted)
        where TEntity : class
    {
        var entity = db.Model.FindEntityType(typeof(TEntity))!;
        return [.. entity.GetProperties().Where(p => wanted(p.Name)).Select((property, index) => BulkColumn<TEntity>.Of(property, index))];
    }

    private async Task RunAsync<TEntity>(
        IReadOnlyList<TEntity> rows, List<BulkColumn<TEntity>> columns, Func<string, string> many, Func<string, string> one, CancellationToken cancellationToken)
        where TEntity : class, ITenantOwned
    {
        if (rows.Count == 0)
        {
            return;
        }

        if (rows.Any(row => row.SocietyId != db.SocietyId))
        {
            throw new InvalidOperationException($"A {typeof(TEntity).Name} of another society was about to be written.");
        }

        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("Bulk writes belong into a unit of work.");
        var table = $"\"{db.Model.FindEntityType(typeof(TEntity))!.GetTableName()}\"";
        if (database.IsPostgres)
        {
            await using var command = (NpgsqlCommand)db.Database.GetDbConnection().CreateCommand();
            command.Transaction = (NpgsqlTransaction)transaction.GetDbTransaction();
#pragma warning disable CA2100 // the names come from the model
            command.CommandText = many(table);
#pragma warning restore CA2100
            await WriteArraysAsync(command, rows, columns, cancellationToken);
        }
        else
        {
            WriteOneByOne((SqliteConnection)db.Database.GetDbConnection(), one(table), rows, columns, cancellationToken);
        }

        db.HasNewWork |= typeof(TEntity).IsAssignableTo(typeof(IWakesJobs));
    }

    private static async Task WriteArraysAsync<TEntity>(
        NpgsqlCommand command, IReadOnlyList<TEntity> rows, List<BulkColumn<TEntity>> columns, CancellationToken cancellationToken)
        where TEntity : class
    {
        var parameters = columns.ConvertAll(column => column.ArrayParameter());
        command.Parameters.AddRange(parameters.ToArray());
        for (var start = 0; start < rows.Count; start += RowsPerStatement)
        {
            var count = Math.Min(RowsPerStatement, rows.Count - start);
            foreach (var (column, parameter) in columns.Zip(parameters))
            {
                parameter.Value = column.Values(rows, start, count);
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Past the driver, which looks up each parameter by its name anew for each row: that takes as long as the writing.</summary>
    private static void WriteOneByOne<TEntity>(
        SqliteConnection connection, string sql, IReadOnlyList<TEntity> rows, List<BulkColumn<TEntity>> columns, CancellationToken cancellationToken)
        where TEntity : class
    {
        using var statement = SqliteRows.Prepare(connection, sql);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var column in columns)
            {
                column.Bind(statement, row);
            }

            statement.Execute();
        }
    }
}

using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data.Postgres;
using KenkoPortal.Core.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace KenkoPortal.Core.Data;

/// <summary>
/// Writes many rows of one entity inside the running transaction: on PostgreSQL by COPY into a temporary table and from there in one statement, since COPY
/// itself does not go through row-level security; on SQLite through one prepared statement. Tables, columns and conversions are the model's, so a new
/// property needs nothing here.
/// </summary>
public sealed class BulkWrites(PortalContext db, PortalDatabase database)
{
    /// <summary>Where rows arrive on PostgreSQL. Dropped with the transaction at the latest.</summary>
    private const string Arrived = "pg_temp.arrived";

    /// <exception cref="InvalidOperationException">A row is another society's, or no transaction is running.</exception>
    public Task InsertAsync<TEntity>(IReadOnlyList<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class, ITenantOwned
    {
        var columns = Columns<TEntity>(_ => true);
        var names = Names(columns);
        return RunAsync(
            rows,
            columns,
            table => $"INSERT INTO {table} ({names}) SELECT {names} FROM {Arrived}",
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
                FROM {Arrived} AS s WHERE t.{key.Quoted} = s.{key.Quoted}
                """,
            table => $"UPDATE {table} SET {string.Join(", ", set.Select(c => $"{c.Quoted} = {c.Number}"))} WHERE {key.Quoted} = {key.Number}",
            cancellationToken);
    }

    private List<BulkColumn<TEntity>> Columns<TEntity>(Func<string, bool> wanted)
        where TEntity : class
    {
        var entity = db.Model.FindEntityType(typeof(TEntity))!;
        return [.. entity.GetFlattenedProperties().Where(p => wanted(p.Name)).Select((property, index) => BulkColumn<TEntity>.Of(property, index))];
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

        _ = db.Database.CurrentTransaction ?? throw new InvalidOperationException("Bulk writes belong into a unit of work.");
        var table = $"\"{db.Model.FindEntityType(typeof(TEntity))!.GetTableName()}\"";
        if (database.IsPostgres)
        {
            await CopyAsync((NpgsqlConnection)db.Database.GetDbConnection(), table, many(table), rows, columns, cancellationToken);
        }
        else
        {
            WriteOneByOne((SqliteConnection)db.Database.GetDbConnection(), one(table), rows, columns, cancellationToken);
        }

        db.HasNewWork |= typeof(TEntity).IsAssignableTo(typeof(IWakesJobs));
    }

    private static string Names<TEntity>(List<BulkColumn<TEntity>> columns)
        where TEntity : class => string.Join(", ", columns.Select(c => c.Quoted));

    private static async Task CopyAsync<TEntity>(
        NpgsqlConnection connection, string table, string takeOver, IReadOnlyList<TEntity> rows, List<BulkColumn<TEntity>> columns, CancellationToken cancellationToken)
        where TEntity : class
    {
        var names = Names(columns);
        await ExecuteAsync(connection, $"CREATE TEMPORARY TABLE {Arrived} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA", cancellationToken);
        await using (var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Arrived} ({names}) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            try
            {
                await CopyAsync(new CopyRows(copy, columns.Count), rows, columns, cancellationToken);
            }
            catch
            {
                // Its end would take for whole what has arrived so far.
                await copy.CancelAsync();
                throw;
            }
        }

        await ExecuteAsync(connection, $"{takeOver}; DROP TABLE {Arrived}", cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // the names come from the model
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task CopyAsync<TEntity>(CopyRows copy, IReadOnlyList<TEntity> rows, List<BulkColumn<TEntity>> columns, CancellationToken cancellationToken)
        where TEntity : class
    {
        foreach (var row in rows)
        {
            copy.BeginRow();
            foreach (var column in columns)
            {
                column.Copy(copy, row);
            }

            if (copy.IsEnough)
            {
                await copy.SendAsync(cancellationToken);
            }
        }

        await copy.EndAsync(cancellationToken);
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

using System.Diagnostics;
using KenkoPortal.Core.Data;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// The rows that commands left, in memory, and the time of a bare load of them into an empty database, without any rule of the portal: binary COPY on PostgreSQL
/// (as the superuser, whom row-level security does not bind), one prepared statement a table on SQLite; one transaction in all, indexes in place.
/// </summary>
internal sealed class LeftRows
{
    private readonly List<LeftTable> _tables = [];

    private LeftRows()
    {
    }

    /// <summary>Reads tables, and no others, whatever the model calls them one day.</summary>
    public static async Task<LeftRows> ReadAsync(Ground ground, PortalStore store, params IReadOnlyList<string> tables)
    {
        await using (var scope = store.Services.CreateAsyncScope())
        {
            var known = scope.ServiceProvider.GetRequiredService<PortalContext>().Model.GetEntityTypes().Select(e => e.GetTableName()).ToHashSet(StringComparer.Ordinal);
            if (tables.FirstOrDefault(t => !known.Contains(t)) is { } unknown)
            {
                throw new MeasureException($"there is no table {unknown}");
            }
        }

        var left = new LeftRows();
        await using var connection = await store.OpenAsync();
        foreach (var table in tables)
        {
            left._tables.Add(await LeftTable.ReadAsync(connection, table, ground.Cancellation));
        }

        return left;
    }

    /// <summary>Rows of a table.</summary>
    public long CountOf(string table) => _tables.Single(t => t.Name == table).Count;

    /// <summary>Writes them into a fresh database, in one transaction.</summary>
    /// <returns>Seconds.</returns>
    public async Task<double> LoadAsync(Ground ground, DatabaseKind kind)
    {
        await using var store = await PortalStore.CreateAsync(ground, kind);
        await using var connection = await store.OpenAsync();
        var begun = Stopwatch.GetTimestamp();
        await using (var transaction = await connection.BeginTransactionAsync(ground.Cancellation))
        {
            foreach (var table in _tables)
            {
                await table.LoadAsync(connection, ground.Cancellation);
            }

            await transaction.CommitAsync(ground.Cancellation);
        }

        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        foreach (var table in _tables)
        {
            var loaded = await store.CountAsync($"SELECT count(*) FROM \"{table.Name}\"");
            if (loaded != table.Count)
            {
                throw new MeasureException($"the bare load left {loaded} of {table.Count} rows in {table.Name}");
            }
        }

        return seconds;
    }
}

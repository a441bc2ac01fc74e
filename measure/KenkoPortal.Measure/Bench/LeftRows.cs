using System.Diagnostics;
using KenkoPortal.Core.Data;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// The rows that commands left, in memory, and the time of a bare load of them into an empty database: binary COPY on PostgreSQL, one prepared statement
/// in one transaction on SQLite, indexes in place.
/// </summary>
internal sealed class LeftRows
{
    private readonly List<TableRows> _tables = [];

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
            left._tables.Add(await BulkLoad.ReadAsync(connection, table, ground.Cancellation));
        }

        return left;
    }

    /// <summary>Rows of a table.</summary>
    public int CountOf(string table) => _tables.Single(t => t.Name == table).Rows.Count();

    /// <returns>Seconds.</returns>
    public async Task<double> LoadAsync(Ground ground, DatabaseKind kind)
    {
        await using var store = await PortalStore.CreateAsync(ground, kind);
        await using var connection = await store.OpenAsync();
        var begun = Stopwatch.GetTimestamp();
        await BulkLoad.WriteAsync(connection, _tables, ground.Cancellation);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}

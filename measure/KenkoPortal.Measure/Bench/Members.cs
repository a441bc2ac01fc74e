using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Core.Data;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// The first members' list of a society, as <c>./kenko members import</c> brings it in, beside a bare bulk load of the rows that it
/// leaves: binary COPY on PostgreSQL, one prepared statement in one transaction on SQLite, indexes in place.
/// </summary>
internal sealed class Members : IMeasurement
{
    /// <summary>What the import writes; the society and the installation were there before.</summary>
    private static readonly string[] Tables = ["Households", "Persons", "InsuranceCards", "DisclosureSettings", "ImportRuns"];

    public string Name => "members";

    public string Says => "a members' list of 100,000 rows into an empty database, against a bare bulk load of the same rows";

    public TimeSpan Limit => TimeSpan.FromMinutes(20);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var people = ground.Pick(20_000, 100_000);
        var (list, first) = (Path.Combine(ground.Folder, "members.csv"), Path.Combine(ground.Folder, "one.csv"));
        await Census.WriteListAsync(list, people, PortalStore.InsurerNumber, ground.Cancellation);
        await Census.WriteListAsync(first, 1, PortalStore.InsurerNumber, ground.Cancellation);
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var left = await LeftAsync(ground, kind, list, people);
            await LoadAsync(ground, kind, left);
            var rounds = await Rounds.InTurnsAsync(
                ground,
                ground.Pick(3, 5),
                () => ImportAsync(ground, kind, list, first),
                async () => new Import(await LoadAsync(ground, kind, left), 0));
            var (import, load) = (rounds[0].Of(r => r.Seconds), rounds[1].Of(r => r.Seconds));
            var name = string.Create(CultureInfo.InvariantCulture, $"members' list of {people:#,##0} rows");
            rows.Add(new Figure($"{name}, of a bare bulk load's time", kind, import.Over(load), "×", Bound.AtMost(3)));
            rows.Add(new Figure($"{name}, process start aside", kind, import, "s"));
            rows.Add(new Figure("a bare bulk load of the rows that it leaves", kind, load, "s"));
            rows.Add(new Figure($"{name}, peak memory", kind, rounds[0].Of(r => r.PeakMebibytes), "MiB"));
        }

        return rows;
    }

    /// <summary>The rows that the import leaves, in memory.</summary>
    private static async Task<List<TableRows>> LeftAsync(Ground ground, DatabaseKind kind, string list, int people)
    {
        await using var store = await PortalStore.CreateAsync(ground, kind);
        await store.CommandAsync("members", "import", list);
        await using var connection = await store.OpenAsync();
        var left = new List<TableRows>();
        foreach (var table in await TablesAsync(store))
        {
            left.Add(await BulkLoad.ReadAsync(connection, table, ground.Cancellation));
        }

        return left.Single(t => t.Name == "Persons").Rows.Count() == people ? left : throw new MeasureException("the import did not bring everybody in");
    }

    /// <summary>Time of the command for the list, less that for a list of one.</summary>
    private static async Task<Import> ImportAsync(Ground ground, DatabaseKind kind, string list, string first)
    {
        await using var small = await PortalStore.CreateAsync(ground, kind);
        var start = await small.CommandAsync("members", "import", first);
        await using var store = await PortalStore.CreateAsync(ground, kind);
        var import = await store.CommandAsync("members", "import", list);
        return new Import((import.Took - start.Took).TotalSeconds, import.PeakKibibytes / 1024.0);
    }

    private static async Task<double> LoadAsync(Ground ground, DatabaseKind kind, List<TableRows> left)
    {
        await using var store = await PortalStore.CreateAsync(ground, kind);
        await using var connection = await store.OpenAsync();
        var begun = Stopwatch.GetTimestamp();
        await BulkLoad.WriteAsync(connection, left, ground.Cancellation);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>The tables that an import writes, and no others, whatever the model calls them one day.</summary>
    private static async Task<List<string>> TablesAsync(PortalStore store)
    {
        await using var scope = store.Services.CreateAsyncScope();
        var known = scope.ServiceProvider.GetRequiredService<PortalContext>().Model.GetEntityTypes().Select(e => e.GetTableName()).ToHashSet(StringComparer.Ordinal);
        return Array.Find(Tables, t => !known.Contains(t)) is { } unknown ? throw new MeasureException($"there is no table {unknown}") : [.. Tables];
    }

    private sealed record Import(double Seconds, double PeakMebibytes);
}

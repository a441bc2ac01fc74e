using System.Globalization;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;

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
            await left.LoadAsync(ground, kind);
            var rounds = await Rounds.InTurnsAsync(
                ground,
                ground.Pick(3, 5),
                () => ImportAsync(ground, kind, list, first),
                async () => new CommandTime(await left.LoadAsync(ground, kind), 0));
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
    private static async Task<LeftRows> LeftAsync(Ground ground, DatabaseKind kind, string list, int people)
    {
        await using var store = await PortalStore.CreateAsync(ground, kind);
        await store.CommandAsync("members", "import", list);
        var left = await LeftRows.ReadAsync(ground, store, Tables);
        return left.CountOf("Persons") == people ? left : throw new MeasureException("the import did not bring everybody in");
    }

    /// <summary>Time of the command for the list, less that for a list of one.</summary>
    private static async Task<CommandTime> ImportAsync(Ground ground, DatabaseKind kind, string list, string first)
    {
        await using var small = await PortalStore.CreateAsync(ground, kind);
        await using var store = await PortalStore.CreateAsync(ground, kind);
        return await CommandTime.OfAsync(small, ["members", "import", first], store, ["members", "import", list]);
    }
}

using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using KenkoPortal.Demo;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// A month's delivery to published notices, as the commands do it (<c>claims import</c>, <c>notices compute</c>, <c>notices publish</c>), beside the reader's own
/// time for the same files and a bare bulk load of the rows that are left, into the same tables with their indexes.
/// </summary>
internal sealed class NoticesImport : IMeasurement
{
    /// <summary>What is left of it, in the order in which the rows refer to each other.</summary>
    private static readonly string[] Tables = ["ReceivedClaims", "Publications", "MedicalCostLines", "GenericDrugLines"];

    public string Name => "notices-import";

    public string Says => "a month's claims of 100,000 people to published notices, against the reader's time and a bare bulk load of the same rows";

    public TimeSpan Limit => TimeSpan.FromMinutes(40);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var folder = ground.NewFolder("delivery");
        var list = Path.Combine(folder, "members.csv");
        var month = new DemoMonth(2026, 4);
        DemoPeople.WriteList(list, DemoPeople.Make(ground.Pick(20_000, 100_000), PortalStore.InsurerNumber, month));
        var delivery = DemoDeliveries.Write(folder, new DemoOptions { People = () => DemoPeople.Read(list), Until = month, Months = 1, Drugs = DemoDrugs.Own() }).Single();
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var rounds = (await Rounds.InTurnsAsync(ground, ground.Pick(2, 3), () => RoundAsync(ground, kind, list, delivery.Folder)))[0];
            var name = string.Create(CultureInfo.InvariantCulture, $"{delivery.Claims:#,##0} claims to published notices");
            rows.Add(new Figure($"{name}, of a bare bulk load's and the reader's time", kind, rounds.Of(r => r.Work / (r.Load + r.Read)), "×", Bound.AtMost(3)));
            rows.Add(new Figure("… import, compute and publish, process starts aside", kind, rounds.Of(r => r.Work), "s"));
            rows.Add(new Figure("… of which the import", kind, rounds.Of(r => r.Import), "s"));
            rows.Add(new Figure("… the reader alone", kind, rounds.Of(r => r.Read), "s"));
            rows.Add(new Figure("… a bare bulk load of the rows that are left", kind, rounds.Of(r => r.Load), "s"));
            rows.Add(new Figure("… peak memory", kind, rounds.Of(r => r.PeakMebibytes), "MiB"));
        }

        return rows;
    }

    private static async Task<Round> RoundAsync(Ground ground, DatabaseKind kind, string list, string delivery)
    {
        await using var store = await PortalStore.CreateAsync(ground, kind);
        await store.CommandAsync("members", "import", list);
        var drugs = Path.Combine(ground.Root, "demo", "drugs");
        await store.CommandAsync(
            "drugs", "import", "--price", Path.Combine(drugs, "price.csv"), "--availability", Path.Combine(drugs, "availability.csv"), "--master", Path.Combine(drugs, "master.csv"),
            "--from", "2026-04-01");
        await store.SettleAsync();
        var start = await store.CommandAsync("notices", "list");
        var import = await store.CommandAsync("claims", "import", delivery);
        var compute = await store.CommandAsync("notices", "compute", "--month", "2026-04");
        var publish = await store.CommandAsync("notices", "publish", "--month", "2026-04", "--on", "2026-06-20");
        var read = Read(delivery);
        return new Round(
            (import.Took + compute.Took + publish.Took - (3 * start.Took)).TotalSeconds, (import.Took - start.Took).TotalSeconds, read, await LoadAsync(ground, store),
            Math.Max(import.PeakKibibytes, compute.PeakKibibytes) / 1024.0);
    }

    /// <summary>Seconds of the reader alone, for every file of the delivery.</summary>
    private static double Read(string delivery)
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (var path in ClaimDelivery.Find(delivery).Claims)
        {
            using var stream = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan });
            _ = ClaimFile.Read(stream).Count();
        }

        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Seconds of the bare load of what the commands left, after it was taken out again.</summary>
    private static async Task<double> LoadAsync(Ground ground, PortalStore store)
    {
        await using (var scope = store.Services.CreateAsyncScope())
        {
            var known = scope.ServiceProvider.GetRequiredService<PortalContext>().Model.GetEntityTypes().Select(e => e.GetTableName()).ToHashSet(StringComparer.Ordinal);
            if (Array.Find(Tables, t => !known.Contains(t)) is { } unknown)
            {
                throw new MeasureException($"there is no table {unknown}");
            }
        }

        var left = new List<TableRows>();
        await using (var connection = await store.OpenAsync())
        {
            foreach (var table in Tables)
            {
                left.Add(await BulkLoad.ReadAsync(connection, table, ground.Cancellation));
            }
        }

        if (!left.Single(t => t.Name == "MedicalCostLines").Rows.Any() || !left.Single(t => t.Name == "GenericDrugLines").Rows.Any())
        {
            throw new MeasureException("no notices came of it");
        }

        foreach (var table in Tables.Reverse())
        {
            await store.ExecuteAsync($"DELETE FROM \"{table}\"");
        }

        await store.SettleAsync();
        await using var to = await store.OpenAsync();
        var begun = Stopwatch.GetTimestamp();
        await BulkLoad.WriteAsync(to, left, ground.Cancellation);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private sealed record Round(double Work, double Import, double Read, double Load, double PeakMebibytes);
}

using System.Globalization;
using KenkoPortal.Demo;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// A month's delivery to published notices, as the commands do it (<c>claims import</c>, <c>notices compute</c>, <c>notices publish</c>), beside the reader's own
/// time for the same files and a bare bulk load of the rows that are left, into the same tables with their indexes. Each command counts less its time for the
/// claims of a hundred people.
/// </summary>
internal sealed class NoticesImport : IMeasurement
{
    /// <summary>The month of treatment, here and in <see cref="Savings"/>.</summary>
    public static readonly DemoMonth Month = new(2026, 4);

    private const int People = 100_000;
    private const int FewPeople = 100;
    private const string MonthText = "2026-04";

    /// <summary>Of the claims that are written some few leave no row of their own (90 of 157,643, each time); all others must.</summary>
    private const double OwnShare = 0.999;

    /// <summary>What is left of it, in the order in which the rows refer to each other.</summary>
    private static readonly string[] Tables = ["ReceivedClaims", "Publications", "MedicalCostLines", "GenericDrugLines"];

    private static readonly string[] Compute = ["notices", "compute", "--month", MonthText];
    private static readonly string[] Publish = ["notices", "publish", "--month", MonthText];

    public string Name => "notices-import";

    public string Says => "a month's claims of 100,000 people to published notices, against the reader's time and a bare bulk load of the same rows";

    public TimeSpan Limit => TimeSpan.FromMinutes(40);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var (delivery, few) = Deliveries(ground);
        delivery.Read();
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var rounds = (await Rounds.InTurnsAsync(ground, ground.Pick(3, 5), () => RoundAsync(ground, kind, delivery, few)))[0];
            var name = string.Create(CultureInfo.InvariantCulture, $"{delivery.Claims:#,##0} claims of {People:#,##0} people to published notices");
            rows.Add(new Figure($"{name}, of a bare bulk load's and the reader's time", kind, rounds.Of(r => r.Work / (r.Load + r.Read)), "×", Bound.AtMost(3)));
            rows.Add(new Figure("… import, compute and publish, process starts aside", kind, rounds.Of(r => r.Work), "s"));
            rows.Add(new Figure("… of which the import", kind, rounds.Of(r => r.Import), "s"));
            rows.Add(new Figure("… the reader alone", kind, rounds.Of(r => r.Read), "s"));
            rows.Add(new Figure("… a bare bulk load of the rows that are left", kind, rounds.Of(r => r.Load), "s"));
            rows.Add(new Figure("… peak memory", kind, rounds.Of(r => r.PeakMebibytes), "MiB"));
        }

        return rows;
    }

    /// <summary>The month of 100,000 people, and that of a hundred.</summary>
    public static (MadeDelivery Delivery, MadeDelivery Few) Deliveries(Ground ground) => (MadeDelivery.Write(ground, People, Month), MadeDelivery.Write(ground, FewPeople, Month));

    /// <summary>The import of the month's delivery into a fresh store, less that of a hundred people's into another.</summary>
    public static Task<CommandTime> ImportAsync(PortalStore small, MadeDelivery few, PortalStore store, MadeDelivery delivery) =>
        CommandTime.OfAsync(small, ["claims", "import", few.Folder], store, ["claims", "import", delivery.Folder]);

    private static async Task<Round> RoundAsync(Ground ground, DatabaseKind kind, MadeDelivery delivery, MadeDelivery few)
    {
        await using var small = await few.OpenStoreAsync(ground, kind);
        await using var store = await delivery.OpenStoreAsync(ground, kind);
        var import = await ImportAsync(small, few, store, delivery);
        var compute = await CommandTime.OfAsync(small, Compute, store, Compute);
        var publish = await CommandTime.OfAsync(small, Publish, store, Publish);
        var left = await LeftRows.ReadAsync(ground, store, Tables);
        return left.CountOf("ReceivedClaims") >= delivery.Claims * OwnShare && left.CountOf("MedicalCostLines") > 0 && left.CountOf("GenericDrugLines") > 0
            ? new Round(
                import.Seconds + compute.Seconds + publish.Seconds, import.Seconds, delivery.Read(), await left.LoadAsync(ground, kind),
                Math.Max(import.PeakMebibytes, compute.PeakMebibytes))
            : throw new MeasureException($"of {delivery.Claims} claims {left.CountOf("ReceivedClaims")} came in, {left.CountOf("MedicalCostLines")} and {left.CountOf("GenericDrugLines")} lines came of them");
    }

    private sealed record Round(double Work, double Import, double Read, double Load, double PeakMebibytes);
}

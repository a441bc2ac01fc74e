using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Demo;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Support;

/// <summary>A made-up membership and its claims as a society receives them, written by the demo's generator.</summary>
/// <param name="List">The members' list.</param>
/// <param name="Folder">The delivery's folder, or the one that has them all.</param>
/// <param name="First">The first month of treatment.</param>
/// <param name="Claims">Claims in it.</param>
internal sealed record MadeDelivery(string List, string Folder, DemoMonth First, int Claims)
{
    /// <summary>Writes it.</summary>
    /// <param name="ground">The run's.</param>
    /// <param name="people">How many are on the list.</param>
    /// <param name="until">The newest month of treatment.</param>
    /// <param name="months">Months of treatment.</param>
    public static MadeDelivery Write(Ground ground, int people, DemoMonth until, int months = 1)
    {
        ground.Tell(string.Create(CultureInfo.InvariantCulture, $"writing claims of {people:#,##0} people, {months} months"));
        var folder = ground.NewFolder("delivery");
        var list = Path.Combine(folder, "members.csv");
        DemoPeople.WriteList(list, DemoPeople.Make(people, PortalStore.InsurerNumber, until));
        var options = new DemoOptions { People = () => DemoPeople.Read(list), Until = until, Months = months, Drugs = DemoDrugs.Own() };
        var claims = Path.Combine(folder, "claims");
        return new MadeDelivery(list, claims, until.Add(1 - months), DemoDeliveries.Write(claims, options).Sum(d => d.Claims));
    }

    /// <summary>Its files of claims.</summary>
    public IReadOnlyList<string> Files => ClaimDelivery.Find(Folder).Claims;

    /// <summary>A fresh store with these people and the demo's drug lists, before the first claim.</summary>
    public async Task<PortalStore> OpenStoreAsync(Ground ground, DatabaseKind kind)
    {
        var store = await PortalStore.CreateAsync(ground, kind);
        await store.CommandAsync("members", "import", List);
        var drugs = Path.Combine(ground.Root, "demo", "drugs");
        await store.CommandAsync(
            "drugs", "import", "--price", Path.Combine(drugs, "price.csv"), "--availability", Path.Combine(drugs, "availability.csv"), "--master", Path.Combine(drugs, "master.csv"),
            "--from", First.FirstDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await store.SettleAsync();
        return store;
    }

    /// <summary>Seconds of the reader alone, for every file.</summary>
    public double Read()
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (var path in Files)
        {
            using var stream = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan });
            _ = ClaimFile.Read(stream).Count();
        }

        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}

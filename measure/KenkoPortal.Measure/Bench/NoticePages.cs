using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// 医療費通知 of a month and of a year, of many members in turns, beside a bare Kestrel, with 36 months of notices in the database. Every member has opened
/// both before, since the first look is written down; how long that one takes is told beside it.
/// </summary>
internal sealed class NoticePages : IMeasurement
{
    public string Name => "notice-pages";

    public string Says => "the month's and the year's page of 1,000 members in turns, 36 months in the database, against a bare Kestrel hello";

    public TimeSpan Limit => TimeSpan.FromMinutes(20);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var hello = await Peers.StartHelloAsync(ground);
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var store = await PortalStore.CreateAsync(ground, kind);
            var population = await Population.WriteAsync(ground, store, 10_000, 3000);
            var archive = await NoticeArchive.WriteAsync(ground, store, population, new ArchiveWishes(), await NoticePattern.MakeAsync(ground, kind));
            var pages = new MemberPages(archive);
            await using var portal = await PortalProcess.StartAsync(ground, store);
            var members = await population.LogInAsync(ground, pages.Readers(population), BesideHello.Sessions);
            var (month, year) = await pages.CheckAllAsync(ground, portal, members);
            rows.AddRange(await BesideHello.MeasureAsync(
                ground, hello, portal, kind, members.Requests, new LoadedPage("the month's page", pages.Month, 0.06), new LoadedPage("the year's page", pages.Year, 0.04)));
            await pages.CheckAllAsync(ground, portal, members);
            rows.Add(new Figure("a member's first look at a month, one at a time", kind, Spread.Of(Rounds.Percentile(month, 0.5)), "ms"));
            rows.Add(new Figure("a member's first look at a year, one at a time", kind, Spread.Of(Rounds.Percentile(year, 0.5)), "ms"));
        }

        return rows;
    }
}

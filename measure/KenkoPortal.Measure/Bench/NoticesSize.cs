using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>The month's and the year's page of 医療費通知 with the notices of very many people, beside those of few.</summary>
internal sealed class NoticesSize : IMeasurement
{
    /// <summary>Two years always have a whole one among them.</summary>
    private const int Months = 24;

    public string Name => "notices-size";

    public string Says => "notices of 1,000,000 people in 20 societies against 10,000: p99 of the month's and the year's page";

    public TimeSpan Limit => TimeSpan.FromMinutes(90);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var pattern = await NoticePattern.MakeAsync(ground, kind);
            rows.AddRange(await ManyAgainstFew.CompareAsync(ground, kind, people => OpenAsync(ground, kind, people, pattern)));
        }

        return rows;
    }

    private static async Task<ISide> OpenAsync(Ground ground, DatabaseKind kind, int people, NoticePattern pattern)
    {
        var store = await PortalStore.CreateAsync(ground, kind);
        var population = await Population.WriteAsync(ground, store, people, people * 3 / 10, ManyAgainstFew.Societies);
        var archive = await NoticeArchive.WriteAsync(ground, store, population, new ArchiveWishes(Months, HasClaims: false), pattern);
        var (portal, pages) = (await PortalProcess.StartAsync(ground, store), new MemberPages(archive));
        var members = await population.LogInAsync(ground, pages.Readers(population), BesideHello.Sessions);
        await pages.CheckAllAsync(ground, portal, members);
        return new Side(store, portal, pages, members);
    }

    /// <summary>As many members as the other side has; all of them have seen both pages, for the first look is written down.</summary>
    private sealed record Side(PortalStore Store, PortalProcess Portal, MemberPages Pages, LoggedIn Members) : ISide
    {
        public async Task<IReadOnlyList<Tail>> RunAsync(Ground ground, int seconds) =>
            [new Tail("the month's page", await P99Async(ground, Pages.Month, seconds)), new Tail("the year's page", await P99Async(ground, Pages.Year, seconds))];

        public async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            await Store.DisposeAsync();
        }

        private async Task<double> P99Async(Ground ground, string path, int seconds) =>
            (await new Wrk(ground).RunAsync(Portal.Origin + path, seconds, ManyAgainstFew.Readers, Members.Requests, ManyAgainstFew.Look)).P99;
    }
}

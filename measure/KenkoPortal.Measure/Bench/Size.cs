using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// Whether a portal of a million people answers as one of ten thousand does: both have twenty societies and the same load, in turns,
/// and only the number of people differs.
/// </summary>
internal sealed class Size : IMeasurement
{
    private const int Societies = 20;
    private const int Small = 10_000;
    private const int Readers = 4;
    private const int Clients = 2;

    /// <summary>Milliseconds that a reader looks at a page: the times are the portal's, not those of a queue before it.</summary>
    private const int Look = 5;

    public string Name => "size";

    public string Says => "1,000,000 people and 300,000 accounts in 20 societies against 10,000: p99 of the login page, login and Home";

    public TimeSpan Limit => TimeSpan.FromMinutes(40);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var large = ground.Pick(100_000, 1_000_000);
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            await using var small = await OpenAsync(ground, kind, Small);
            await using var big = await OpenAsync(ground, kind, large);
            foreach (var side in new[] { small, big })
            {
                await side.RunAsync(ground, ground.Pick(3, 6));
            }

            var rounds = await Rounds.InTurnsAsync(
                ground, ground.Pick(3, 7), () => small.RunAsync(ground, ground.Pick(4, 10)), () => big.RunAsync(ground, ground.Pick(4, 10)));
            var name = large == 1_000_000 ? "1,000,000 people against 10,000" : "100,000 people against 10,000";
            foreach (var (what, value) in new (string, Func<Times, double>)[] { ("the login page", t => t.LoginPage), ("login", t => t.Login), ("Home", t => t.Home) })
            {
                rows.Add(new Figure($"{name}, p99 of {what}", kind, rounds[1].Of(value).Over(rounds[0].Of(value)), "×", Bound.AtMost(1.2)));
                rows.Add(new Figure($"p99 of {what} with the many", kind, rounds[1].Of(value), "ms"));
            }
        }

        return rows;
    }

    private static async Task<Side> OpenAsync(Ground ground, DatabaseKind kind, int people)
    {
        var store = await PortalStore.CreateAsync(ground, kind);
        var population = await Population.WriteAsync(ground, store, people, people * 3 / 10, Societies);
        return new Side(store, await PortalProcess.StartAsync(ground, store), population, await population.HostsAsync(ground));
    }

    /// <summary>p99 in milliseconds.</summary>
    private sealed record Times(double LoginPage, double Login, double Home);

    private sealed record Side(PortalStore Store, PortalProcess Portal, Population Population, string Hosts) : IAsyncDisposable
    {
        /// <summary>A tenth of the accounts are logged in, at most what a client can hold at hand.</summary>
        public async Task<Times> RunAsync(Ground ground, int seconds)
        {
            var wrk = new Wrk(ground);
            var page = await wrk.RunAsync(Portal.Origin + "/login", seconds, Readers, Hosts, Look);
            var requests = await Population.LogInAsync(ground, Math.Min(Population.Accounts.Count / 10, 20_000));
            var home = await wrk.RunAsync(Portal.Origin + "/", seconds, Readers, requests, Look);
            await Bench.Home.CheckAsync(ground, Portal, requests);
            File.Delete(requests);
            var logins = await new Logins(Portal, Population).RunAsync(Clients, TimeSpan.FromSeconds(seconds), ground.Cancellation);
            return new Times(page.P99, logins.P99, home.P99);
        }

        public async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            await Store.DisposeAsync();
        }
    }
}

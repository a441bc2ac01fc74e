using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>The login page, login and Home with very many people, beside few.</summary>
internal sealed class Size : IMeasurement
{
    private const int Clients = 2;

    /// <summary>Members who look at Home, on either side: all accounts of the few.</summary>
    private const int SignedIn = 3_000;

    public string Name => "size";

    public string Says => "1,000,000 people and 300,000 accounts in 20 societies against 10,000: p99 of the login page, login and Home";

    public TimeSpan Limit => TimeSpan.FromMinutes(40);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            rows.AddRange(await ManyAgainstFew.CompareAsync(ground, kind, async people =>
            {
                var store = await PortalStore.CreateAsync(ground, kind);
                var population = await Population.WriteAsync(ground, store, people, people * 3 / 10, ManyAgainstFew.Societies);
                var members = await population.LogInAsync(ground, SignedIn);
                await store.SettleAsync();
                return new Side(store, await PortalProcess.StartAsync(ground, store), population, members, await population.HostsAsync(ground));
            }));
        }

        return rows;
    }

    private sealed record Side(PortalStore Store, PortalProcess Portal, Population Population, LoggedIn Members, string Hosts) : ISide
    {
        public async Task<IReadOnlyList<Tail>> RunAsync(Ground ground, int seconds)
        {
            var wrk = new Wrk(ground);
            var page = await wrk.RunAsync(Portal.Origin + "/login", seconds, ManyAgainstFew.Readers, Hosts, ManyAgainstFew.Look);
            await Members.CheckAsync(ground, Portal, "/");
            var home = await wrk.RunAsync(Portal.Origin + "/", seconds, ManyAgainstFew.Readers, Members.Requests, ManyAgainstFew.Look);
            await Members.CheckAsync(ground, Portal, "/");
            var logins = await new Logins(Portal, Population).RunAsync(Clients, TimeSpan.FromSeconds(seconds), ground.Cancellation);
            return [new Tail("the login page", page.P99), new Tail("login", logins.P99), new Tail("Home", home.P99)];
        }

        public async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            await Store.DisposeAsync();
        }
    }
}

using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>The login page, which everybody sees first, beside a bare Kestrel and the stock template's login page.</summary>
internal sealed class LoginPage : IMeasurement
{
    private const int Connections = 16;

    public string Name => "login-page";

    public string Says => "GET /login against a bare Kestrel hello and the stock template's login page";

    public TimeSpan Limit => TimeSpan.FromMinutes(20);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var (hello, template) = (await Peers.StartHelloAsync(ground), await Peers.StartTemplateAsync(ground));
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var store = await PortalStore.CreateAsync(ground, kind);
            await using var portal = await PortalProcess.StartAsync(ground, store);
            string[] urls = kind is DatabaseKind.Sqlite ? [hello, portal.Origin + "/login", template] : [hello, portal.Origin + "/login"];
            var loads = await LoadAsync(ground, urls);
            var rates = loads.Select(rounds => rounds.Of(load => load.PerSecond)).ToList();
            rows.Add(new Figure("GET /login, against hello", kind, rates[1].Over(rates[0]), "×", Bound.AtLeast(0.12)));
            if (rates.Count > 2)
            {
                rows.Add(new Figure("GET /login, against the stock template", kind, rates[1].Over(rates[2]), "×", Bound.AtLeast(4)));
                rows.Add(new Figure("the stock template's login page", kind, rates[2], "/s"));
                rows.Add(new Figure("hello", null, rates[0], "/s"));
            }

            rows.Add(new Figure("GET /login", kind, rates[1], "/s"));
            rows.Add(new Figure("GET /login, p99", kind, loads[1].Of(load => load.P99), "ms"));
        }

        return rows;
    }

    /// <summary>Loads the URLs in turns, after each was warm: the runtime compiles what is called often a second time.</summary>
    private static async Task<IReadOnlyList<IReadOnlyList<Load>>> LoadAsync(Ground ground, string[] urls)
    {
        var wrk = new Wrk(ground);
        foreach (var url in urls)
        {
            await wrk.RunAsync(url, BesideHello.WarmSeconds, Connections);
        }

        return await Rounds.InTurnsAsync(
            ground, ground.Pick(3, 5), [.. urls.Select(url => (Func<Task<Load>>)(() => wrk.RunAsync(url, ground.Pick(3, 8), Connections)))]);
    }
}

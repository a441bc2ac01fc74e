using System.Net;
using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>The first page after login, of many members in turns, beside a bare Kestrel.</summary>
internal sealed class Home : IMeasurement
{
    private const int Connections = 16;
    private const int Sessions = 1000;

    public string Name => "home";

    public string Says => "the signed-in Home of 1,000 members in turns, against a bare Kestrel hello";

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var hello = await Peers.StartHelloAsync(ground);
        var wrk = new Wrk(ground);
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var store = await PortalStore.CreateAsync(ground, kind);
            var population = await Population.WriteAsync(ground, store, 10_000, 3000);
            await using var portal = await PortalProcess.StartAsync(ground, store);
            var requests = await population.LogInAsync(ground, Sessions);
            await CheckAsync(ground, portal, requests);
            await wrk.RunAsync(hello, ground.Pick(2, 5), Connections);
            await wrk.RunAsync(portal.Origin + "/", ground.Pick(4, 8), Connections, requests);
            var loads = await Rounds.InTurnsAsync(
                ground,
                ground.Pick(3, 5),
                () => wrk.RunAsync(hello, ground.Pick(3, 8), Connections),
                () => wrk.RunAsync(portal.Origin + "/", ground.Pick(3, 8), Connections, requests));
            await CheckAsync(ground, portal, requests);
            var rates = loads.Select(rounds => rounds.Of(load => load.PerSecond)).ToList();
            rows.Add(new Figure("signed-in Home, against hello", kind, rates[1].Over(rates[0]), "×", Bound.AtLeast(0.08)));
            rows.Add(new Figure("signed-in Home", kind, rates[1], "/s"));
            rows.Add(new Figure("signed-in Home, p99", kind, loads[1].Of(load => load.P99), "ms"));
        }

        return rows;
    }

    /// <summary>wrk takes the way to the login for an answer like any other: so the sessions are tried before and after.</summary>
    internal static async Task CheckAsync(Ground ground, PortalProcess portal, string requests)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(portal.Origin) };
        var lines = await File.ReadAllLinesAsync(requests, ground.Cancellation);
        foreach (var line in lines.Where((_, i) => i % Math.Max(1, lines.Length / 100) == 0))
        {
            var parts = line.Split(' ', 2);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Host = parts[0];
            request.Headers.Add("Cookie", parts[1]);
            using var answer = await client.SendAsync(request, ground.Cancellation);
            if (answer.StatusCode is not HttpStatusCode.OK)
            {
                throw new MeasureException($"Home answers a session {(int)answer.StatusCode}");
            }
        }
    }
}

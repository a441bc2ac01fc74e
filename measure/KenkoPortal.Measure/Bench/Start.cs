using System.Globalization;
using System.Net;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;

namespace KenkoPortal.Measure.Bench;

/// <summary>From the start of the process to the first page, and the memory of a portal at rest and at work.</summary>
internal sealed class Start : IMeasurement
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name => "start";

    public string Says => "start to first page; memory idle, and under load";

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var store = await PortalStore.CreateAsync(ground, kind);
            var population = await Population.WriteAsync(ground, store, 10_000, 3000);
            var starts = await Rounds.InTurnsAsync(ground, ground.Pick(5, 9), () => StartAsync(ground, store));
            rows.Add(new Figure("start to the first page", kind, new Spread(starts[0]), "ms", Bound.AtMost(700)));
            var memory = await Rounds.InTurnsAsync(ground, 3, () => RestAndWorkAsync(ground, store, population));
            rows.Add(new Figure("memory idle", kind, memory[0].Of(m => m.Idle), "MiB", Bound.AtMost(100)));
            rows.Add(new Figure("memory idle, without the mapped files of program and runtime", kind, memory[0].Of(m => m.Own), "MiB"));
            rows.Add(new Figure("memory under load, its peak", kind, memory[0].Of(m => m.Peak), "MiB", Bound.AtMost(200)));
        }

        return rows;
    }

    /// <returns>Milliseconds from the start of the process to the whole first page.</returns>
    private static async Task<double> StartAsync(Ground ground, PortalStore store)
    {
        var port = PortalProcess.FreePort();
        await using var child = PortalProcess.Launch(ground, store, new PortalWishes(), port, PortalProcess.FreePort());
        _ = child.Output.BaseStream.CopyToAsync(Stream.Null);
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
        while (child.Age < Patience && !child.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/login", UriKind.Relative), ground.Cancellation);
                if (answer.StatusCode is HttpStatusCode.OK)
                {
                    var milliseconds = child.Age.TotalMilliseconds;
                    await child.StopAsync();
                    return milliseconds;
                }
            }
            catch (HttpRequestException)
            {
            }

            await Task.Delay(3, ground.Cancellation);
        }

        throw new MeasureException($"the first page did not come: {await File.ReadAllTextAsync(child.ErrorFile, CancellationToken.None)}");
    }

    /// <summary>Ten pages and a rest; then readers, signed-in members and logins together.</summary>
    private static async Task<(double Idle, double Own, double Peak)> RestAndWorkAsync(Ground ground, PortalStore store, Population population)
    {
        await using var portal = await PortalProcess.StartAsync(ground, store);
        using (var browser = new MemberBrowser(portal.Origin, population.Societies[0].Host))
        {
            for (var i = 0; i < 10; i++)
            {
                (await browser.OpenAsync("/login", ground.Cancellation)).Dispose();
            }
        }

        await Task.Delay(TimeSpan.FromSeconds(ground.Pick(5, 20)), ground.Cancellation);
        var (idle, own) = (portal.Child.ResidentKibibytes / 1024.0, portal.Child.OwnKibibytes / 1024.0);
        var members = await population.LogInAsync(ground, 1000);
        await members.CheckAsync(ground, portal, "/");
        var (wrk, seconds) = (new Wrk(ground), ground.Pick(8, 30));
        await Task.WhenAll(
            wrk.RunAsync(portal.Origin + "/login", seconds, 16),
            wrk.RunAsync(portal.Origin + "/", seconds, 16, members.Requests),
            new Logins(portal, population).RunAsync(16, TimeSpan.FromSeconds(seconds), ground.Cancellation));
        await members.CheckAsync(ground, portal, "/");
        return (idle, own, portal.Child.PeakKibibytes / 1024.0);
    }
}

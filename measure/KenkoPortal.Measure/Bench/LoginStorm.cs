using System.Diagnostics;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;

namespace KenkoPortal.Measure.Bench;

/// <summary>Sixteen clients log in without pause while four read the login page.</summary>
internal sealed class LoginStorm : IMeasurement
{
    private const int Clients = 16;
    private const int Readers = 4;

    /// <summary>
    /// A reader looks at a page for this long, in milliseconds. Four who never look take the whole machine themselves, and then share it
    /// with the hashing: that is told beside it, and cannot be both at 90 %.
    /// </summary>
    private const int Look = 20;

    public string Name => "login-storm";

    public string Says => "16 clients log in while 4 read /login: what is left to the readers, and logins against the gate's hashing alone";

    public TimeSpan Limit => TimeSpan.FromMinutes(20);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var store = await PortalStore.CreateAsync(ground, kind);
            var population = await Population.WriteAsync(ground, store, 10_000, 3000);
            await using var portal = await PortalProcess.StartAsync(ground, store);
            rows.AddRange(await MeasureAsync(ground, portal, population));
        }

        return rows;
    }

    private static async Task<List<Row>> MeasureAsync(Ground ground, PortalProcess portal, Population population)
    {
        var (wrk, logins, url) = (new Wrk(ground), new Logins(portal, population), portal.Origin + "/login");
        var seconds = ground.Pick(5, 12);
        await wrk.RunAsync(url, BesideHello.WarmSeconds, Readers);
        await logins.RunAsync(Clients, TimeSpan.FromSeconds(BesideHello.WarmSeconds), ground.Cancellation);
        var hashing = new List<double>();
        var rounds = await Rounds.InTurnsAsync(
            ground,
            ground.Pick(3, 5),
            async () => new Turn(await wrk.RunAsync(url, seconds, Readers, pause: Look), null),
            async () => await StormAsync(Look),
            async () => new Turn(await wrk.RunAsync(url, seconds, Readers), null),
            async () => await StormAsync(0),
            async () =>
            {
                hashing.Add(await HashAsync(ground, seconds));
                return new Turn(null, null);
            });
        var (quiet, storm, greedyQuiet, greedyStorm, gate) = (rounds[0], rounds[1], rounds[2], rounds[3], new Spread(hashing));
        var kind = population.Kind;
        return
        [
            new Figure("readers during the storm, of their quiet rate", kind, storm.Of(Rate).Over(quiet.Of(Rate)), "×", Bound.AtLeast(0.9)),
            new Figure("readers during the storm, p99", kind, storm.Of(t => t.Read!.P99), "ms", Bound.AtMost(10)),
            new Figure("logins, of the gate's hashing alone", kind, storm.Of(Logged).Over(gate), "×", Bound.AtLeast(0.9)),
            new Figure("logins during the storm", kind, storm.Of(Logged), "/s"),
            new Figure("logins during the storm, p99", kind, storm.Of(t => t.Logins!.P99), "ms"),
            new Figure("the gate's hashing alone", null, gate, "/s"),
            new Figure("readers without a pause, of their quiet rate", kind, greedyStorm.Of(Rate).Over(greedyQuiet.Of(Rate)), "×"),
            new Figure("readers without a pause during the storm, p99", kind, greedyStorm.Of(t => t.Read!.P99), "ms"),
            new Figure("logins beside readers without a pause, of the gate's hashing alone", kind, greedyStorm.Of(Logged).Over(gate), "×"),
        ];

        async Task<Turn> StormAsync(int pause)
        {
            // The storm begins before the readers and ends after them; logins count that ended while they read.
            var storming = logins.RunAsync(Clients, TimeSpan.FromSeconds(seconds + 2), ground.Cancellation);
            await Task.Delay(TimeSpan.FromSeconds(1), ground.Cancellation);
            var begun = Stopwatch.GetTimestamp();
            var read = await wrk.RunAsync(url, seconds, Readers, pause: pause);
            var ended = Stopwatch.GetTimestamp();
            return new Turn(read, (await storming).Between(begun, ended));
        }
    }

    private static double Rate(Turn turn) => turn.Read!.PerSecond;

    private static double Logged(Turn turn) => turn.Logins!.PerSecond;

    /// <summary>Hashes through a gate as the portal's, with as many at once as there are clients, and nothing else.</summary>
    private static async Task<double> HashAsync(Ground ground, int seconds)
    {
        var gate = new HashingGate();
        var hashing = new PasswordHashing(gate);
        var stored = await hashing.HashAsync(Population.Password, ground.Cancellation);
        var (count, begun) = (0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(seconds))
            {
                await hashing.VerifyAsync(stored, Population.Password, ground.Cancellation);
                Interlocked.Increment(ref count);
            }
        }));
        return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private sealed record Turn(Load? Read, LoginLoad? Logins);
}

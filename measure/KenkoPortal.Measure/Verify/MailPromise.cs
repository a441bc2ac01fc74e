using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>Mail is sent at least once: the portal is killed right after the relay's 250 is on the wire and before the mail is marked as sent.</summary>
internal sealed class MailPromise : IMeasurement
{
    /// <summary>Longer than the lease of a sender that was killed, which runs out after half a minute.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(75);

    public string Name => "mail";

    public string Says => "kill -9 between the relay's 250 and the mark: 0 lost, at most one duplicate a kill, the same bytes";

    public TimeSpan Limit => TimeSpan.FromHours(2);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var (mails, kills) = (ground.Pick(20_000, 100_000) / ground.Databases.Count, ground.Pick(8, 200) / ground.Databases.Count);
        return await Task.WhenAll(ground.Databases.Select(kind => SendAsync(ground, kind, mails, kills)));
    }

    private static async Task<Row> SendAsync(Ground ground, DatabaseKind kind, int mails, int kills)
    {
        var stage = await Stage.SetAsync(ground, kind);
        var notices = new Notices(stage);
        await notices.QueueAsync(mails);
        var numbers = new Seeded(0x6D61696C);
        var victims = new HashSet<int>();
        while (victims.Count < kills)
        {
            // Not the very last ones: a killed sender's batch waits for its lease.
            victims.Add(1 + numbers.Next(mails * 9 / 10));
        }

        using var killed = new SemaphoreSlim(0);
        stage.Relay.Delay = number => victims.Contains(number) ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero;
        stage.Relay.AfterAnswer = (number, _) =>
        {
            if (victims.Contains(number))
            {
                stage.Portal.Kill();
                killed.Release();
            }
        };
        var startedAt = Stopwatch.GetTimestamp();
        await stage.StartAsync();
        var done = 0;
        var (seen, seenAt) = (-1, startedAt);
        while (stage.Relay.Distinct < mails && Stopwatch.GetElapsedTime(seenAt) < Standstill)
        {
            if (await killed.WaitAsync(TimeSpan.FromSeconds(1), ground.Cancellation))
            {
                await stage.KillAsync();
                await stage.StartAsync();
                done++;
            }

            (seen, seenAt) = stage.Relay.Distinct == seen ? (seen, seenAt) : (stage.Relay.Distinct, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(startedAt).TotalSeconds % 20 < 1)
            {
                ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{Outcome.NameOf(kind)}: {stage.Relay.Distinct} of {mails} mails, {done} kills"));
            }
        }

        var took = Stopwatch.GetElapsedTime(startedAt);
        await stage.UntilAsync(TimeSpan.FromSeconds(60), async () => await notices.WaitingAsync() == 0);
        var (taken, lost, duplicated, corrupt) = notices.Compare();
        var halves = await notices.WaitingAsync();
        await stage.StopAsync();
        return new Outcome(string.Create(CultureInfo.InvariantCulture, $"{mails:#,##0} mails of the slow lane, {done} kills between 250 and mark"), kind, taken, lost, duplicated, corrupt)
        {
            MostDuplicated = done,
            And = string.Create(CultureInfo.InvariantCulture, $"in {took.TotalSeconds:F0} s, restarts and leases included"),
            Broken = halves == 0 ? [] : [$"{halves} were taken by the relay and never marked"],
        };
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Core.Common;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Measure.Verify;

/// <summary>Fifty empty mails a second for ten minutes: each one that was said 250 to is exactly one ask on disk, and is decided.</summary>
internal sealed class IntakePromise : IMeasurement
{
    private const int MailsPerSecond = 50;

    /// <summary>For the last bursts.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    public string Name => "intake";

    public string Says => "smtp-source, 50 mails a second for 10 minutes: each 250 is exactly one decision on disk";

    public TimeSpan Limit => TimeSpan.FromMinutes(60);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        // Side by side: the runs mostly wait.
        return await Task.WhenAll(ground.Databases.Select(async kind => Tool.Exists("smtp-source")
            ? await TakeAsync(ground, kind)
            : Remark.Skipped("50 mails a second", kind, "smtp-source (Postfix) is not installed")));
    }

    private static async Task<Row> TakeAsync(Ground ground, DatabaseKind kind)
    {
        var stage = await Stage.SetAsync(ground, kind);
        // Ten minutes of it are more than an hour's cap, and what is over it would wait.
        await stage.Store.CommandAsync("society", "set", PortalStore.SocietyKey, "mail-asks-per-hour=1000000");
        await stage.StartAsync();
        var seconds = ground.Pick(15, 600);
        var startedAt = Stopwatch.GetTimestamp();
        var acked = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var bursts = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        for (var second = 0; second < seconds; second++)
        {
            bursts.Add(BurstAsync(ground, stage, $"burst{second}@phone.test", acked));
            await tick.WaitForNextTickAsync(ground.Cancellation);
            if (second % 30 == 29)
            {
                ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{Outcome.NameOf(kind)}: {second + 1} of {seconds} s"));
            }
        }

        await Task.WhenAll(bursts);
        var took = Stopwatch.GetElapsedTime(startedAt);
        var answers = await Answers.FollowAsync(stage, ground.Cancellation);
        await stage.StopAsync();
        var (lost, duplicated, refused) = (0L, 0L, acked.Count(a => !a.Value));
        foreach (var (sender, isAcked) in acked)
        {
            var mac = stage.Keys.Mac(KeyPurpose.CanonicalAddress, EmailAddress.Parse(sender).Canonical);
            var there = await stage.ReadAsync(db => db.MailAsks.CountAsync(a => a.CanonicalMac == mac, ground.Cancellation));
            // Of a burst that broke off nobody knows how many were said 250 to.
            lost += isAcked ? Math.Max(0, MailsPerSecond - there) : 0;
            duplicated += Math.Max(0, there - MailsPerSecond);
        }

        var halves = await stage.ReadAsync(db => Halves.CountAsync(db, ground.Cancellation));
        return new Outcome($"{MailsPerSecond} empty mails a second for {seconds} s", kind, (long)MailsPerSecond * (acked.Count - refused), lost + answers.Lost, duplicated + answers.Duplicated, halves.Values.Sum() + answers.Corrupt)
        {
            And = string.Create(CultureInfo.InvariantCulture, $"the last burst ended after {took.TotalSeconds:F0} s; each decided once, {answers.Sent} answered"),
            Broken =
            [
                .. answers.Broken,
                .. refused > 0 ? [$"{refused} bursts broke off"] : Array.Empty<string>(),
                .. took.TotalSeconds > seconds + Slack.TotalSeconds ? ["it did not keep pace"] : Array.Empty<string>(),
            ],
        };
    }

    private static async Task BurstAsync(Ground ground, Stage stage, string sender, ConcurrentDictionary<string, bool> acked)
    {
        var ended = await Child.RunAsync(
            ground,
            ["smtp-source", "-s", "10", "-m", MailsPerSecond.ToString(CultureInfo.InvariantCulture), "-f", sender, "-t", PortalStore.RegistrationAddress, stage.Surfer.SmtpEndpoint],
            TimeSpan.FromSeconds(60));
        acked[sender] = ended.ExitCode == 0;
    }
}

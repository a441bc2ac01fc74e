using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Design.Fields;
using KenkoPortal.Measure.Support;
using KenkoPortal.Members.Web.Pages;
using KenkoPortal.Members.Web.Pages.Register;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>Account mails leave within ten seconds while twenty thousand of the slow lane drain.</summary>
internal sealed class LanesPromise : IMeasurement
{
    private const int Backlog = 20_000;
    private const double Share = 0.95;
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    public string Name => "lanes";

    public string Says => "account mails leave in 10 s (95 %) while 20,000 mails of the slow lane drain";

    public TimeSpan Limit => TimeSpan.FromMinutes(40);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            rows.Add(await DrainAsync(ground, kind));
        }

        return rows;
    }

    private static async Task<Row> DrainAsync(Ground ground, DatabaseKind kind)
    {
        var stage = await Stage.SetAsync(ground, kind);
        var notices = new Notices(stage);
        await notices.QueueAsync(Backlog);
        await stage.StartAsync();
        var startedAt = Stopwatch.GetTimestamp();
        var asked = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var refused = 0;
        var most = ground.Pick(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(30));
        for (var i = 0; stage.Relay.Distinct - asked.Count < Backlog && Stopwatch.GetElapsedTime(startedAt) < most; i++)
        {
            var address = $"ask{i}@visitor.test";
            var page = await stage.Surfer.Browser().OpenAsync(PageRoutes.Register);
            var sent = await page.PressAsync(RegisterText.Send, (FieldText.Address, address));
            if (sent.Heading == RegisterText.SentTitle)
            {
                asked[address] = Stopwatch.GetTimestamp();
            }
            else
            {
                refused++;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ground.Cancellation);
        }

        var drained = stage.Relay.Mails.Count(m => m.Recipient.StartsWith("notice", StringComparison.Ordinal));
        await stage.UntilAsync(TimeSpan.FromSeconds(30), () => Task.FromResult(asked.Keys.All(address => stage.Relay.To(address) is not null)));
        await stage.StopAsync();
        var times = new Times();
        foreach (var (address, at) in asked)
        {
            if (stage.Relay.To(address) is { } mail)
            {
                // It may have left before the page had told.
                times.Add(mail.At > at ? Stopwatch.GetElapsedTime(at, mail.At) : TimeSpan.Zero);
            }
        }

        var lost = asked.Keys.Count(address => stage.Relay.To(address) is null);
        var late = times.Count > 0 ? times.At(Share) : double.PositiveInfinity;
        var slow = notices.Compare();
        // --quick looks for ten seconds.
        var least = ground.Pick(Backlog / 20, Backlog);
        return new Outcome($"{asked.Count} account mails while {Backlog:#,##0} of the slow lane drain", kind, times.Count, lost, slow.Duplicated, slow.Corrupt)
        {
            And = string.Create(CultureInfo.InvariantCulture, $"95 % in {Times.Of(late)}, {times}; {drained} of the slow lane left meanwhile"),
            Broken =
            [
                .. late <= Most.TotalMilliseconds ? [] : new[] { $"95 % took {Times.Of(late)}" },
                .. drained >= least ? [] : new[] { $"of the slow lane {drained} left, {least} at least were expected" },
                .. refused == 0 ? [] : new[] { $"{refused} asks were refused" },
            ],
        };
    }
}

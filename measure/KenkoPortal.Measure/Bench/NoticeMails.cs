using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// A month is published, its mails are queued by their job and drain into Postfix's smtp-sink while members ask for new passwords: how many a second
/// leave, counted from when the first was queued, and how soon the members' mails do.
/// </summary>
internal sealed partial class NoticeMails : IMeasurement
{
    /// <summary>Months whose mails are not queued yet, and mails of notices that wait.</summary>
    private const string Undone = """
        SELECT (SELECT count(*) FROM "Publications" WHERE "State" = 'Published' AND "MailedAt" IS NULL) + (SELECT count(*) FROM "OutboxMails" WHERE "Lane" = 'Notice' AND "SentAt" IS NULL)
        """;

    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(250);

    public string Name => "notice-mails";

    public string Says => "20,000 mails of a published month to smtp-sink, and the account mails that leave meanwhile";

    public TimeSpan Limit => TimeSpan.FromMinutes(30);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var rounds = (await Rounds.InTurnsAsync(ground, 3, () => DrainAsync(ground, kind)))[0];
            rows.Add(new Figure(string.Create(CultureInfo.InvariantCulture, $"{rounds[0].Told:#,##0} mails of a published month to a sink"), kind, rounds.Of(r => r.Told / r.Seconds), "/s", Bound.AtLeast(200)));
            rows.Add(new Figure("account mails meanwhile, p95 from ask to handed over", kind, rounds.Of(r => Rounds.Percentile(r.Waits, 0.95)), "s", Bound.AtMost(10)));
        }

        return rows;
    }

    private static async Task<Drained> DrainAsync(Ground ground, DatabaseKind kind)
    {
        await using var store = await PortalStore.CreateAsync(ground, kind);
        var (population, told) = await PublishAsync(ground, store);
        await using var sink = Sink.Open(ground);
        await using var portal = await PortalProcess.StartAsync(ground, store, new PortalWishes { RelayPort = sink.Port });
        var asked = await AskAsync(ground, store, portal, population);
        await portal.StopAsync();
        var taken = await sink.CloseAsync();
        var notices = await SentAsync(ground, store, MailLane.Notice);
        var waits = await WaitsAsync(ground, store);
        if (!notices.Select(m => m.Address).Order(StringComparer.Ordinal).SequenceEqual(told.Order(StringComparer.Ordinal), StringComparer.Ordinal) || waits.Count < asked)
        {
            throw new MeasureException($"{told.Count} members had to be told and {notices.Count} were, or others; {asked} asked and {waits.Count} mails left");
        }

        return taken == notices.Count + waits.Count
            ? new Drained(told.Count, (notices.Max(m => m.SentAt) - notices.Min(m => m.QueuedAt)).TotalSeconds, waits)
            : throw new MeasureException($"{notices.Count + waits.Count} mails are marked as sent, and the sink took {taken}");
    }

    /// <summary>Writes three months of notices and publishes the newest, which was computed only.</summary>
    /// <returns>Everybody, and the addresses of those who must be told.</returns>
    private static async Task<(Population Population, IReadOnlyList<string> Told)> PublishAsync(Ground ground, PortalStore store)
    {
        var people = ground.Pick(6000, 40_000);
        var population = await Population.WriteAsync(ground, store, people, people);
        var archive = await NoticeArchive.WriteAsync(
            ground, store, population, new ArchiveWishes(Months: 3, NewestIsDraft: true), await NoticePattern.MakeAsync(ground, store.Kind));
        var day = JapanTime.DateOf(TimeProvider.System.GetUtcNow()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await store.CommandAsync("notices", "publish", "--month", archive.Newest.ToString(), "--on", day);
        return (population, [.. population.Accounts.Where(a => archive.HasNotice(a.PersonId, archive.Newest)).Select(a => a.Address)]);
    }

    /// <summary>A member asks for a new password every quarter of a second until the slow lane is empty and their mails are out.</summary>
    /// <returns>How many asked.</returns>
    private static async Task<int> AskAsync(Ground ground, PortalStore store, PortalProcess portal, Population population)
    {
        var asked = 0;
        while (true)
        {
            if (asked < population.Accounts.Count && await store.CountAsync(Undone) > 0)
            {
                using var browser = new MemberBrowser(portal.Origin, population.Societies[0].Host);
                var address = population.Accounts[asked].Address;
                var (status, _) = await browser.FillAsync("/reissue", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Address"] = address }, ground.Cancellation);
                if (status is not (HttpStatusCode.OK or HttpStatusCode.SeeOther))
                {
                    throw new MeasureException($"an ask was answered {(int)status}");
                }

                asked++;
            }
            else if (await store.CountAsync("""SELECT (SELECT count(*) FROM "OutboxMails" WHERE "SentAt" IS NULL) + (SELECT count(*) FROM "MailAsks" WHERE "DecidedAt" IS NULL)""") == 0)
            {
                return asked;
            }

            await Task.Delay(BetweenAsks, ground.Cancellation);
        }
    }

    /// <summary>Seconds from each ask to the relay's 250. The ask itself forgets its address; its mail is queued when it is decided, and counts from the ask.</summary>
    private static async Task<List<double>> WaitsAsync(Ground ground, PortalStore store)
    {
        var mails = await SentAsync(ground, store, MailLane.Account);
        await using var scope = store.Services.GetRequiredService<SocietyScopes>().Open(await store.SocietyAsync(), _ => { });
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        var asks = await db.MailAsks.AsNoTracking().OrderBy(a => a.AskedAt).Select(a => a.AskedAt).ToListAsync(ground.Cancellation);
        return [.. mails.Zip(asks, (mail, ask) => (mail.SentAt - ask).TotalSeconds)];
    }

    /// <summary>The mails of a lane that were handed over, as they were queued.</summary>
    private static async Task<List<SentMail>> SentAsync(Ground ground, PortalStore store, MailLane lane)
    {
        await using var scope = store.Services.GetRequiredService<SocietyScopes>().Open(await store.SocietyAsync(), _ => { });
        return await scope.ServiceProvider.GetRequiredService<PortalContext>().OutboxMails.AsNoTracking()
            .Where(m => m.Lane == lane && m.SentAt != null).OrderBy(m => m.QueuedAt).Select(m => new SentMail(m.ToAddress, m.QueuedAt, m.SentAt!.Value)).ToListAsync(ground.Cancellation);
    }

    private sealed record SentMail(string Address, DateTimeOffset QueuedAt, DateTimeOffset SentAt);

    /// <param name="Told">Mails of the month.</param>
    /// <param name="Seconds">From the first that was queued to the last that was handed over.</param>
    /// <param name="Waits">Of the account mails, in seconds.</param>
    private sealed record Drained(int Told, double Seconds, IReadOnlyList<double> Waits);

    /// <summary>Postfix's smtp-sink.</summary>
    private sealed partial class Sink : IAsyncDisposable
    {
        private readonly Child _child;
        private readonly Task<string> _counting;

        private Sink(Child child, int port)
        {
            (_child, Port) = (child, port);
            _counting = child.Output.ReadToEndAsync(CancellationToken.None);
        }

        public int Port { get; }

        public static Sink Open(Ground ground)
        {
            var port = PortalProcess.FreePort();
            string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
            return new Sink(Child.Start(ground, ["smtp-sink", .. user, "-c", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "200"]), port);
        }

        /// <returns>Messages that it took, by its own count.</returns>
        public async Task<int> CloseAsync()
        {
            _child.Signal("TERM");
            return Messages().Matches(await _counting) is { Count: > 0 } told ? int.Parse(told[^1].Groups["count"].Value, CultureInfo.InvariantCulture) : 0;
        }

        public ValueTask DisposeAsync() => _child.DisposeAsync();

        /// <summary>It tells its counters again whenever one changes.</summary>
        [GeneratedRegex("mesg=(?<count>[0-9]+)", RegexOptions.ExplicitCapture, 10_000)]
        private static partial Regex Messages();
    }
}

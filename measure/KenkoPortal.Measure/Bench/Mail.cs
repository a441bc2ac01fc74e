using System.Globalization;
using System.Net;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Societies;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// The slow lane drains many mails into Postfix's smtp-sink while members ask for new passwords: how many a second leave, and how
/// soon the members' mails do. Before there are notices the slow lane's mails are synthetic: the mail after registration, under the lane of notices.
/// </summary>
internal sealed class Mail : IMeasurement
{
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(250);

    public string Name => "mail";

    public string Says => "20,000 mails of the slow lane to smtp-sink, and the account mails that leave meanwhile";

    public TimeSpan Limit => TimeSpan.FromMinutes(30);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            rows.AddRange(await DrainAsync(ground, kind));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<Row>> DrainAsync(Ground ground, DatabaseKind kind)
    {
        var mails = ground.Pick(3000, 20_000);
        var sink = PortalProcess.FreePort();
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        await using var sinking = Child.Start(ground, ["smtp-sink", .. user, "-c", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{sink}"), "200"]);
        var counting = sinking.Output.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        var store = await PortalStore.CreateAsync(ground, kind);
        var population = await Population.WriteAsync(ground, store, 10_000, 3000);
        await QueueAsync(ground, store, population, mails);
        await using var portal = await PortalProcess.StartAsync(ground, store, new PortalWishes { RelayPort = sink });
        var begun = TimeProvider.System.GetTimestamp();
        var asked = await AskAsync(ground, store, portal, population);
        var seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        await portal.StopAsync();
        sinking.Signal("TERM");
        await counting;
        var waits = await WaitsAsync(ground, store);
        if (waits.Count < asked)
        {
            throw new MeasureException($"{asked} members asked and {waits.Count} mails left");
        }

        return
        [
            new Figure("mails of the slow lane to a sink", kind, Spread.Of(mails / seconds), "/s"),
            new Figure("account mails while the slow lane drains, p95 from ask to handed over", kind, Spread.Of(Rounds.Percentile(waits, 0.95)), "s", Bound.AtMost(10)),
        ];
    }

    private static async Task QueueAsync(Ground ground, PortalStore store, Population population, int mails)
    {
        await using var scope = store.Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        var now = TimeProvider.System.GetUtcNow();
        var rows = Enumerable.Range(0, mails).Select(i => new OutboxMail
        {
            SocietyId = population.Societies[0].Id,
            Lane = MailLane.Notice,
            Template = RegisteredMail.TemplateName,
            ToAddress = population.Accounts[i % population.Accounts.Count].Address,
            AccountId = population.Accounts[i % population.Accounts.Count].Id,
            QueuedAt = now,
            NextAttemptAt = now,
        });
        await using var connection = await store.OpenAsync();
        await BulkLoad.WriteAsync(connection, [BulkLoad.Of(scope.ServiceProvider.GetRequiredService<PortalContext>(), rows)], ground.Cancellation);
        await store.SettleAsync();
    }

    /// <summary>A member asks for a new password every quarter of a second until the slow lane is empty and their mails are out.</summary>
    /// <returns>How many asked.</returns>
    private static async Task<int> AskAsync(Ground ground, PortalStore store, PortalProcess portal, Population population)
    {
        var asked = 0;
        while (true)
        {
            if (asked < population.Accounts.Count && await store.CountAsync("""SELECT count(*) FROM "OutboxMails" WHERE "Lane" = 'Notice' AND "SentAt" IS NULL""") > 0)
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
        await using var scope = store.Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        var mails = await db.OutboxMails.IgnoreQueryFilters([PortalContext.SocietyFilter]).AsNoTracking()
            .Where(m => m.Lane == MailLane.Account && m.SentAt != null).OrderBy(m => m.QueuedAt).Select(m => new { m.QueuedAt, m.SentAt }).ToListAsync(ground.Cancellation);
        var asks = await db.MailAsks.IgnoreQueryFilters([PortalContext.SocietyFilter]).AsNoTracking().OrderBy(a => a.AskedAt).Select(a => a.AskedAt).ToListAsync(ground.Cancellation);
        return [.. mails.Zip(asks, (mail, ask) => (mail.SentAt!.Value - ask).TotalSeconds)];
    }
}

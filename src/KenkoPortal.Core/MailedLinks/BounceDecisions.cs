using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>
/// Counts hard bounces against the address that the mail went to; the address is marked after some (row M10). Where many of a domain come back at once, the relay or the
/// domain is to blame and not its people: then they count against nobody, and the staff address is told (row M11).
/// </summary>
public sealed class BounceDecisions(PortalContext db, UnitOfWork work, AuditTrail audit, Outbox outbox, TimeProvider clock)
{
    /// <summary>Mails of one domain that bounce hard within a day before the rest is looked at.</summary>
    public const int ManyBounces = 20;

    /// <summary>Of the mails that went to the domain within the day.</summary>
    public const int ManyPercent = 30;

    private const int BatchSize = 50;

    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>A bounce comes within minutes, or when the last server gives up; after that a mail has arrived.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromDays(6);

    /// <returns>How many were decided.</returns>
    public Task<int> DecideAsync(CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync("bounces", cancellationToken);
            var now = clock.GetUtcNow();
            var waiting = await db.BounceReports.Where(b => b.DecidedAt == null).OrderBy(b => b.ReceivedAt).Take(BatchSize).ToListAsync(cancellationToken);
            var flooded = new HashSet<string>(StringComparer.Ordinal);
            foreach (var domain in waiting.Where(b => b.IsHard).Select(b => b.Domain).OfType<string>().Distinct(StringComparer.Ordinal).ToList())
            {
                if (await IsFloodedAsync(domain, now, cancellationToken))
                {
                    flooded.Add(domain);
                    await TakeBackAsync(domain, now, cancellationToken);
                }
            }

            foreach (var report in waiting)
            {
                report.DecidedAt = now;
                report.IsHeldBack = report.IsHard && report.Domain is { } domain && flooded.Contains(domain);
                if (report is { IsHard: true, IsHeldBack: false } && !await WasCountedAsync(report, cancellationToken))
                {
                    await CountAsync(report, now, cancellationToken);
                }

                await db.SaveChangesAsync(cancellationToken);
            }

            if (flooded.Count > 0)
            {
                await AlarmAsync(now, cancellationToken);
            }

            return waiting.Count;
        },
        cancellationToken);

    /// <summary>
    /// Ends counts and marks that are old, or that a later mail disproves: one that was sent there and did not come back.
    /// </summary>
    public Task ForgetOldAsync(CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync("bounces", cancellationToken);
            var now = clock.GetUtcNow();
            foreach (var address in await db.AccountMailAddresses.Where(a => a.HardBounces > 0 || a.BouncedAt != null).ToListAsync(cancellationToken))
            {
                var isOld = address.IsBounceOldAt(now);
                if ((isOld || await HasArrivedAsync(address.AccountId, address.AddressKey, address.LastBounceAt, now, cancellationToken)) && address.ForgetBounces())
                {
                    audit.Add(AuditKind.SuppressionLifted, address.AccountId, isOld ? "by=age" : "by=delivery");
                }
            }
        },
        cancellationToken);

    /// <summary>Whether a mail that was sent to the address after its last bounce has long not come back.</summary>
    private async Task<bool> HasArrivedAsync(Guid accountId, string key, DateTimeOffset? lastBounceAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var settled = now - Settled;
        if (lastBounceAt is not { } last || last >= settled)
        {
            return false;
        }

        var sent = await db.OutboxMails.Where(m => m.AccountId == accountId && m.SentAt > last && m.SentAt <= settled && !db.BounceReports.Any(b => b.MailId == m.Id))
            .Select(m => m.ToAddress).ToListAsync(cancellationToken);
        return sent.Exists(to => to.Equals(key, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<bool> IsFloodedAsync(string domain, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - Window;
        var hard = db.BounceReports.Where(b => b.IsHard && b.Domain == domain && b.ReceivedAt > since);
        var bounced = await hard.Select(b => b.MailId).Distinct().CountAsync(cancellationToken);
        if (bounced < ManyBounces || await hard.AnyAsync(b => b.IsHeldBack, cancellationToken))
        {
            return bounced >= ManyBounces;
        }

        var (mails, ending) = (0, "@" + domain);
        await foreach (var to in db.OutboxMails.Where(m => m.SentAt > since || m.FailedAt > since).Select(m => m.ToAddress).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            mails += to.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        }

        return bounced * 100 >= mails * ManyPercent;
    }

    /// <summary>What was counted before it was known that many come back counts no more.</summary>
    private async Task TakeBackAsync(string domain, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - Window;
        var counted = await db.BounceReports
            .Where(b => b.IsHard && !b.IsHeldBack && b.DecidedAt != null && b.Domain == domain && b.ReceivedAt > since).ToListAsync(cancellationToken);
        foreach (var mail in counted.GroupBy(b => b.MailId))
        {
            foreach (var address in await AddressesOfAsync(mail.Key, cancellationToken))
            {
                address.TakeBackBounce(since);
            }

            foreach (var report in mail)
            {
                report.IsHeldBack = true;
            }
        }
    }

    /// <summary>One mail counts once, however often its bounce comes back.</summary>
    private Task<bool> WasCountedAsync(BounceReport report, CancellationToken cancellationToken) =>
        db.BounceReports.AnyAsync(b => b.MailId == report.MailId && b.IsHard && b.Id != report.Id && b.DecidedAt != null, cancellationToken);

    private async Task CountAsync(BounceReport report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var address in await AddressesOfAsync(report.MailId, cancellationToken))
        {
            if (await HasArrivedAsync(address.AccountId, address.AddressKey, address.LastBounceAt, now, cancellationToken))
            {
                address.ForgetBounces();
            }

            address.CountHardBounce(now);
            audit.Add(AuditKind.AddressBounced, address.Id);
        }
    }

    private async Task<List<AccountMailAddress>> AddressesOfAsync(Guid mailId, CancellationToken cancellationToken)
    {
        var mail = await db.OutboxMails.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mailId, cancellationToken);
        if (mail?.AccountId is not { } accountId)
        {
            return [];
        }

        var key = mail.ToAddress.ToLowerInvariant();
        return await db.AccountMailAddresses.Where(a => a.AccountId == accountId && a.AddressKey == key).ToListAsync(cancellationToken);
    }

    /// <summary>Once a day, however long it goes on.</summary>
    private async Task AlarmAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - Window;
        if (await db.AuditEvents.AnyAsync(e => e.Kind == AuditKind.BouncesHeldBack && e.At > since, cancellationToken))
        {
            return;
        }

        audit.Add(AuditKind.BouncesHeldBack);
        if (db.Current.Society.StaffMail is { Length: > 0 } staff)
        {
            outbox.Queue(BounceAlarmMail.TemplateName, staff);
        }
    }
}

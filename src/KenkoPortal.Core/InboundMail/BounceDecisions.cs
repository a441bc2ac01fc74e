using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.InboundMail;

/// <summary>Counts hard bounces against the address that the mail went to; the address is marked after some (row M10).</summary>
public sealed class BounceDecisions(PortalContext db, UnitOfWork work, AuditTrail audit, TimeProvider clock)
{
    private const int BatchSize = 50;

    /// <returns>How many were decided.</returns>
    public Task<int> DecideAsync(CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync("bounces", cancellationToken);
            var now = clock.GetUtcNow();
            var waiting = await db.BounceReports.Where(b => b.DecidedAt == null).OrderBy(b => b.ReceivedAt).Take(BatchSize).ToListAsync(cancellationToken);
            foreach (var report in waiting)
            {
                report.DecidedAt = now;
                if (report.IsHard && !await WasCountedAsync(report, cancellationToken))
                {
                    await CountAsync(report, now, cancellationToken);
                }

                await db.SaveChangesAsync(cancellationToken);
            }

            return waiting.Count;
        },
        cancellationToken);

    /// <summary>One mail counts once, however often its bounce comes back.</summary>
    private Task<bool> WasCountedAsync(BounceReport report, CancellationToken cancellationToken) =>
        db.BounceReports.AnyAsync(b => b.MailId == report.MailId && b.IsHard && b.Id != report.Id && b.DecidedAt != null, cancellationToken);

    private async Task CountAsync(BounceReport report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var mail = await db.OutboxMails.AsNoTracking().SingleOrDefaultAsync(m => m.Id == report.MailId, cancellationToken);
        if (mail?.AccountId is not { } accountId)
        {
            return;
        }

        var key = mail.ToAddress.ToLowerInvariant();
        foreach (var address in await db.AccountMailAddresses.Where(a => a.AccountId == accountId && a.AddressKey == key).ToListAsync(cancellationToken))
        {
            address.CountHardBounce(now);
            audit.Add(AuditKind.AddressBounced, address.Id);
        }
    }
}

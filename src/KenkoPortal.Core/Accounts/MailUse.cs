using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>A mail that is used has arrived: what counted against its address before it was sent counts no more (row M11).</summary>
public sealed class MailUse(PortalContext db, AuditTrail audit)
{
    /// <summary>Inside the transaction of the use. The mailbox is the same whichever account has it.</summary>
    public async Task UsedAsync(Guid mailId, CancellationToken cancellationToken)
    {
        var mail = await db.OutboxMails.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mailId, cancellationToken);
        if (mail?.SentAt is not { } sentAt)
        {
            return;
        }

        var key = mail.ToAddress.ToLowerInvariant();
        foreach (var address in await db.AccountMailAddresses.Where(a => a.AddressKey == key && (a.HardBounces > 0 || a.BouncedAt != null)).ToListAsync(cancellationToken))
        {
            if ((address.LastBounceAt ?? address.BouncedAt) is { } last && last < sentAt && address.ForgetBounces())
            {
                audit.Add(AuditKind.SuppressionLifted, address.AccountId, "by=use");
            }
        }
    }
}

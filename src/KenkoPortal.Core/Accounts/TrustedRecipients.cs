using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>
/// Judges a queued mail once more when it is written: what was chosen from <see cref="PortalContext.TrustedAddresses"/> may have lost its trust since (row Z8).
/// </summary>
public sealed class TrustedRecipients(PortalContext db) : IMailRecipients
{
    public async Task<bool> MayReceiveAsync(OutboxMail mail, CancellationToken cancellationToken)
    {
        if (mail.AccountId is not { } accountId || !EmailAddress.TryParseSetting(mail.ToAddress, out var to))
        {
            return true;
        }

        var key = to.Folded;
        return !await db.MemberAccounts.AnyAsync(
            m => m.Id == accountId
                && (m.WaitsSince != null || db.AccountMailAddresses.Any(a => a.AccountId == m.Id && a.AddressKey == key && a.UntrustedAt != null)),
            cancellationToken);
    }
}

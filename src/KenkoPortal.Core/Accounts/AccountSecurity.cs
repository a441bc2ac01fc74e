using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>What follows from a guarded change, inside the change's own transaction.</summary>
public sealed class AccountSecurity(PortalContext db, Outbox outbox, Sessions sessions, TimeProvider clock)
{
    /// <summary>Ends the account's reissue and confirmation links that are out (row L7).</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="exceptAskedAt">Confirmations that were asked for in one form, at this moment, do not end each other.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task EndMailedLinksAsync(Guid accountId, DateTimeOffset? exceptAskedAt, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var request in await db.ReissueRequests.Where(r => r.AccountId == accountId && r.EndedAt == null).ToListAsync(cancellationToken))
        {
            request.End(now);
        }

        foreach (var confirmation in await db.AddressConfirmations.Where(c => c.AccountId == accountId && c.EndedAt == null && c.AskedAt != exceptAskedAt).ToListAsync(cancellationToken))
        {
            confirmation.End(now);
        }
    }

    /// <summary>A new password: counts back to zero, all devices and other sessions forgotten, links dead, all addresses told.</summary>
    public async Task SetPasswordAsync(MemberAccount account, string hash, CancellationToken cancellationToken)
    {
        account.PasswordHash = hash;
        account.Throttle.Reset();
        await sessions.EndAllAsync(account.Id, except: null, cancellationToken);
        await db.KnownDevices.Where(d => d.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
        await EndMailedLinksAsync(account.Id, exceptAskedAt: null, cancellationToken);
        await TellAllAsync(account.Id, PasswordChangedMail.TemplateName, [], cancellationToken);
    }

    /// <summary>Queues a mail to every confirmed address, and to those that were just removed or added; to none that somebody else may read (row Z8).</summary>
    public async Task TellAllAsync(Guid accountId, string template, IEnumerable<AccountMailAddress> others, CancellationToken cancellationToken)
    {
        var confirmed = await db.TrustedAddresses.AsNoTracking().Where(a => a.AccountId == accountId).Select(a => a.Address).ToListAsync(cancellationToken);
        foreach (var address in confirmed.Concat(others.Where(a => a.IsTrusted).Select(a => a.Address)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            outbox.Queue(template, address, accountId);
        }
    }
}

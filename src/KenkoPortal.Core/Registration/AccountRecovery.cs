using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Registration;

/// <summary>
/// Sets an account anew by a 再設定のご案内: new login ID, password and address. The account stays, and with it notices, hidden lines, what is shared and its history;
/// sessions, devices, links and the older addresses end. It must run inside the registration's unit of work.
/// </summary>
public sealed class AccountRecovery(
    PortalContext db, UnitOfWork work, AuditTrail audit, Outbox outbox, AccountSecurity security, Protection protection, Sessions sessions, TimeProvider clock)
{
    /// <returns>The account; null where it is gone or was suspended.</returns>
    public async Task<Guid?> RecoverAsync(
        Guid personId, RegistrationLink link, LoginId loginId, string passwordHash, string nickname, CancellationToken cancellationToken)
    {
        if (await db.MemberAccounts.Where(a => a.PersonId == personId).Select(a => (Guid?)a.Id).SingleOrDefaultAsync(cancellationToken) is not { } id)
        {
            return null;
        }

        await work.LockAsync<MemberAccount>(id, cancellationToken);
        var (now, account) = (clock.GetUtcNow(), await db.MemberAccounts.SingleAsync(a => a.Id == id, cancellationToken));
        if (account.SuspendedAt is not null)
        {
            return null;
        }

        var toTell = await ToTellAsync(id, link, cancellationToken);
        await EndWhatWasAsync(id, now, cancellationToken);
        account.Recover(loginId, passwordHash, nickname, now);
        account.NoticesHeldSince = toTell.Count > 0 ? now : null;
        toTell.ForEach(address => outbox.Queue(RecoveryToldMail.TemplateName, address, id));
        db.AccountMailAddresses.Add(new AccountMailAddress
        {
            SocietyId = db.SocietyId, AccountId = id, Slot = 1, Address = link.Address, AddressKey = link.AddressKey, ConfirmedAt = now,
        });
        outbox.Queue(RecoveredMail.TemplateName, link.Address, id);
        audit.Add(AuditKind.AccountRecovered, id, $"told={toTell.Count}");
        await protection.AddressAddedAsync(personId, link.Address, cancellationToken);
        return id;
    }

    /// <summary>Older addresses whose owner may object: those that are trusted and not known to fail, and not the one that has just proven itself.</summary>
    private async Task<List<string>> ToTellAsync(Guid accountId, RegistrationLink link, CancellationToken cancellationToken)
    {
        var proven = EmailAddress.Parse(link.Address).Canonical;
        var older = await db.TrustedAddresses.Where(a => a.AccountId == accountId && a.BouncedAt == null).OrderBy(a => a.Slot).Select(a => a.Address).ToListAsync(cancellationToken);
        return older.FindAll(address => EmailAddress.Parse(address).Canonical != proven);
    }

    private async Task EndWhatWasAsync(Guid accountId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await sessions.EndAllAsync(accountId, except: null, cancellationToken);
        await db.KnownDevices.Where(d => d.AccountId == accountId).ExecuteDeleteAsync(cancellationToken);
        await security.EndMailedLinksAsync(accountId, exceptAskedAt: null, cancellationToken);
        await db.OutboxMails.Where(m => m.AccountId == accountId && m.SentAt == null && m.FailedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.FailedAt, now).SetProperty(m => m.NotSent, NotSentReason.NothingToSay), cancellationToken);
        await db.AccountMailAddresses.Where(a => a.AccountId == accountId).ExecuteDeleteAsync(cancellationToken);
    }
}

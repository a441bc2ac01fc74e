using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>What the help desk may know of an account: states and dates, no contents.</summary>
public sealed record AccountState(
    Guid? AccountId, bool IsProtected, DateOnly? LostOn, DateTimeOffset? RegisteredAt, DateTimeOffset? LastLoginAt, DateTimeOffset? SuspendedAt,
    int FailuresInRow, DateTimeOffset? WaitUntil, int Addresses, int BouncedAddresses, DateTimeOffset? LetterIssuedAt, DateTimeOffset? LetterValidUntil)
{
    /// <summary>Addresses that somebody else of the household, present or former, has or had.</summary>
    public int SharedAddresses { get; init; }

    /// <summary>Addresses to which no mail goes.</summary>
    public int UntrustedAddresses { get; init; }

    /// <summary>With which letter the account was made, or set anew; null without an account.</summary>
    public LetterKind? Letter { get; init; }

    /// <summary>It was made under a mailed link that somebody else of the household had used first.</summary>
    public bool IsUnderHouseholdLink { get; init; }

    /// <summary>When a 再設定のご案内 set it anew.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>Since when it waits for a letter of its person's own.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>The letter that was issued last.</summary>
    public LetterKind? LetterIssued { get; init; }
}

/// <summary>What staff do to an account, found by its card. Each look and each change leaves an event.</summary>
public sealed class AccountSupport(
    PortalContext db, UnitOfWork work, AuditTrail audit, Sessions sessions, AccountSecurity security, DisclosureEnding disclosures, SharedAddresses shared, TimeProvider clock)
{
    /// <summary>The person who holds the card now, or who held it last.</summary>
    public async Task<Guid?> FindPersonAsync(string symbolKey, string numberKey, string branch, CancellationToken cancellationToken)
    {
        var card = await db.InsuranceCards.AsNoTracking()
            .Where(c => c.SymbolKey == symbolKey && c.NumberKey == numberKey && c.Branch == branch)
            .OrderByDescending(c => c.ValidFrom).FirstOrDefaultAsync(cancellationToken);
        return card?.PersonId;
    }

    public Task<AccountState> ShowAsync(Guid personId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            var person = await db.Persons.AsNoTracking().SingleAsync(p => p.Id == personId, cancellationToken);
            var account = await db.MemberAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.PersonId == personId, cancellationToken);
            var addresses = account is null ? [] : await db.AccountMailAddresses.AsNoTracking().Where(a => a.AccountId == account.Id).ToListAsync(cancellationToken);
            var letter = await db.ProvisionalCredentials.AsNoTracking().Where(c => c.PersonId == personId)
                .OrderByDescending(c => c.IssuedAt).FirstOrDefaultAsync(cancellationToken);
            audit.Add(AuditKind.AccountShown, account?.Id ?? personId);
            var isUsable = letter?.IsUsableAt(clock.GetUtcNow()) == true;
            return new AccountState(
                account?.Id, person.IsProtected, person.LostOn, account?.CreatedAt, account?.LastLoginAt, account?.SuspendedAt,
                account?.Throttle.FailuresInRow ?? 0, account?.Throttle.WaitUntil, addresses.Count, addresses.Count(a => a.BouncedAt is not null),
                letter?.IssuedAt, isUsable ? letter!.ExpiresAt : null)
            {
                SharedAddresses = (await shared.OfAsync([personId], isParted: false, cancellationToken)).Sum(e => e.Shared.Count),
                UntrustedAddresses = addresses.Count(a => !a.IsTrusted),
                Letter = account?.Letter,
                IsUnderHouseholdLink = account?.IsUnderHouseholdLink == true,
                RecoveredAt = account?.RecoveredAt,
                WaitsSince = account?.WaitsSince,
                LetterIssued = letter?.Letter,
            };
        },
        cancellationToken);

    /// <returns>False when the person has no account.</returns>
    public Task<bool> UnlockAsync(Guid personId, CancellationToken cancellationToken) =>
        ChangeAsync(personId, AuditKind.AccountUnlocked, account => account.Throttle.Reset(), cancellationToken);

    /// <inheritdoc cref="UnlockAsync"/>
    public Task<bool> ResumeAsync(Guid personId, CancellationToken cancellationToken) =>
        ChangeAsync(personId, AuditKind.AccountResumed, account => account.SuspendedAt = null, cancellationToken);

    /// <summary>Suspends: acts on the next request of every session, and ends the links that are out.</summary>
    /// <returns>False when the person has no account.</returns>
    public async Task<bool> SuspendAsync(Guid personId, CancellationToken cancellationToken) => await work.CommitAsync(
        async () =>
        {
            if (await LockedAsync(personId, cancellationToken) is not { } account)
            {
                return false;
            }

            account.SuspendedAt ??= clock.GetUtcNow();
            await sessions.EndAllAsync(account.Id, except: null, cancellationToken);
            await security.EndMailedLinksAsync(account.Id, exceptAskedAt: null, cancellationToken);
            audit.Add(AuditKind.AccountSuspended, account.Id);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Takes an account away that somebody else registered with the person's letter, so that the person can register: sessions, devices, addresses and links end at once,
    /// what it opened to the household is closed, and every address of it is told. No credentials are issued; the person and their notices stay.
    /// </summary>
    /// <returns>False when the person has no account.</returns>
    public Task<bool> RemoveAsync(Guid personId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            if (await LockedAsync(personId, cancellationToken) is not { } account)
            {
                return false;
            }

            var now = clock.GetUtcNow();
            await db.OutboxMails.Where(m => m.AccountId == account.Id && m.SentAt == null && m.FailedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.FailedAt, now).SetProperty(m => m.NotSent, NotSentReason.NothingToSay), cancellationToken);
            await security.TellAllAsync(account.Id, AccountRemovedMail.TemplateName, [], cancellationToken);
            await sessions.EndAllAsync(account.Id, except: null, cancellationToken);
            await db.KnownDevices.Where(d => d.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
            await db.ReissueRequests.Where(r => r.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
            await db.AddressConfirmations.Where(c => c.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
            await db.AccountMailAddresses.Where(a => a.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
            await db.ProvisionalCredentials.Where(c => c.PersonId == personId && c.VoidedAt == null && c.UsedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.VoidedAt, now), cancellationToken);
            // What the person shares, and what they opened for a child.
            var closed = await disclosures.CloseAsync(d => d.PersonId == personId || d.SetByPersonId == personId, cancellationToken);
            db.MemberAccounts.Remove(account);
            audit.Add(AuditKind.AccountRemoved, personId, $"closed={closed}", account.Id);
            return true;
        },
        cancellationToken);

    private Task<bool> ChangeAsync(Guid personId, AuditKind kind, Action<MemberAccount> change, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            if (await LockedAsync(personId, cancellationToken) is not { } account)
            {
                return false;
            }

            change(account);
            audit.Add(kind, account.Id);
            return true;
        },
        cancellationToken);

    private async Task<MemberAccount?> LockedAsync(Guid personId, CancellationToken cancellationToken)
    {
        var id = await db.MemberAccounts.Where(a => a.PersonId == personId).Select(a => (Guid?)a.Id).SingleOrDefaultAsync(cancellationToken);
        if (id is null)
        {
            return null;
        }

        await work.LockAsync<MemberAccount>(id.Value, cancellationToken);
        return await db.MemberAccounts.SingleAsync(a => a.Id == id, cancellationToken);
    }
}

using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>What was cut of a person's account.</summary>
/// <param name="PersonId">Whose.</param>
/// <param name="SharedAddresses">Addresses that somebody else of the household, present or former, has or had.</param>
/// <param name="Waits">The account waits for a letter of its person's own.</param>
public sealed record AccountCut(Guid PersonId, int SharedAddresses, bool Waits);

/// <summary>
/// Cuts what a household holds of somebody's account, in the transaction that protects them or parts them from it (row Z8, docs/decisions/ADR-009-protection.md).
/// </summary>
public sealed class Protection(PortalContext db, UnitOfWork work, AuditTrail audit, SharedAddresses shared, TimeProvider clock)
{
    private const int IdsPerQuery = 500;

    /// <summary>What <see cref="ProtectAsync"/> would do, for a preview.</summary>
    public async Task<IReadOnlyList<AccountCut>> ForeseeAsync(IReadOnlyCollection<Guid> personIds, CancellationToken cancellationToken)
    {
        var cuts = new List<AccountCut>();
        foreach (var ids in personIds.Chunk(IdsPerQuery))
        {
            cuts.AddRange((await shared.OfAsync(ids, isParted: false, cancellationToken)).Select(e => new AccountCut(e.PersonId, e.Shared.Count, Waits: true)));
        }

        return cuts;
    }

    /// <summary>
    /// Of people who are protected from now on: sessions, devices and mailed links end, unused credentials are void, no address is trusted any more, and the
    /// account waits for a letter that goes to its person alone: nobody can tell who opened the letter that made it, or who knows its password.
    /// </summary>
    /// <returns>One for each who has an account.</returns>
    public async Task<IReadOnlyList<AccountCut>> ProtectAsync(IReadOnlyCollection<Guid> personIds, CancellationToken cancellationToken)
    {
        var cuts = new List<AccountCut>();
        if (personIds.Count > 0)
        {
            // A household's letter that is just being issued may hold one of them.
            await work.QueueUpAsync(ProvisionalCredential.Queue, cancellationToken);
        }

        foreach (var ids in personIds.Chunk(IdsPerQuery))
        {
            await EndRegistrationsAsync(ids, cancellationToken);
            await VoidCredentialsAsync(ids, ofHouseholdOnly: false, cancellationToken);
            cuts.AddRange(await CutAsync(ids, isProtected: true, cancellationToken));
        }

        return cuts;
    }

    /// <summary>
    /// Of people who part from their household: sessions, devices and mailed links end, and addresses that those who stay may read are trusted no more. The account
    /// goes on: most who part are children who begin to work, and their password is theirs.
    /// </summary>
    /// <inheritdoc cref="ProtectAsync"/>
    public async Task<IReadOnlyList<AccountCut>> PartAsync(IReadOnlyCollection<Guid> personIds, CancellationToken cancellationToken)
    {
        var cuts = new List<AccountCut>();
        foreach (var ids in personIds.Chunk(IdsPerQuery))
        {
            cuts.AddRange(await CutAsync(ids, isProtected: false, cancellationToken));
            await TrustAgainAsync(ids, cancellationToken);
        }

        return cuts;
    }

    /// <summary>
    /// An account has a new address: remembers it. Where a protected person of the household has the same, somebody else reads it from now on, and that person is
    /// protected from it as on the first day.
    /// </summary>
    public async Task AddressAddedAsync(Guid personId, string address, CancellationToken cancellationToken)
    {
        shared.Note(personId, EmailAddress.Parse(address), clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        var users = await shared.UsersAsync(personId, address, cancellationToken);
        if (users.Count > 0 && await db.Persons.Where(p => users.Contains(p.Id) && p.IsProtected).Select(p => p.Id).ToListAsync(cancellationToken) is { Count: > 0 } hit)
        {
            await ProtectAsync(hit, cancellationToken);
        }
    }

    /// <summary>Voids credentials that were not used; each leaves an event about its person.</summary>
    /// <param name="personIds">Whose.</param>
    /// <param name="ofHouseholdOnly">Only those that stand on a household's letter.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many.</returns>
    public async Task<int> VoidCredentialsAsync(IReadOnlyCollection<Guid> personIds, bool ofHouseholdOnly, CancellationToken cancellationToken)
    {
        var (now, voided) = (clock.GetUtcNow(), 0);
        foreach (var ids in personIds.Chunk(IdsPerQuery))
        {
            var unused = db.ProvisionalCredentials.Where(c =>
                ids.Contains(c.PersonId) && c.UsedAt == null && c.VoidedAt == null && c.ExpiresAt > now && (!ofHouseholdOnly || c.Letter == LetterKind.Household));
            // A registration that is under way has locked its credential: the update waits for it, and then finds it used.
            var before = await unused.Select(c => new { c.Id, c.PersonId }).ToListAsync(cancellationToken);
            voided += await unused.ExecuteUpdateAsync(set => set.SetProperty(c => c.VoidedAt, now), cancellationToken);
            before.ForEach(c => audit.Add(AuditKind.CredentialVoided, c.PersonId, $"credential={c.Id}"));
        }

        return voided;
    }

    /// <summary>Ends the mailed links under which somebody could register one of these people, and the registrations that have begun.</summary>
    private async Task EndRegistrationsAsync(IReadOnlyCollection<Guid> personIds, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var households = await db.Persons.Where(p => personIds.Contains(p.Id)).Select(p => (Guid?)p.HouseholdId)
            .Concat(db.FormerHouseholds.Where(f => personIds.Contains(f.PersonId)).Select(f => (Guid?)f.HouseholdId)).ToListAsync(cancellationToken);
        var begun = db.PortalSessions.Where(s => db.ProvisionalCredentials.Any(c => c.Id == s.CredentialId && personIds.Contains(c.PersonId)));
        var links = await begun.Select(s => s.LinkId).ToListAsync(cancellationToken);
        await db.RegistrationLinks.Where(l => l.EndedAt == null && (households.Contains(l.HouseholdId) || links.Contains(l.Id)))
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.EndedAt, now), cancellationToken);
        await begun.ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<List<AccountCut>> CutAsync(IReadOnlyCollection<Guid> personIds, bool isProtected, CancellationToken cancellationToken)
    {
        // In one order, so that two who do this at a time do not wait for each other.
        foreach (var account in await db.MemberAccounts.Where(a => personIds.Contains(a.PersonId)).Select(a => a.Id).OrderBy(id => id).ToListAsync(cancellationToken))
        {
            await work.LockAsync<MemberAccount>(account, cancellationToken);
        }

        var exposures = await shared.OfAsync(personIds, isParted: !isProtected, cancellationToken);
        var accounts = exposures.Select(e => e.Account.Id).ToList();
        await EndAccessAsync(accounts, cancellationToken);
        foreach (var exposure in exposures)
        {
            Mark(exposure, isProtected);
        }

        await db.SaveChangesAsync(cancellationToken);
        await DropMailsAsync(accounts, cancellationToken);
        return [.. exposures.Select(e => new AccountCut(e.PersonId, e.Shared.Count, e.Account.WaitsSince is not null))];
    }

    /// <summary>
    /// A family that moves by two lists is together again after the second: where people come in, addresses that are shared with nobody but who lives there are good
    /// again. Not those of who is protected, nor of an account that waits.
    /// </summary>
    private async Task TrustAgainAsync(IReadOnlyCollection<Guid> personIds, CancellationToken cancellationToken)
    {
        var households = await db.Persons.Where(p => personIds.Contains(p.Id)).Select(p => p.HouseholdId).Distinct().ToListAsync(cancellationToken);
        var people = await (
            from person in db.Persons
            join account in db.MemberAccounts on person.Id equals account.PersonId
            where households.Contains(person.HouseholdId) && !person.IsProtected && account.WaitsSince == null
                && db.AccountMailAddresses.Any(a => a.AccountId == account.Id && a.UntrustedAt != null)
            select person.Id).ToListAsync(cancellationToken);
        foreach (var exposure in await shared.OfAsync(people, isParted: true, cancellationToken))
        {
            foreach (var address in exposure.Addresses.Where(a => !a.IsTrusted && !exposure.Shared.Contains(a)))
            {
                address.UntrustedAt = null;
                audit.Add(AuditKind.AddressTrusted, exposure.Account.Id, $"slot={address.Slot}");
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task EndAccessAsync(List<Guid> accounts, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.PortalSessions.Where(s => s.AccountId != null && accounts.Contains(s.AccountId.Value)).ExecuteDeleteAsync(cancellationToken);
        await db.KnownDevices.Where(d => accounts.Contains(d.AccountId)).ExecuteDeleteAsync(cancellationToken);
        await db.ReissueRequests.Where(r => accounts.Contains(r.AccountId) && r.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.EndedAt, now), cancellationToken);
        await db.AddressConfirmations.Where(c => accounts.Contains(c.AccountId) && c.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, now), cancellationToken);
    }

    private void Mark(AddressExposure exposure, bool isProtected)
    {
        var (now, account) = (clock.GetUtcNow(), exposure.Account);
        foreach (var address in (isProtected ? exposure.Addresses : exposure.Shared).Where(a => a.IsTrusted))
        {
            address.UntrustedAt = now;
            audit.Add(AuditKind.AddressDistrusted, account.Id, $"slot={address.Slot}");
        }

        // Also where the letter was of her own: it came to the home where others open the post, and a password may have been seen.
        if (isProtected && account.WaitsSince is null)
        {
            account.WaitsSince = now;
            audit.Add(AuditKind.AccountWaits, account.Id);
        }
    }

    /// <summary>What waits in the queue for an address that is trusted no more is not sent: it may be that nobody knows the address any more when its turn comes.</summary>
    private async Task DropMailsAsync(List<Guid> accounts, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var waiting = await db.OutboxMails.Where(m => m.AccountId != null && accounts.Contains(m.AccountId.Value) && m.SentAt == null && m.FailedAt == null)
            .Select(m => new { m.Id, m.AccountId, m.ToAddress }).ToListAsync(cancellationToken);
        if (waiting.Count == 0)
        {
            return;
        }

        var trusted = (await db.TrustedAddresses.Where(a => accounts.Contains(a.AccountId)).Select(a => new { a.AccountId, a.AddressKey }).ToListAsync(cancellationToken)).ToHashSet();
        var dropped = waiting.Where(m => !trusted.Contains(new { AccountId = m.AccountId!.Value, AddressKey = m.ToAddress.ToLowerInvariant() })).Select(m => m.Id).ToList();
        foreach (var ids in dropped.Chunk(IdsPerQuery))
        {
            await db.OutboxMails.Where(m => ids.Contains(m.Id) && m.SentAt == null && m.FailedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.FailedAt, now).SetProperty(m => m.NotSent, NotSentReason.NothingToSay), cancellationToken);
        }
    }
}

using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>What others of a person's household, present and former, may read of their account's mail.</summary>
/// <param name="PersonId">Whose account.</param>
/// <param name="Account">The account.</param>
/// <param name="Addresses">All its addresses.</param>
/// <param name="Shared">Those that another account of the household has, or ever had.</param>
public sealed record AddressExposure(
    Guid PersonId, MemberAccount Account, IReadOnlyList<AccountMailAddress> Addresses, IReadOnlyList<AccountMailAddress> Shared);

/// <summary>
/// Finds out which addresses somebody else may read: those of whoever shares a household with the person or ever shared one, also where the account or the
/// address is gone by now. Case and +tag make no difference.
/// </summary>
public sealed class SharedAddresses(PortalContext db, PortalKeys keys, TimeProvider clock)
{
    /// <summary>Remembers that a person's account has the address.</summary>
    public void Note(Guid personId, EmailAddress address, DateTimeOffset now) =>
        db.AddressUses.Add(new AddressUse { SocietyId = db.SocietyId, PersonId = personId, AddressMac = MacOf(address), Since = now });

    /// <summary>Whether anybody else of the person's household, present or former, has or had the address.</summary>
    public async Task<bool> IsSharedAsync(Guid personId, string address, CancellationToken cancellationToken) =>
        (await UsersAsync(personId, address, cancellationToken)).Count > 0;

    /// <summary>Who else of the person's household, present or former, has or had the address.</summary>
    public async Task<IReadOnlyList<Guid>> UsersAsync(Guid personId, string address, CancellationToken cancellationToken)
    {
        var circle = (await CirclesAsync([personId], cancellationToken))[personId];
        var (macs, mac) = (await MacsAsync([.. circle], cancellationToken), MacOf(EmailAddress.Parse(address)));
        return [.. circle.Where(other => macs[other].Any(use => use.Mac == mac))];
    }

    /// <summary>The accounts of these people and what of them is shared. Who has no account is left out.</summary>
    /// <param name="personIds">Whose accounts.</param>
    /// <param name="isParted">Only what is shared with people from whom they have parted, not with those who went along.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<AddressExposure>> OfAsync(IReadOnlyCollection<Guid> personIds, bool isParted, CancellationToken cancellationToken)
    {
        var accounts = await db.MemberAccounts.Where(a => personIds.Contains(a.PersonId)).ToListAsync(cancellationToken);
        var owners = accounts.ConvertAll(a => a.PersonId);
        var ids = accounts.ConvertAll(a => a.Id);
        var addresses = (await db.AccountMailAddresses.Where(a => ids.Contains(a.AccountId)).OrderBy(a => a.Slot).ToListAsync(cancellationToken)).ToLookup(a => a.AccountId);
        var circles = await CirclesAsync(owners, cancellationToken);
        if (isParted)
        {
            await LeaveOutHousematesAsync(circles, cancellationToken);
        }

        var macs = await MacsAsync([.. circles.Values.SelectMany(c => c).Distinct()], cancellationToken);
        return accounts.ConvertAll(account =>
        {
            var others = circles[account.PersonId].SelectMany(other => macs[other]).Select(use => use.Mac).ToHashSet(StringComparer.Ordinal);
            var own = addresses[account.Id].ToList();
            return new AddressExposure(account.PersonId, account, own, own.FindAll(a => others.Contains(MacOf(EmailAddress.Parse(a.Address)))));
        });
    }

    /// <summary>Of each person everybody else who lives in one of their households, present and former, or ever lived there.</summary>
    public async Task<Dictionary<Guid, HashSet<Guid>>> CirclesAsync(IReadOnlyCollection<Guid> personIds, CancellationToken cancellationToken)
    {
        var own = await db.Persons.Where(p => personIds.Contains(p.Id)).Select(p => new Stay(p.Id, p.HouseholdId)).ToListAsync(cancellationToken);
        own.AddRange(await db.FormerHouseholds.Where(f => personIds.Contains(f.PersonId)).Select(f => new Stay(f.PersonId, f.HouseholdId)).ToListAsync(cancellationToken));
        var households = own.Select(s => s.HouseholdId).Distinct().ToList();
        var stays = await db.Persons.Where(p => households.Contains(p.HouseholdId)).Select(p => new Stay(p.Id, p.HouseholdId)).ToListAsync(cancellationToken);
        stays.AddRange(await db.FormerHouseholds.Where(f => households.Contains(f.HouseholdId)).Select(f => new Stay(f.PersonId, f.HouseholdId)).ToListAsync(cancellationToken));
        var residents = stays.ToLookup(s => s.HouseholdId, s => s.PersonId);
        var homes = own.ToLookup(s => s.PersonId, s => s.HouseholdId);
        return personIds.Distinct().ToDictionary(id => id, id => homes[id].SelectMany(h => residents[h]).Where(other => other != id).ToHashSet());
    }

    /// <summary>Who is in the household now is no stranger to it, unless they left the society: then everybody who stays is.</summary>
    private async Task LeaveOutHousematesAsync(Dictionary<Guid, HashSet<Guid>> circles, CancellationToken cancellationToken)
    {
        var (today, ids) = (JapanTime.DateOf(clock.GetUtcNow()), circles.Keys.Concat(circles.Values.SelectMany(c => c)).Distinct().ToList());
        var people = await db.Persons.Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.HouseholdId, p.LostOn }).ToDictionaryAsync(p => p.Id, cancellationToken);
        foreach (var (id, circle) in circles.Where(c => Person.IsMemberOn(people[c.Key].LostOn, today)))
        {
            circle.RemoveWhere(other => people[other].HouseholdId == people[id].HouseholdId);
        }
    }

    /// <summary>Every address that these people's accounts have or had, with the moment from which they had it.</summary>
    private async Task<ILookup<Guid, (string Mac, DateTimeOffset Since)>> MacsAsync(IReadOnlyCollection<Guid> personIds, CancellationToken cancellationToken)
    {
        var used = await db.AddressUses.AsNoTracking().Where(u => personIds.Contains(u.PersonId)).ToListAsync(cancellationToken);
        var present = await (
            from account in db.MemberAccounts
            join address in db.AccountMailAddresses on account.Id equals address.AccountId
            where personIds.Contains(account.PersonId)
            select new { account.PersonId, address.Address, address.ConfirmedAt }).ToListAsync(cancellationToken);
        return used.Select(u => (u.PersonId, u.AddressMac, u.Since))
            .Concat(present.Select(p => (p.PersonId, AddressMac: MacOf(EmailAddress.Parse(p.Address)), Since: p.ConfirmedAt)))
            .ToLookup(u => u.PersonId, u => (u.AddressMac, u.Since));
    }

    private string MacOf(EmailAddress address) => Convert.ToHexStringLower(keys.Mac(KeyPurpose.AddressUse, address.Canonical));

    private sealed record Stay(Guid PersonId, Guid HouseholdId);
}

using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>Why protection is lifted. An event holds no words of anybody's, so that there is a choice and no text.</summary>
public enum LiftReason
{
    /// <summary>The person asked for it.</summary>
    Request,

    /// <summary>It had been set by mistake.</summary>
    Mistake,

    /// <summary>The measure for which it was set has ended.</summary>
    MeasureEnded,
}

/// <summary>What is to be known about somebody who is protected from now on.</summary>
/// <param name="Name">氏名.</param>
/// <param name="HasAccount">Whether they have registered.</param>
/// <param name="SharedAddresses">Mail addresses of theirs that somebody else of the household, present or former, has or had.</param>
/// <param name="Waits">Their account waits for a letter of their own.</param>
/// <param name="IsAddressOfHousehold">Their postal address is that of a grown-up of the household: letters would go where they should not.</param>
/// <param name="Children">記号-番号-枝番 and 氏名 of children under the guardian age who live with them and are not protected.</param>
public sealed record ProtectionNote(
    string Name, bool HasAccount, int SharedAddresses, bool Waits, bool IsAddressOfHousehold, IReadOnlyList<(string Card, string Name)> Children);

/// <summary>How lifting ended.</summary>
public enum LiftResult
{
    Lifted,

    /// <summary>The person was not protected.</summary>
    NotProtected,

    /// <summary>Another name was typed.</summary>
    OtherName,
}

/// <summary>What staff do about 非開示 beside the members' list. No list lifts it (row Z8).</summary>
public sealed class ProtectionDesk(PortalContext db, UnitOfWork work, AuditTrail audit, Protection protection, DisclosureEnding disclosures, TimeProvider clock)
{
    /// <summary>Protects a person at once: at the commit nobody of the household sees them, and what the household holds of their account is cut.</summary>
    /// <returns>Null where they are protected already.</returns>
    public Task<ProtectionNote?> ProtectAsync(Guid personId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.LockAsync<Person>(personId, cancellationToken);
            var person = await db.Persons.SingleAsync(p => p.Id == personId, cancellationToken);
            if (person.IsProtected)
            {
                return null;
            }

            person.IsProtected = true;
            await db.SaveChangesAsync(cancellationToken);
            audit.Add(AuditKind.ProtectionSet, personId, "by=staff");
            await disclosures.CloseAsync(d => d.PersonId == personId, cancellationToken);
            var cuts = await protection.ProtectAsync([personId], cancellationToken);
            var household = await db.Persons.AsNoTracking().Where(p => p.HouseholdId == person.HouseholdId).ToListAsync(cancellationToken);
            var cards = await CardLabels.OfAsync(db, household.ConvertAll(p => p.Id), cancellationToken);
            return (ProtectionNote?)NoteOf(person, household, cards, cuts);
        },
        cancellationToken);

    /// <summary>
    /// Lifts protection. What was cut stays cut: addresses that others may read are not trusted again by it, an account that waits goes on waiting for its letter, and
    /// what was shared stays closed.
    /// </summary>
    /// <param name="personId">Whose.</param>
    /// <param name="typedName">氏名 as the operator types it, so that nobody is lifted by a wrong card.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<LiftResult> LiftAsync(Guid personId, string typedName, LiftReason reason, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.LockAsync<Person>(personId, cancellationToken);
            var person = await db.Persons.SingleAsync(p => p.Id == personId, cancellationToken);
            if (!person.IsProtected)
            {
                return LiftResult.NotProtected;
            }

            if (!PersonName.AreSame(person.Name, typedName))
            {
                return LiftResult.OtherName;
            }

            person.IsProtected = false;
            audit.Add(AuditKind.ProtectionLifted, personId, $"reason={reason}");
            return LiftResult.Lifted;
        },
        cancellationToken);

    /// <summary>What staff should look at when somebody is protected.</summary>
    /// <param name="person">Who.</param>
    /// <param name="household">Everybody of the household, as they are afterwards.</param>
    /// <param name="cards">記号-番号-枝番 of each.</param>
    /// <param name="cuts">What was cut of accounts.</param>
    public ProtectionNote NoteOf(Person person, IReadOnlyCollection<Person> household, IReadOnlyDictionary<Guid, string> cards, IReadOnlyCollection<AccountCut> cuts)
    {
        var (today, guardianAge) = (JapanTime.DateOf(clock.GetUtcNow()), db.Current.Society.GuardianAge);
        var others = household.Where(p => p.Id != person.Id && !p.IsProtected && p.IsMemberOn(today)).ToList();
        var isAddressUnknown = person.Address is null;
        var cut = cuts.FirstOrDefault(c => c.PersonId == person.Id);
        return new ProtectionNote(
            person.Name, cut is not null, cut?.SharedAddresses ?? 0, cut?.Waits == true,
            isAddressUnknown || others.Any(p => p.AgeOn(today) >= guardianAge && p.LivesWith(person)),
            [.. others.Where(p => p.AgeOn(today) < guardianAge && (isAddressUnknown || p.Address is null || p.LivesWith(person))).OrderBy(p => p.ListOrder)
                .Select(p => (cards.GetValueOrDefault(p.Id) ?? "-", p.Name))]);
    }
}

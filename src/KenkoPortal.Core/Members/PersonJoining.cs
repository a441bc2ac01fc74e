using System.Text.Json;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Members;

/// <summary>A person as staff compare two.</summary>
/// <param name="Card">記号-番号-枝番, the newest.</param>
/// <param name="Name">氏名.</param>
/// <param name="BirthDate">生年月日.</param>
/// <param name="LostOn">資格喪失年月日.</param>
/// <param name="HasAccount">Whether they have registered.</param>
public sealed record ComparedPerson(string Card, string Name, DateOnly BirthDate, DateOnly? LostOn, bool HasAccount)
{
    /// <summary>Nothing: a record's own ToString would carry the person into whatever logs it.</summary>
    public override string ToString() => nameof(ComparedPerson);
}

/// <summary>What came of joining two people.</summary>
/// <param name="HasAccount">Whether the person has an account.</param>
/// <param name="Waits">The account waits for a letter of its person's own.</param>
/// <param name="SharedAddresses">Addresses that somebody else of a household, present or former, has or had.</param>
/// <param name="IsProtected">One of the two was protected, and so is the person.</param>
/// <param name="LettersVoided">Unused credentials that work no more.</param>
/// <param name="IsCut">Sessions and known devices of the account ended.</param>
public sealed record JoinReport(bool HasAccount, bool Waits, int SharedAddresses, bool IsProtected, int LettersVoided, bool IsCut);

/// <summary>
/// Makes two people of the list one, and parts them again within 30 days. The row of the one who left stays, with the account, the notices and the history that
/// hang on it; it becomes the one who joined, and takes over what that one has.
/// </summary>
public sealed class PersonJoining(
    PortalContext db, UnitOfWork work, AuditTrail audit, Protection protection, DisclosureEnding disclosures, HiddenLines hidden, PersonRows rows, Sessions sessions, TimeProvider clock)
{
    private const int IdsPerQuery = 500;

    /// <summary>Shows people to staff; a look at each.</summary>
    public Task<IReadOnlyList<ComparedPerson>> LookAsync(IReadOnlyList<Guid> people, CancellationToken cancellationToken) => work.CommitAsync<IReadOnlyList<ComparedPerson>>(
        async () =>
        {
            var cards = await CardLabels.OfAsync(db, people, cancellationToken);
            var accounts = await db.MemberAccounts.Where(a => people.Contains(a.PersonId)).Select(a => a.PersonId).ToListAsync(cancellationToken);
            var persons = await db.Persons.AsNoTracking().Where(p => people.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancellationToken);
            foreach (var id in people)
            {
                audit.Add(AuditKind.PersonsCompared, id);
            }

            return [.. people.Select(id => persons[id]).Select(p => new ComparedPerson(cards.GetValueOrDefault(p.Id) ?? "-", p.Name, p.BirthDate, p.LostOn, accounts.Contains(p.Id)))];
        },
        cancellationToken);

    /// <param name="formerId">The one who left.</param>
    /// <param name="joinedId">The one who joined under another name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortalInputException">They cannot be one person, or both have an account.</exception>
    public Task<JoinReport> JoinAsync(Guid formerId, Guid joinedId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await WaitAsync([formerId, joinedId], cancellationToken);
            var person = await db.Persons.SingleOrDefaultAsync(p => p.Id == formerId, cancellationToken);
            var joined = await db.Persons.SingleOrDefaultAsync(p => p.Id == joinedId, cancellationToken);
            var accounts = await db.MemberAccounts.Where(a => a.PersonId == formerId || a.PersonId == joinedId).Select(a => a.PersonId).ToListAsync(cancellationToken);
            RefuseOthers(person, joined, accounts);
            var before = new MovedPeople { Stayed = Copy(person!), Gone = Copy(joined!), HadAccount = accounts.Contains(formerId) };

            // The letter of the one who left lies with the former household; an account that is there needs none.
            var voided = await protection.VoidCredentialsAsync(accounts.Count > 0 ? [formerId, joinedId] : [formerId], ofHouseholdOnly: false, cancellationToken);
            await CloseCardsAsync(person!, before, cancellationToken);
            var isOtherHousehold = person!.HouseholdId != joined!.HouseholdId;
            await EndSharingAsync(person, joined, isOtherHousehold, cancellationToken);
            if (isOtherHousehold)
            {
                var left = new FormerHousehold { SocietyId = db.SocietyId, PersonId = person.Id, HouseholdId = person.HouseholdId, LeftAt = clock.GetUtcNow() };
                before.FormerHouseholdId = left.Id;
                db.FormerHouseholds.Add(left);
                audit.Add(AuditKind.HouseholdChanged, person.Id);
            }

            db.Persons.Remove(joined);
            Take(person, joined, isProtected: person.IsProtected || joined.IsProtected);
            if (!before.HadAccount)
            {
                (person.MedicalCostMail, person.GenericDrugMail) = (joined.MedicalCostMail, joined.GenericDrugMail);
            }

            audit.Add(AuditKind.PersonsJoined, person.Id, $"person={joined.Id}");
            if (before.Stayed.IsProtected != before.Gone.IsProtected)
            {
                audit.Add(AuditKind.ProtectionSet, person.Id, "by=staff");
            }

            await db.SaveChangesAsync(cancellationToken);
            before.Rows = await rows.MoveAsync(joined.Id, person.Id, cancellationToken);
            db.PersonJoins.Add(new PersonJoin
            {
                SocietyId = db.SocietyId, StayedId = person.Id, GoneId = joined.Id, JoinedAt = clock.GetUtcNow(), Moved = JsonSerializer.Serialize(before, JsonSerializerOptions.Default),
            });
            await db.SaveChangesAsync(cancellationToken);
            var cuts = person.IsProtected ? await protection.ProtectAsync([person.Id], cancellationToken)
                : isOtherHousehold ? await protection.PartAsync([person.Id], cancellationToken)
                : [];
            var cut = cuts.Count > 0 ? cuts[0] : null;
            return new JoinReport(accounts.Count > 0, cut?.Waits == true, cut?.SharedAddresses ?? 0, before.Stayed.IsProtected || before.Gone.IsProtected, voided, cut is not null);
        },
        cancellationToken);

    /// <summary>
    /// Parts them again. Rows that moved go back, and what came since by a card of the one who joined goes there. What was cut stays cut: sessions, unused letters, trust in
    /// addresses, and what was open to a household.
    /// </summary>
    /// <exception cref="PortalInputException">The person was not joined, or more than 30 days ago.</exception>
    public Task PartAsync(Guid personId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await WaitAsync([personId], cancellationToken);
            var now = clock.GetUtcNow();
            var join = await db.PersonJoins.Where(j => j.StayedId == personId && j.UndoneAt == null).OrderByDescending(j => j.JoinedAt).FirstOrDefaultAsync(cancellationToken)
                ?? throw new PortalInputException(PersonJoiningText.NotJoined);
            if (!join.CanBeUndoneAt(now))
            {
                throw new PortalInputException(PersonJoiningText.TooLate.With(PersonJoin.UndoLimit.Days));
            }

            var before = JsonSerializer.Deserialize<MovedPeople>(join.Moved!, JsonSerializerOptions.Default)!;
            var person = await db.Persons.SingleAsync(p => p.Id == personId, cancellationToken);
            var account = await db.MemberAccounts.Where(a => a.PersonId == personId).Select(a => (Guid?)a.Id).SingleOrDefaultAsync(cancellationToken);
            // Staff or a list protected the person since: nobody knows which of the two was meant.
            var isProtectedSince = person.IsProtected && !before.Stayed.IsProtected && !before.Gone.IsProtected;
            var gone = before.Gone;
            Take(gone, person, before.Gone.IsProtected || isProtectedSince);
            Take(person, before.Stayed, before.Stayed.IsProtected || isProtectedSince);
            db.Persons.Add(gone);
            (join.UndoneAt, join.Moved) = (now, null);
            if (person.HouseholdId != gone.HouseholdId)
            {
                audit.Add(AuditKind.HouseholdChanged, person.Id);
            }

            audit.Add(AuditKind.PersonsParted, person.Id, $"person={gone.Id}");
            audit.Add(AuditKind.PersonsParted, gone.Id, $"person={person.Id}");
            await db.SaveChangesAsync(cancellationToken);
            await rows.MoveBackAsync(before.Rows, person.Id, gone.Id, cancellationToken);
            await db.FormerHouseholds.Where(f => f.Id == before.FormerHouseholdId).ExecuteDeleteAsync(cancellationToken);
            await MoveCardsAsync(before, person.Id, gone.Id, cancellationToken);
            await MoveClaimsAsync(person.Id, gone.Id, cancellationToken);
            await hidden.DivideAsync(person.Id, gone.Id, join.JoinedAt, cancellationToken);
            await disclosures.CloseAlsoAsync(person.Id, gone, join.JoinedAt, cancellationToken);
            if (!before.HadAccount)
            {
                // A letter that came after the join was the one who joined's.
                await db.MemberAccounts.Where(a => a.PersonId == person.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.PersonId, gone.Id), cancellationToken);
                await db.AddressUses.Where(u => u.PersonId == person.Id && u.Since >= join.JoinedAt).ExecuteUpdateAsync(set => set.SetProperty(u => u.PersonId, gone.Id), cancellationToken);
            }

            if (account is { } open)
            {
                await sessions.EndAllAsync(open, except: null, cancellationToken);
            }
        },
        cancellationToken);

    /// <summary>Imports of lists and of claims, letters and other joins come before or after.</summary>
    private async Task WaitAsync(IEnumerable<Guid> people, CancellationToken cancellationToken)
    {
        await work.QueueUpAsync(ClaimOwners.Queue, cancellationToken);
        await work.QueueUpAsync(ProvisionalCredential.Queue, cancellationToken);
        foreach (var id in people.Order())
        {
            await work.LockAsync<Person>(id, cancellationToken);
        }
    }

    private void RefuseOthers(Person? former, Person? joined, List<Guid> accounts)
    {
        var refusal = former is null || joined is null ? PersonJoiningText.Gone
            : former.Id == joined.Id ? PersonJoiningText.IsOne
            : (former.BirthDate, former.Sex) != (joined.BirthDate, joined.Sex) ? PersonJoiningText.OtherIdentity
            : former.IsMemberOn(JapanTime.DateOf(clock.GetUtcNow())) ? PersonJoiningText.StillMember
            : accounts.Count > 1 ? PersonJoiningText.BothAccounts
            : null;
        if (refusal is not null)
        {
            throw new PortalInputException(refusal);
        }
    }

    /// <summary>A card whose day of loss passed since the last list is still open: as a second open card it would be taken for the person's.</summary>
    private async Task CloseCardsAsync(Person former, MovedPeople before, CancellationToken cancellationToken)
    {
        foreach (var card in await db.InsuranceCards.Where(c => c.PersonId == former.Id).ToListAsync(cancellationToken))
        {
            before.Cards.Add(card.Id);
            if (card.ValidTo is null)
            {
                card.ValidTo = former.LostOn;
                before.ClosedCards.Add(card.Id);
            }
        }
    }

    /// <summary>
    /// What the one who left shared ends. What the one who joined chose stands; the older choices are history. The start value is no choice: it opens nothing that
    /// the one who left had closed.
    /// </summary>
    private async Task EndSharingAsync(Person former, Person joined, bool isOtherHousehold, CancellationToken cancellationToken)
    {
        if (isOtherHousehold)
        {
            await disclosures.CloseAsync(d => d.SetByPersonId == former.Id && d.PersonId != former.Id, cancellationToken);
        }

        var now = clock.GetUtcNow();
        var closed = await db.DisclosureSettings.Where(d => d.PersonId == former.Id && d.Until == null && !d.IsOpen).Select(d => d.Kind).ToListAsync(cancellationToken);
        await disclosures.CloseAsync(d => d.PersonId == joined.Id && d.Cause == DisclosureCause.StartValue && closed.Contains(d.Kind), cancellationToken);
        var chosen = await db.DisclosureSettings.Where(d => d.PersonId == joined.Id && d.Until == null).Select(d => d.Kind).ToListAsync(cancellationToken);
        foreach (var setting in await db.DisclosureSettings.Where(d => d.PersonId == former.Id && d.Until == null).ToListAsync(cancellationToken))
        {
            if (chosen.Contains(setting.Kind))
            {
                setting.Until = now;
            }
            else if (setting.IsOpen && isOtherHousehold)
            {
                db.DisclosureSettings.Add(setting.CloseAt(now, joined.HouseholdId));
            }
            else
            {
                continue;
            }

            if (setting.IsOpen)
            {
                audit.Add(AuditKind.DisclosureClosed, former.Id, $"kind={setting.Kind} cause={DisclosureCause.Ended}");
            }
        }
    }

    /// <summary>Every card that the one who left did not have goes with the one who joined, those that a list brought since too.</summary>
    private async Task MoveCardsAsync(MovedPeople before, Guid person, Guid gone, CancellationToken cancellationToken)
    {
        await db.InsuranceCards.Where(c => c.PersonId == person && !before.Cards.Contains(c.Id)).ExecuteUpdateAsync(set => set.SetProperty(c => c.PersonId, gone), cancellationToken);
        await db.InsuranceCards.Where(c => before.ClosedCards.Contains(c.Id)).ExecuteUpdateAsync(set => set.SetProperty(c => c.ValidTo, (DateOnly?)null), cancellationToken);
    }

    /// <summary>Claims that came since go by their card, and with them the lines that were made of them.</summary>
    private async Task MoveClaimsAsync(Guid person, Guid gone, CancellationToken cancellationToken)
    {
        var cards = (await db.InsuranceCards.AsNoTracking().Where(c => c.PersonId == person || c.PersonId == gone).ToListAsync(cancellationToken)).ToLookup(c => c.PersonId);
        var claims = await db.ReceivedClaims.AsNoTracking().Where(c => c.PersonId == person).Select(c => new { c.Id, c.SymbolKey, c.NumberKey, c.Branch }).ToListAsync(cancellationToken);
        foreach (var ids in claims.Where(c => IsBy(gone, c.SymbolKey, c.NumberKey, c.Branch) && !IsBy(person, c.SymbolKey, c.NumberKey, c.Branch)).Select(c => c.Id).Chunk(IdsPerQuery))
        {
            await db.ReceivedClaims.Where(c => ids.Contains(c.Id)).ExecuteUpdateAsync(set => set.SetProperty(c => c.PersonId, gone), cancellationToken);
            await db.MedicalCostLines.Where(l => l.PersonId == person && ids.Contains(l.ClaimId)).ExecuteUpdateAsync(set => set.SetProperty(l => l.PersonId, gone), cancellationToken);
            await db.GenericDrugLines.Where(l => l.PersonId == person && ids.Contains(l.ClaimId)).ExecuteUpdateAsync(set => set.SetProperty(l => l.PersonId, gone), cancellationToken);
        }

        bool IsBy(Guid owner, string symbol, string number, string? branch) =>
            cards[owner].Any(c => c.SymbolKey == symbol && c.NumberKey == number && (branch is null || c.Branch == branch));
    }

    /// <summary>Makes a person what another is by the list. Place in the list and choices of mails stay.</summary>
    private static void Take(Person person, Person from, bool isProtected)
    {
        (person.HouseholdId, person.Name, person.Kana, person.KanaKey) = (from.HouseholdId, from.Name, from.Kana, from.KanaKey);
        (person.Sex, person.BirthDate, person.Relationship) = (from.Sex, from.BirthDate, from.Relationship);
        (person.AcquiredOn, person.LostOn) = (from.AcquiredOn, from.LostOn);
        (person.PostalCode, person.Address, person.Workplace, person.IsProtected) = (from.PostalCode, from.Address, from.Workplace, isProtected);
    }

    private static Person Copy(Person person) => JsonSerializer.Deserialize<Person>(JsonSerializer.Serialize(person, JsonSerializerOptions.Default), JsonSerializerOptions.Default)!;

    /// <summary>Both people as they were, and what moved.</summary>
    private sealed class MovedPeople
    {
        public required Person Stayed { get; init; }

        public required Person Gone { get; init; }

        /// <summary>Whether the account was that of the one who left.</summary>
        public required bool HadAccount { get; init; }

        public Dictionary<string, List<Guid>> Rows { get; set; } = [];

        /// <summary>The cards of the one who left.</summary>
        public List<Guid> Cards { get; init; } = [];

        /// <summary>Of them, those that were open.</summary>
        public List<Guid> ClosedCards { get; init; } = [];

        public Guid? FormerHouseholdId { get; set; }
    }
}

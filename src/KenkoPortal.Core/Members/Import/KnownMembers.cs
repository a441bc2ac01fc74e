using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Members.Import;

/// <summary>A household as lists know it: 記号 and 番号, folded.</summary>
internal readonly record struct HouseholdKey(string Symbol, string Number);

/// <summary>A card as lists know it, folded.</summary>
internal readonly record struct CardKey(string Symbol, string Number, string Branch)
{
    public HouseholdKey Household => new(Symbol, Number);

    public static CardKey Of(InsuranceCard card) => new(card.SymbolKey, card.NumberKey, card.Branch);

    public static CardKey Of(MemberListRow row) => new(row.Symbol.Key, row.Number.Key, row.Branch.Value);
}

/// <summary>By what a person is known again on another card. Twins differ in their kana.</summary>
internal readonly record struct IdentityKey(string Kana, DateOnly BirthDate, Sex Sex)
{
    public static IdentityKey Of(Person person) => new(person.KanaKey, person.BirthDate, person.Sex);

    public static IdentityKey Of(MemberListRow row) => new(row.Kana.Key, row.BirthDate, row.Sex);
}

/// <summary>A person of the society with all their cards.</summary>
internal sealed class KnownPerson(Person person, IReadOnlyList<InsuranceCard> cards, bool isJoined = false)
{
    /// <summary>Staff made two people of the list one: a card of theirs may stand in it under their former name.</summary>
    public bool IsJoined { get; } = isJoined;

    public Person Person { get; } = person;

    public IReadOnlyList<InsuranceCard> Cards { get; } = cards;

    /// <summary>The open card, or the last that there was.</summary>
    public InsuranceCard? Latest { get; } = cards.MaxBy(card => (card.ValidTo is null, card.ValidFrom));

    /// <summary>記号-番号-枝番 of that card.</summary>
    public string Card => Latest is null ? "-" : CardLabels.Of(Latest);

    public CardKey? LatestKey => Latest is null ? null : CardKey.Of(Latest);

    /// <summary>
    /// A member when the list came. Somebody whose announced day of leaving passed since the last list still has an open card: they leave now.
    /// </summary>
    public bool WasMember(DateOnly today) => Person.IsMemberOn(today) || Latest is { ValidTo: null };

    /// <summary>When this person, whom a list does not hold, leaves by it; null where they stay.</summary>
    /// <param name="successor">Who has the card in the list.</param>
    /// <param name="today">The date in Tokyo.</param>
    /// <param name="isDifference">Whether the list's silence means nothing.</param>
    public DateOnly? LeavesOn(ListedPerson? successor, DateOnly today, bool isDifference)
    {
        if (!Person.IsMemberOn(today))
        {
            return null;
        }

        if (!isDifference)
        {
            return today;
        }

        return successor is null ? null
            : successor.Latest.AcquiredOn > Latest!.ValidFrom && successor.Latest.AcquiredOn < today ? successor.Latest.AcquiredOn
            : today;
    }
}

/// <summary>The society's people as they are before a list, and the number of the import that made them so.</summary>
internal sealed record KnownMembers(IReadOnlyList<KnownPerson> People, int Version)
{
    /// <summary>How many member lists have been applied, and people joined and parted: an import that finds another number than it compared with starts again.</summary>
    public static async Task<int> VersionAsync(PortalContext db, CancellationToken cancellationToken) =>
        await db.ImportRuns.CountAsync(run => run.Format == MemberListImport.Format, cancellationToken)
        + await db.PersonJoins.CountAsync(cancellationToken) + await db.PersonJoins.CountAsync(join => join.UndoneAt != null, cancellationToken);

    public static async Task<KnownMembers> LoadAsync(PortalContext db, CancellationToken cancellationToken)
    {
        var version = await VersionAsync(db, cancellationToken);
        var persons = await db.Persons.AsNoTracking().ToListAsync(cancellationToken);
        var cards = (await db.InsuranceCards.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(card => card.PersonId);
        var joined = (await db.PersonJoins.Where(join => join.UndoneAt == null).Select(join => join.StayedId).ToListAsync(cancellationToken)).ToHashSet();
        return new KnownMembers([.. persons.Select(person => new KnownPerson(person, [.. cards[person.Id]], joined.Contains(person.Id)))], version);
    }
}

using System.Runtime.InteropServices;
using System.Text;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Core.ReceivedClaims;

/// <summary>What a claim tells of its patient, folded for comparison.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClaimPatient(
    string SymbolKey, string NumberKey, string? Branch, DateOnly BirthDate, Sex Sex, string NameKey, TreatmentMonth Month, Guid? ChosenPersonId = null)
{
    public static ClaimPatient Of(ReceivedClaim claim) =>
        new(claim.SymbolKey, claim.NumberKey, claim.Branch, claim.BirthDate, claim.Sex, claim.NameKey, claim.Month, claim.ChosenPersonId);

    /// <summary>カナ氏名, or 氏名 where there is none, folded: as a reading where it is one, else after NFKC without blanks.</summary>
    public static string FoldName(string? kana, string? name)
    {
        var text = kana ?? name;
        return KanaName.TryParse(text, out var reading) ? reading.Key : Fold(text ?? "");
    }

    /// <summary>A name written in kanji: the same letters whatever their width and the blanks between them.</summary>
    public static string Fold(string name) =>
        string.Concat(name.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();

    /// <summary>The month alone: whatever logs it shall not log a person.</summary>
    public override string ToString() => Month.ToString();
}

/// <summary>A person while they held a card. No record: its own ToString would carry the person into whatever logs it.</summary>
public sealed class CardHolder
{
    public required Guid PersonId { get; init; }

    /// <summary>枝番, two digits.</summary>
    public required string Branch { get; init; }

    /// <summary>The first day with the card.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The first day without.</summary>
    public DateOnly? To { get; init; }

    public required DateOnly BirthDate { get; init; }
    public required Sex Sex { get; init; }
    public required string KanaKey { get; init; }
    public required string Name { get; init; }

    /// <summary>資格喪失年月日.</summary>
    public DateOnly? LostOn { get; init; }

    /// <summary>Whether the card was theirs, and they a member, on a day of the month at least.</summary>
    public bool HeldIn(TreatmentMonth month)
    {
        var first = month.FirstDay;
        return From < first.AddMonths(1) && !(To <= first) && !(LostOn <= first);
    }

    public bool IsCalled(string nameKey) => nameKey.Length > 0
        && (string.Equals(KanaKey, nameKey, StringComparison.Ordinal) || string.Equals(ClaimPatient.Fold(Name), nameKey, StringComparison.Ordinal));
}

/// <summary>Whose a claim is.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClaimOwner(ClaimMatch Match, Guid? PersonId = null);

/// <summary>
/// Finds the person of a claim: 記号, 番号 and 枝番, and the birth date must agree too, for nothing is shown on a guess. Without 枝番: birth date and
/// sex, then the name, then whom staff chose. The card must have been theirs in the month of treatment.
/// </summary>
public sealed class ClaimMatching
{
    private readonly Dictionary<(string Symbol, string Number), List<CardHolder>> _holders;
    private readonly Dictionary<Guid, CardHolder> _people;
    private ILookup<DateOnly, ((string Symbol, string Number) Card, CardHolder Holder)>? _byBirthDate;

    /// <param name="cards">Every card of the society, with its folded 記号 and 番号.</param>
    /// <param name="capacity">About how many 記号・番号 there are.</param>
    public ClaimMatching(IEnumerable<(string SymbolKey, string NumberKey, CardHolder Holder)> cards, int capacity = 0)
    {
        _holders = new Dictionary<(string Symbol, string Number), List<CardHolder>>(capacity);
        _people = new Dictionary<Guid, CardHolder>(capacity);
        foreach (var (symbol, number, holder) in cards)
        {
            if (!_holders.TryGetValue((symbol, number), out var holders))
            {
                _holders[(symbol, number)] = holders = new List<CardHolder>(2);
            }

            holders.Add(holder);
            _people[holder.PersonId] = holder;
        }
    }

    /// <summary>Somebody who was found, with one of their cards.</summary>
    /// <exception cref="KeyNotFoundException">Nobody with a card has that id.</exception>
    public CardHolder PersonOf(Guid id) => _people[id];

    public ClaimOwner Find(in ClaimPatient patient)
    {
        if (!_holders.TryGetValue((patient.SymbolKey, patient.NumberKey), out var holders))
        {
            return new ClaimOwner(ClaimMatch.NoCard);
        }

        var reason = ClaimMatch.NoPerson;
        CardHolder? only = null;
        var several = false;
        foreach (var holder in holders)
        {
            var judged = Judge(patient, holder);
            if (judged != ClaimMatch.Matched)
            {
                // How far the best of them came.
                reason = judged > reason ? judged : reason;
            }
            else if (only is null)
            {
                only = holder;
            }
            else
            {
                several |= only.PersonId != holder.PersonId;
            }
        }

        return several ? OneOf(patient, holders) : only is null ? new ClaimOwner(reason) : new ClaimOwner(ClaimMatch.Matched, only.PersonId);
    }

    private static ClaimMatch Judge(in ClaimPatient patient, CardHolder holder)
    {
        var isOne = patient.Branch is { } branch
            ? string.Equals(holder.Branch, branch, StringComparison.Ordinal)
            : holder.BirthDate == patient.BirthDate && holder.Sex == patient.Sex;
        return !isOne ? ClaimMatch.NoPerson
            : holder.BirthDate != patient.BirthDate ? ClaimMatch.BirthDateDiffers
            : !holder.HeldIn(patient.Month) ? ClaimMatch.NotMemberThen
            : ClaimMatch.Matched;
    }

    /// <summary>Those among whom staff choose, by branch number: everybody who fits but for the name.</summary>
    public IReadOnlyList<CardHolder> CandidatesFor(ClaimPatient patient) =>
        _holders.TryGetValue((patient.SymbolKey, patient.NumberKey), out var holders)
            ? [.. holders.Where(holder => Judge(patient, holder) == ClaimMatch.Matched).DistinctBy(holder => holder.PersonId).OrderBy(holder => holder.Branch, StringComparer.Ordinal)]
            : [];

    /// <summary>For the eyes of staff: who holds the claim's card or held it, and who with another card has its birth date and name.</summary>
    internal IReadOnlyList<WaitingCandidate> LookFor(ClaimPatient patient)
    {
        _byBirthDate ??= _holders.SelectMany(card => card.Value.Select(holder => (Card: card.Key, Holder: holder))).ToLookup(found => found.Holder.BirthDate);
        var ofCard = _holders.GetValueOrDefault((patient.SymbolKey, patient.NumberKey), []);
        var elsewhere = _byBirthDate[patient.BirthDate]
            .Where(found => found.Card != (patient.SymbolKey, patient.NumberKey) && found.Holder.IsCalled(patient.NameKey) && !ofCard.Exists(holder => holder.PersonId == found.Holder.PersonId));
        return
        [
            .. ofCard.OrderBy(holder => holder.Branch, StringComparer.Ordinal).DistinctBy(holder => holder.PersonId)
                .Select(holder => WaitingCandidate.Of(patient, patient.SymbolKey, patient.NumberKey, holder)),
            .. elsewhere.OrderBy(found => found.Card.Symbol, StringComparer.Ordinal).ThenBy(found => found.Card.Number, StringComparer.Ordinal).DistinctBy(found => found.Holder.PersonId)
                .Select(found => WaitingCandidate.Of(patient, found.Card.Symbol, found.Card.Number, found.Holder)),
        ];
    }

    /// <summary>The name decides, and where it cannot, staff. Whom they chose of people who fit no more is no longer meant.</summary>
    private static ClaimOwner OneOf(in ClaimPatient patient, List<CardHolder> holders)
    {
        var byName = ByName(patient, holders);
        if (byName.Match == ClaimMatch.Ambiguous && patient.ChosenPersonId is { } chosen)
        {
            foreach (var holder in holders)
            {
                if (holder.PersonId == chosen && Judge(patient, holder) == ClaimMatch.Matched)
                {
                    return new ClaimOwner(ClaimMatch.Matched, chosen);
                }
            }
        }

        return byName;
    }

    private static ClaimOwner ByName(in ClaimPatient patient, List<CardHolder> holders)
    {
        Guid? named = null;
        foreach (var holder in holders)
        {
            if (Judge(patient, holder) != ClaimMatch.Matched || !holder.IsCalled(patient.NameKey) || holder.PersonId == named)
            {
                continue;
            }

            if (named is not null)
            {
                return new ClaimOwner(ClaimMatch.Ambiguous);
            }

            named = holder.PersonId;
        }

        return named is null ? new ClaimOwner(ClaimMatch.Ambiguous) : new ClaimOwner(ClaimMatch.Matched, named);
    }
}

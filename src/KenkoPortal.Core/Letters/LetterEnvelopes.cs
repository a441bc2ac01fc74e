using KenkoPortal.Core.Members;

namespace KenkoPortal.Core.Letters;

/// <summary>What goes into one envelope.</summary>
/// <param name="Addressee">To whom it goes.</param>
/// <param name="Persons">Whose credentials it holds.</param>
/// <param name="Kind">Which letter it is to them.</param>
internal sealed record LetterEnvelope(Person Addressee, IReadOnlyList<Person> Persons, LetterKind Kind);

/// <summary>
/// Sorts people into envelopes: the household's to the insured, a protected person's alone to their own address, and, where asked
/// for, a sheet a person from an age on. A letter never mixes two households.
/// </summary>
internal static class LetterEnvelopes
{
    /// <param name="recipients">Those who get credentials, in the list's order.</param>
    /// <param name="insured">The insured of each household, recipient or not.</param>
    /// <param name="mustBeAlone">Who gets an envelope of their own in any case.</param>
    /// <param name="recovering">Who has an account that the letter sets anew.</param>
    /// <param name="perPersonFromAge">From this age on people get a sheet of their own; null for none.</param>
    /// <param name="today">The date that ages are counted at.</param>
    public static IEnumerable<LetterEnvelope> Of(
        IReadOnlyList<Person> recipients, IReadOnlyDictionary<Guid, Person> insured, Predicate<Person> mustBeAlone, IReadOnlySet<Guid> recovering,
        int? perPersonFromAge, DateOnly today)
    {
        foreach (var household in recipients.GroupBy(p => p.HouseholdId))
        {
            foreach (var alone in household.Where(IsAlone))
            {
                yield return new LetterEnvelope(alone, [alone], recovering.Contains(alone.Id) ? LetterKind.Recovery : LetterKind.Own);
            }

            var together = household.Where(p => !IsAlone(p)).ToList();
            if (together.Count > 0)
            {
                var addressee = AddresseeOf(household.Key, together);
                yield return new LetterEnvelope(addressee, together, together is [var only] && only.Id == addressee.Id ? LetterKind.Own : LetterKind.Household);
            }
        }

        bool IsAlone(Person person) => person.IsProtected || mustBeAlone(person) || (perPersonFromAge is { } age && person.AgeOn(today) >= age);

        // A protected insured gets no letter for others; it goes to the eldest of them.
        Person AddresseeOf(Guid household, List<Person> together) =>
            insured.TryGetValue(household, out var found) && !found.IsProtected ? found : together.MinBy(p => p.BirthDate)!;
    }
}

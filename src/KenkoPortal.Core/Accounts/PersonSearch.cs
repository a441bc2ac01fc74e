using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>How far a person has come with the portal.</summary>
public enum PersonStanding
{
    /// <summary>No letter that can be used.</summary>
    NoLetter,

    /// <summary>登録のご案内 was issued, and its credentials can be used.</summary>
    Invited,
    Registered,
    Suspended,
}

/// <summary>A person as the help desk finds them.</summary>
/// <param name="Card">記号-番号-枝番, the newest.</param>
/// <param name="Name">氏名.</param>
/// <param name="Kana">氏名カナ.</param>
/// <param name="Relationship">続柄.</param>
/// <param name="Age">In whole years.</param>
/// <param name="Workplace">事業所; null where there is none, or the person is protected.</param>
/// <param name="IsProtected">非開示.</param>
/// <param name="LostOn">The first day without eligibility; it may be to come.</param>
/// <param name="Standing">How far they have come.</param>
public sealed record FoundPerson(
    string Card, string Name, string Kana, string Relationship, int Age, string? Workplace, bool IsProtected, DateOnly? LostOn, PersonStanding Standing);

/// <summary>
/// Finds people by card, birth date, 氏名カナ and 氏名, so that a caller can be found. Each search is an event with the kinds of its terms and the number of
/// hits. More than 50 hits show nobody: a search is no list of the members.
/// </summary>
public sealed class PersonSearch(PortalContext db, UnitOfWork work, AuditTrail audit, TimeProvider clock)
{
    public const int MostShown = 50;

    private const int LeastKana = 2;

    /// <summary>Finds who fits all terms.</summary>
    /// <param name="terms">Each 記号-番号, 記号-番号-枝番, 番号, a birth date, or the beginning of 氏名カナ or 氏名. Two readings are family and given name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null where more than 50 fit.</returns>
    /// <exception cref="PortalInputException">There is no term, or one is too short.</exception>
    public async Task<IReadOnlyList<FoundPerson>?> FindAsync(IReadOnlyList<string> terms, CancellationToken cancellationToken)
    {
        var (people, kinds) = Narrow(terms);
        return await work.CommitAsync(
            async () =>
            {
                var ids = await people.OrderBy(p => p.ListOrder).Select(p => p.Id).Take(MostShown + 1).ToListAsync(cancellationToken);
                audit.Add(AuditKind.PeopleSearched, db.SocietyId, $"terms={string.Join(',', kinds)} hits={(ids.Count > MostShown ? "moreThan50" : ids.Count)}");
                return ids.Count > MostShown ? null : await ShowAsync(ids, cancellationToken);
            },
            cancellationToken);
    }

    private (IQueryable<Person> People, List<string> Kinds) Narrow(IReadOnlyList<string> terms)
    {
        var people = db.Persons.AsNoTracking();
        var (kinds, readings) = (new List<string>(), new List<KanaName>());
        foreach (var term in terms.SelectMany(t => t.Split([' ', '\u3000'], StringSplitOptions.RemoveEmptyEntries)))
        {
            if (JapaneseDate.TryParse(term, out var birth))
            {
                people = people.Where(p => p.BirthDate == birth);
                kinds.Add("byBirth");
            }
            else if (CardIdentity.TryParsePerson(term, out var card) && card.Branch is { } branch)
            {
                // A 記号 may hold a hyphen: what reads as 記号-番号-枝番 may be 記号-番号.
                var (symbol, number, value) = (card.Symbol.Key, card.Number.Key, branch.Value);
                var (household, other) = CardIdentity.TryParseHousehold(term, out var whole) ? (whole.Symbol.Key, whole.Number.Key) : (symbol, number);
                people = people.Where(p => db.InsuranceCards.Any(c => c.PersonId == p.Id
                    && ((c.SymbolKey == symbol && c.NumberKey == number && c.Branch == value) || (c.SymbolKey == household && c.NumberKey == other && other != number))));
                kinds.Add("byCard");
            }
            else if (CardIdentity.TryParseHousehold(term, out var home))
            {
                var (symbol, number) = (home.Symbol.Key, home.Number.Key);
                people = people.Where(p => db.InsuranceCards.Any(c => c.PersonId == p.Id && c.SymbolKey == symbol && c.NumberKey == number));
                kinds.Add("byHousehold");
            }
            else if (term.All(char.IsDigit) && CardNumber.TryParse(term, out var only))
            {
                var number = only.Key;
                people = people.Where(p => db.InsuranceCards.Any(c => c.PersonId == p.Id && c.NumberKey == number));
                kinds.Add("byNumber");
            }
            else if (KanaName.TryParse(term, out var kana))
            {
                readings.Add(kana);
            }
            else if (PersonName.TryParse(term, out var name))
            {
                var start = name.Text;
                people = people.Where(p => p.Name.Replace(" ", "").Replace("\u3000", "").StartsWith(start));
                kinds.Add("byName");
            }
            else
            {
                throw new PortalInputException(PersonSearchText.TermForm.With(PlainText.Shown(term)));
            }
        }

        if (readings.Count > 0)
        {
            if (readings.Sum(r => r.Key.Length) < LeastKana && kinds.Count == 0)
            {
                throw new PortalInputException(PersonSearchText.TooShort);
            }

            var start = readings[0].Key;
            people = people.Where(p => p.KanaKey.StartsWith(start));
            foreach (var given in readings.Skip(1).Select(r => r.Text))
            {
                people = people.Where(p => p.Kana.Contains(" " + given) || p.Kana.Contains("\u3000" + given));
            }

            kinds.Add("byKana");
        }

        return kinds.Count > 0 ? (people, kinds) : throw new PortalInputException(PersonSearchText.NoTerm);
    }

    private async Task<IReadOnlyList<FoundPerson>> ShowAsync(List<Guid> ids, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = JapanTime.DateOf(now);
        var persons = await db.Persons.AsNoTracking().Where(p => ids.Contains(p.Id)).OrderBy(p => p.ListOrder).ToListAsync(cancellationToken);
        var cards = (await db.InsuranceCards.AsNoTracking().Where(c => ids.Contains(c.PersonId)).ToListAsync(cancellationToken)).ToLookup(c => c.PersonId);
        var accounts = await db.MemberAccounts.AsNoTracking().Where(a => ids.Contains(a.PersonId)).ToDictionaryAsync(a => a.PersonId, a => a.SuspendedAt, cancellationToken);
        var invited = (await db.ProvisionalCredentials.AsNoTracking()
            .Where(c => ids.Contains(c.PersonId) && c.VoidedAt == null && c.UsedAt == null && c.ExpiresAt > now).Select(c => c.PersonId).ToListAsync(cancellationToken)).ToHashSet();
        return
        [
            .. persons.Select(person => new FoundPerson(
                cards[person.Id].OrderBy(c => c.ValidTo is not null).ThenByDescending(c => c.ValidFrom).Select(c => $"{c.Symbol}-{c.Number}-{c.Branch}").FirstOrDefault() ?? "-",
                person.Name, person.Kana, person.Relationship, person.AgeOn(today), person.IsProtected ? null : person.Workplace, person.IsProtected, person.LostOn,
                accounts.TryGetValue(person.Id, out var suspended) ? suspended is null ? PersonStanding.Registered : PersonStanding.Suspended
                    : invited.Contains(person.Id) ? PersonStanding.Invited : PersonStanding.NoLetter)),
        ];
    }
}

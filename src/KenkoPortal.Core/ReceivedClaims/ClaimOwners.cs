using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.ReceivedClaims;

/// <summary>A claim that waits for its person: what it says, and whom of the list it may be about.</summary>
public sealed record WaitingClaim(string Number, TreatmentMonth Month, ClaimMatch Reason, CareKind Care, string SymbolKey, string NumberKey, string? Branch)
{
    public required string InstitutionName { get; init; }
    public required int TotalYen { get; init; }
    public required DateOnly BirthDate { get; init; }
    public required Sex Sex { get; init; }

    /// <summary>カナ氏名 or 氏名, folded.</summary>
    public required string NameKey { get; init; }

    /// <summary>Days since it came, or since it last changed.</summary>
    public required int Days { get; init; }

    /// <summary>Who holds its card, and who elsewhere has its birth date and name.</summary>
    public IReadOnlyList<WaitingCandidate> People { get; init; } = [];

    /// <summary>枝番 of those among whom staff choose (<see cref="ClaimChoice"/>).</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>The number alone: a record's own ToString would carry the card into whatever logs it.</summary>
    public override string ToString() => Number;
}

/// <summary>Somebody whom a claim that waits may be about, as the list has them, and what of it differs. No record: its own ToString would carry the person into whatever logs it.</summary>
public sealed class WaitingCandidate
{
    public required string SymbolKey { get; init; }
    public required string NumberKey { get; init; }
    public required string Branch { get; init; }
    public required string KanaKey { get; init; }
    public required string Name { get; init; }
    public required DateOnly BirthDate { get; init; }
    public required Sex Sex { get; init; }
    public required bool IsOtherCard { get; init; }

    /// <summary>A claim without 枝番 differs from nobody in it.</summary>
    public required bool IsOtherBranch { get; init; }

    public required bool IsOtherName { get; init; }
    public required bool IsOtherBirthDate { get; init; }
    public required bool IsOtherSex { get; init; }

    /// <summary>The card was theirs, and they a member, in the month of treatment.</summary>
    public required bool IsHeldThen { get; init; }

    internal static WaitingCandidate Of(in ClaimPatient patient, string symbolKey, string numberKey, CardHolder holder) => new()
    {
        SymbolKey = symbolKey, NumberKey = numberKey, Branch = holder.Branch, KanaKey = holder.KanaKey, Name = holder.Name, BirthDate = holder.BirthDate, Sex = holder.Sex,
        IsOtherCard = (symbolKey, numberKey) != (patient.SymbolKey, patient.NumberKey),
        IsOtherBranch = patient.Branch is not null && patient.Branch != holder.Branch,
        IsOtherName = !holder.IsCalled(patient.NameKey),
        IsOtherBirthDate = holder.BirthDate != patient.BirthDate,
        IsOtherSex = holder.Sex != patient.Sex,
        IsHeldThen = holder.HeldIn(patient.Month),
    };
}

/// <summary>Brings received claims and people together, now and again: what waits matches by itself once the members' list is mended.</summary>
public sealed class ClaimOwners(PortalContext db, BulkWrites bulk, TimeProvider clock)
{
    /// <summary>What imports of lists and of claims wait for one another at: each reads what the other writes.</summary>
    public const string Queue = "members";

    private const int RowsAtOnce = 5000;

    private static readonly string[] Owner = [nameof(ReceivedClaim.Match), nameof(ReceivedClaim.PersonId), nameof(ReceivedClaim.ChangedAt)];

    /// <summary>The reasons that another members' list can end.</summary>
    private static readonly ClaimMatch[] Waiting =
        [ClaimMatch.NoCard, ClaimMatch.NoPerson, ClaimMatch.BirthDateDiffers, ClaimMatch.NotMemberThen, ClaimMatch.Ambiguous];

    /// <summary>The society's cards and people, once for many claims.</summary>
    public async Task<ClaimMatching> LoadAsync(CancellationToken cancellationToken)
    {
        var people = await db.Persons.AsNoTracking()
            .Select(p => new { p.Id, p.BirthDate, p.Sex, p.KanaKey, p.Name, p.LostOn }).ToDictionaryAsync(p => p.Id, cancellationToken);
        var cards = await db.InsuranceCards.AsNoTracking()
            .Select(c => new { c.PersonId, c.SymbolKey, c.NumberKey, c.Branch, c.ValidFrom, c.ValidTo }).ToListAsync(cancellationToken);
        return new ClaimMatching(
            cards.Select(card =>
            {
                var person = people[card.PersonId];
                return (card.SymbolKey, card.NumberKey, new CardHolder
                {
                    PersonId = card.PersonId,
                    Branch = card.Branch,
                    From = card.ValidFrom,
                    To = card.ValidTo,
                    BirthDate = person.BirthDate,
                    Sex = person.Sex,
                    KanaKey = person.KanaKey,
                    Name = person.Name,
                    LostOn = person.LostOn,
                });
            }),
            cards.Count);
    }

    /// <summary>Whether any claim waits for a person of this society.</summary>
    public Task<bool> IsAnyWaitingAsync(CancellationToken cancellationToken) =>
        db.ReceivedClaims.AnyAsync(c => Waiting.Contains(c.Match), cancellationToken);

    /// <summary>Matches anew, inside the running transaction, the claims that wait.</summary>
    /// <param name="matching">The people as they are now.</param>
    /// <param name="verified">A month of which the claims that have a person are looked at too; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many of those that waited found their person.</returns>
    public async Task<int> MatchAgainAsync(ClaimMatching matching, TreatmentMonth? verified, CancellationToken cancellationToken)
    {
        var changes = await ChangesAsync(db.ReceivedClaims.Where(c => Waiting.Contains(c.Match)), matching, cancellationToken);
        var found = changes.Values.Count(owner => owner.Match == ClaimMatch.Matched);
        if (verified is { } month)
        {
            var matched = db.ReceivedClaims.Where(c => c.Month == month && c.Match == ClaimMatch.Matched);
            foreach (var (id, owner) in await ChangesAsync(matched, matching, cancellationToken))
            {
                changes[id] = owner;
            }
        }

        var now = clock.GetUtcNow();
        foreach (var ids in changes.Keys.Chunk(RowsAtOnce))
        {
            var claims = await db.ReceivedClaims.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(cancellationToken);
            foreach (var claim in claims)
            {
                (claim.Match, claim.PersonId, claim.ChangedAt) = (changes[claim.Id].Match, changes[claim.Id].PersonId, now);
            }

            await bulk.UpdateAsync(claims, Owner, cancellationToken);
        }

        return found;
    }

    /// <summary>Those that wait, by month and number; returned ones do not. Staff are shown them by <see cref="ClaimChoice"/>, which writes the look down.</summary>
    internal async Task<IReadOnlyList<WaitingClaim>> WaitingAsync(CancellationToken cancellationToken)
    {
        var claims = await db.ReceivedClaims.AsNoTracking()
            .Where(c => c.Match != ClaimMatch.Matched && c.WithdrawnAt == null)
            .OrderBy(c => c.Month).ThenBy(c => c.Number)
            .Select(c => new
            {
                c.Number, c.Month, c.Match, c.Care, c.SymbolKey, c.NumberKey, c.Branch, c.InstitutionName, c.Amounts.TotalYen, c.BirthDate, c.Sex, c.NameKey, c.ChangedAt,
            })
            .ToListAsync(cancellationToken);
        if (claims.Count == 0)
        {
            return [];
        }

        var (matching, now) = (await LoadAsync(cancellationToken), clock.GetUtcNow());
        return claims.ConvertAll(c =>
        {
            var patient = new ClaimPatient(c.SymbolKey, c.NumberKey, c.Branch, c.BirthDate, c.Sex, c.NameKey, c.Month);
            return new WaitingClaim(c.Number, c.Month, c.Match, c.Care, c.SymbolKey, c.NumberKey, c.Branch)
            {
                InstitutionName = c.InstitutionName,
                TotalYen = c.TotalYen,
                BirthDate = c.BirthDate,
                Sex = c.Sex,
                NameKey = c.NameKey,
                Days = Math.Max(0, (int)(now - c.ChangedAt).TotalDays),
                People = matching.LookFor(patient),
                Candidates = c.Match != ClaimMatch.Ambiguous ? [] : [.. matching.CandidatesFor(patient).Select(holder => holder.Branch)],
            };
        });
    }

    /// <summary>How many wait, by reason.</summary>
    /// <param name="month">Of a month, or null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SortedDictionary<ClaimMatch, int>> CountWaitingAsync(TreatmentMonth? month, CancellationToken cancellationToken)
    {
        var waiting = db.ReceivedClaims.Where(c => c.Match != ClaimMatch.Matched && c.WithdrawnAt == null);
        if (month is { } only)
        {
            waiting = waiting.Where(c => c.Month == only);
        }

        var counts = await waiting.GroupBy(c => c.Match).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        return new SortedDictionary<ClaimMatch, int>(counts.ToDictionary(c => c.Key, c => c.Count));
    }

    private static async Task<Dictionary<Guid, ClaimOwner>> ChangesAsync(
        IQueryable<ReceivedClaim> claims, ClaimMatching matching, CancellationToken cancellationToken)
    {
        var changes = new Dictionary<Guid, ClaimOwner>();
        var rows = claims.AsNoTracking()
            .Select(c => new { c.Id, c.SymbolKey, c.NumberKey, c.Branch, c.BirthDate, c.Sex, c.NameKey, c.Month, c.Match, c.PersonId, c.ChosenPersonId });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var owner = matching.Find(new ClaimPatient(
                row.SymbolKey, row.NumberKey, row.Branch, row.BirthDate, row.Sex, row.NameKey, row.Month, row.ChosenPersonId));
            if (owner != new ClaimOwner(row.Match, row.PersonId))
            {
                changes[row.Id] = owner;
            }
        }

        return changes;
    }
}

using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Publication;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Sharing;

/// <summary>
/// What its owner keeps from the household, inside the running transaction. A claim that was returned is billed anew under another number, and a correction may give a claim
/// another institution's code or another month, so what is kept goes on to such lines at the moment in which members first see them.
/// </summary>
public sealed class HiddenLines(PortalContext db, Visibility visibility, TimeProvider clock)
{
    /// <summary>Keeps a line from the household.</summary>
    public void Hide(Guid personId, Guid claimId, TreatmentMonth month, InstitutionIdentity institution) => db.HiddenClaims.Add(new HiddenClaim
    {
        SocietyId = db.SocietyId,
        PersonId = personId,
        ClaimId = claimId,
        Month = month,
        InstitutionKey = institution.Key!,
        InstitutionName = institution.Name,
        HiddenAt = clock.GetUtcNow(),
    });

    /// <summary>Keeps an institution from the household: what came of it and what comes.</summary>
    public HiddenInstitution Hide(Guid personId, InstitutionIdentity institution)
    {
        var hidden = new HiddenInstitution
        {
            SocietyId = db.SocietyId, PersonId = personId, InstitutionKey = institution.Key!, InstitutionName = institution.Name ?? institution.Key!, HiddenAt = clock.GetUtcNow(),
        };
        db.HiddenInstitutions.Add(hidden);
        return hidden;
    }

    /// <summary>What keeps a line from the household; none where it is shown. Several where a correction gave the claim another code: both go on to take pharmacies' lines along.</summary>
    public Task<List<HiddenClaim>> OfAsync(Guid personId, Guid claimId, CancellationToken cancellationToken) =>
        db.HiddenClaims.Where(h => h.PersonId == personId && h.ClaimId == claimId).ToListAsync(cancellationToken);

    /// <summary>
    /// Shows a line again. With it goes what stands for a claim in whose place it came: that has no line any more by which it could be shown. A claim that stood beside it in
    /// any version was another visit, and stays hidden.
    /// </summary>
    /// <param name="stored">What keeps the line (<see cref="OfAsync"/>).</param>
    /// <param name="month">The line's month.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ShowAsync(IReadOnlyList<HiddenClaim> stored, TreatmentMonth month, CancellationToken cancellationToken)
    {
        var (person, claim) = (stored[0].PersonId, stored[0].ClaimId);
        var others = await db.HiddenClaims
            .Where(h => h.PersonId == person && h.Month == month && h.ClaimId != claim
                && !db.MedicalCostLines.Any(l => l.PersonId == h.PersonId && l.Month == month && l.ClaimId == h.ClaimId
                    && db.MedicalCostLines.Any(o => o.PersonId == l.PersonId && o.Month == month && o.ClaimId == claim && o.PublicationId == l.PublicationId)))
            .ToListAsync(cancellationToken);
        var ids = others.ConvertAll(h => h.ClaimId);
        var named = await db.HiddenClaims.AsNoTracking().Where(h => h.PersonId == person && ids.Contains(h.ClaimId)).ToListAsync(cancellationToken);
        var gone = named.FindAll(h => stored.Any(s => s.Identity.MayBe(h.Identity))).ConvertAll(h => h.ClaimId);
        db.HiddenClaims.RemoveRange([.. stored, .. others.FindAll(h => gone.Contains(h.ClaimId))]);
    }

    /// <summary>
    /// Hides in a version that is published now what was hidden before: a hidden claim whose code or month was corrected, every new line of the institution and month of a
    /// hidden one, and the other key of an institution that is hidden altogether. A claim that its institution or prescriber hid in any version stays hidden when a
    /// correction names others, and when the claim is found to be another person's: its owner can show it again.
    /// </summary>
    /// <param name="published">The version.</param>
    /// <param name="earlier">Whose place it takes; null where the month is not published, or is no more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many lines.</returns>
    public async Task<int> FollowAsync(NoticeVersion published, NoticeVersion? earlier, CancellationToken cancellationToken)
    {
        var (keptClaims, keptInstitutions) = (await db.HiddenClaims.AsNoTracking().ToListAsync(cancellationToken), await db.HiddenInstitutions.AsNoTracking().ToListAsync(cancellationToken));
        var hiders = keptClaims.Select(h => h.PersonId).Concat(keptInstitutions.Select(h => h.PersonId)).Distinct().ToArray();
        if (hiders.Length == 0)
        {
            return 0;
        }

        var (id, month) = (published.Id, published.Month);
        var before = earlier?.Id ?? await db.Publications.Where(p => p.Month == month && p.State == PublicationState.Withdrawn)
            .OrderByDescending(p => p.EndedAt).Select(p => (Guid?)p.Id).FirstOrDefaultAsync(cancellationToken);
        var all = await visibility.LinesAsync(hiders, cancellationToken);
        var hiding = Hiding.Of(keptClaims, keptInstitutions, all);
        var shown = (await db.Publications.Where(p => p.Id != id && p.State != PublicationState.Computed).Select(p => p.Id).ToListAsync(cancellationToken)).ToHashSet();
        var hidden = all.FindAll(l => shown.Contains(l.PublicationId) && hiding.By(l.PersonId, l.PublicationId, l.ClaimId) is not null);
        var claims = hidden.Select(l => l.ClaimId).Concat(hiding.Claims.Select(c => c.ClaimId)).ToHashSet();
        var ids = claims.ToArray();
        var lines = await (
            from line in db.MedicalCostLines.AsNoTracking()
            where line.PublicationId == id && (hiders.Contains(line.PersonId) || ids.Contains(line.ClaimId))
            select new PublishedLine(
                line.PersonId, line.ClaimId, line.InstitutionKey, line.InstitutionName,
                !db.MedicalCostLines.Any(o => o.PersonId == line.PersonId && o.Month == month && o.ClaimId == line.ClaimId && o.PublicationId == before)))
            .ToListAsync(cancellationToken);
        var hiddenBefore = hidden.Where(l => l.PublicationId == before).Select(l => (l.PersonId, l.ClaimId)).ToHashSet();
        var present = lines.Select(l => l.ClaimId).ToHashSet();
        var gone = hidden.FindAll(l => l.Month == month && !present.Contains(l.ClaimId)).ToLookup(l => l.PersonId, l => l.Institution);
        var count = 0;
        foreach (var ofPerson in lines.GroupBy(l => l.PersonId))
        {
            var person = ofPerson.Key;
            count += Follow([.. ofPerson], month, [.. hiding.Claims.Where(c => c.PersonId == person)], [.. gone[person]], WasHidden);
            FollowInstitutions(
                ofPerson.Where(l => hiding.IsInstitutionHidden(person, l.Institution)), hiding.Institutions.Where(i => i.PersonId == person).Select(i => i.InstitutionKey));
        }

        return count;

        // One that the version before shows was shown by its owner.
        bool WasHidden(PublishedLine line) => claims.Contains(line.ClaimId) && hiding.By(line.PersonId, id, line.ClaimId) is null
            && (line.IsNew || hiddenBefore.Contains((line.PersonId, line.ClaimId)));
    }

    /// <summary>
    /// Divides what one person hides where two become of it: a claim's goes with the claim, and an institution that was hidden since goes to each who was there.
    /// </summary>
    /// <param name="stayedId">Who has all of it.</param>
    /// <param name="goneId">Who has their lines already.</param>
    /// <param name="since">When the two became one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task DivideAsync(Guid stayedId, Guid goneId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await db.HiddenClaims
            .Where(h => h.PersonId == stayedId
                && db.MedicalCostLines.Any(l => l.ClaimId == h.ClaimId && l.PersonId == goneId)
                && !db.HiddenClaims.Any(o => o.PersonId == goneId && o.ClaimId == h.ClaimId && o.Month == h.Month && o.InstitutionKey == h.InstitutionKey))
            .ExecuteUpdateAsync(set => set.SetProperty(h => h.PersonId, goneId), cancellationToken);
        var institutions = await db.HiddenInstitutions.AsNoTracking().Where(h => h.PersonId == stayedId && h.HiddenAt >= since).ToListAsync(cancellationToken);
        var visits = (await visibility.LinesAsync([goneId], cancellationToken)).ConvertAll(l => l.Institution);
        var known = await db.HiddenInstitutions.Where(h => h.PersonId == goneId).Select(h => h.InstitutionKey).ToListAsync(cancellationToken);
        foreach (var hidden in institutions.Where(h => !known.Contains(h.InstitutionKey) && visits.Exists(h.Identity.MayBe)))
        {
            Hide(goneId, hidden.Identity);
        }
    }

    private int Follow(
        IReadOnlyList<PublishedLine> lines, TreatmentMonth month, IReadOnlyList<HiddenClaim> kept, IReadOnlyList<InstitutionIdentity> gone, Predicate<PublishedLine> wasHidden)
    {
        var corrected = lines.Where(l => kept.Any(h => h.ClaimId == l.ClaimId)
            ? !kept.Any(h => h.ClaimId == l.ClaimId && h.Month == month && h.InstitutionKey == l.InstitutionKey)
            : wasHidden(l)).ToList();
        var institutions = kept.Where(h => h.Month == month).Select(h => h.Identity).Concat(corrected.Select(l => l.Institution)).Concat(gone).ToList();
        var billedAnew = lines.Where(l => l.IsNew && !corrected.Contains(l) && !kept.Any(h => h.ClaimId == l.ClaimId) && institutions.Exists(i => i.MayBe(l.Institution))).ToList();
        foreach (var line in corrected.Concat(billedAnew))
        {
            Hide(line.PersonId, line.ClaimId, month, line.Institution);
        }

        return corrected.Count + billedAnew.Count;
    }

    /// <summary>An institution that is known under another key is hidden under that key too: its pharmacies' claims may name that one alone.</summary>
    private void FollowInstitutions(IEnumerable<PublishedLine> lines, IEnumerable<string> keys)
    {
        var known = keys.ToHashSet(StringComparer.Ordinal);
        foreach (var line in lines.Where(l => known.Add(l.InstitutionKey)))
        {
            Hide(line.PersonId, line.Institution);
        }
    }

    private sealed record PublishedLine(Guid PersonId, Guid ClaimId, string InstitutionKey, string InstitutionName, bool IsNew)
    {
        public InstitutionIdentity Institution => new(InstitutionKey, InstitutionName);
    }
}

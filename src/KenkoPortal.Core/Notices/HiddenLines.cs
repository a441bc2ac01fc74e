using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Notices;

/// <summary>
/// What its owner keeps from the household, inside the running transaction. A claim that was returned is billed anew under another number, and a correction may give a claim
/// another institution's code or another month, so what is kept goes on to such lines at the moment in which members first see them.
/// </summary>
public sealed class HiddenLines(PortalContext db, TimeProvider clock)
{
    /// <summary>Keeps a line from the household.</summary>
    public void Hide(Guid personId, Guid claimId, TreatmentMonth month, string institutionKey) => db.HiddenClaims.Add(new HiddenClaim
    {
        SocietyId = db.SocietyId,
        PersonId = personId,
        ClaimId = claimId,
        Month = month,
        InstitutionKey = institutionKey,
        HiddenAt = clock.GetUtcNow(),
    });

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
        string[] institutions = [.. stored.Select(h => h.InstitutionKey)];
        var gone = await db.HiddenClaims
            .Where(h => h.PersonId == person && h.Month == month && h.ClaimId != claim
                && db.HiddenClaims.Any(o => o.PersonId == h.PersonId && o.ClaimId == h.ClaimId && institutions.Contains(o.InstitutionKey))
                && !db.MedicalCostLines.Any(l => l.PersonId == h.PersonId && l.Month == month && l.ClaimId == h.ClaimId
                    && db.MedicalCostLines.Any(o => o.PersonId == l.PersonId && o.Month == month && o.ClaimId == claim && o.PublicationId == l.PublicationId)))
            .ToListAsync(cancellationToken);
        db.HiddenClaims.RemoveRange([.. stored, .. gone]);
    }

    /// <summary>
    /// Keeps of a version that is published now what its people kept before: a hidden claim whose code or month was corrected, and every line that the version before did not
    /// have, where its person keeps anything of that institution and month.
    /// </summary>
    /// <param name="published">The version.</param>
    /// <param name="earlier">Whose place it takes; null where the month is not published, or is no more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many lines.</returns>
    public async Task<int> FollowAsync(Publication published, Publication? earlier, CancellationToken cancellationToken)
    {
        var (id, month) = (published.Id, published.Month);
        var before = earlier?.Id ?? await db.Publications.Where(p => p.Month == month && p.State == PublicationState.Withdrawn)
            .OrderByDescending(p => p.EndedAt).Select(p => (Guid?)p.Id).FirstOrDefaultAsync(cancellationToken);
        var lines = await (
            from line in db.MedicalCostLines.AsNoTracking()
            where line.PublicationId == id && db.HiddenClaims.Any(h => h.PersonId == line.PersonId)
            select new
            {
                line.PersonId,
                line.ClaimId,
                line.InstitutionKey,
                IsNew = !db.MedicalCostLines.Any(o => o.PersonId == line.PersonId && o.Month == month && o.ClaimId == line.ClaimId && o.PublicationId == before),
            }).ToListAsync(cancellationToken);
        var people = lines.Select(line => line.PersonId).Distinct().ToArray();
        var kept = await db.HiddenClaims.AsNoTracking().Where(h => people.Contains(h.PersonId)).ToListAsync(cancellationToken);
        var claims = kept.Select(h => (h.PersonId, h.ClaimId)).ToHashSet();
        var links = kept.Select(h => (h.PersonId, h.ClaimId, h.Month, h.InstitutionKey)).ToHashSet();
        var corrected = lines.FindAll(l => claims.Contains((l.PersonId, l.ClaimId)) && !links.Contains((l.PersonId, l.ClaimId, month, l.InstitutionKey)));
        var institutions = kept.Where(h => h.Month == month).Select(h => (h.PersonId, h.InstitutionKey))
            .Concat(corrected.Select(l => (l.PersonId, l.InstitutionKey))).ToHashSet();
        var billedAnew = lines.FindAll(l => l.IsNew && !claims.Contains((l.PersonId, l.ClaimId)) && institutions.Contains((l.PersonId, l.InstitutionKey)));
        foreach (var line in corrected.Concat(billedAnew))
        {
            Hide(line.PersonId, line.ClaimId, month, line.InstitutionKey);
        }

        return corrected.Count + billedAnew.Count;
    }
}

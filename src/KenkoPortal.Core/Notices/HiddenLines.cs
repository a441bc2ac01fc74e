using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Notices;

/// <summary>
/// What its owner keeps from the household, inside the running transaction. A claim that was returned is billed anew under another number, so what is kept goes on to
/// each new line of that person, institution and month at the moment in which members first see it.
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

    /// <summary>Shows a line again. With it goes what stands for a claim in whose place it came: that has no line any more by which it could be shown.</summary>
    /// <param name="stored">What keeps the line.</param>
    /// <param name="institutionKey">The line's institution.</param>
    /// <param name="publicationId">The version in which the line is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ShowAsync(HiddenClaim stored, string institutionKey, Guid publicationId, CancellationToken cancellationToken)
    {
        var (person, month) = (stored.PersonId, stored.Month);
        var gone = await db.HiddenClaims
            .Where(h => h.PersonId == person && h.Month == month && h.InstitutionKey == institutionKey && h.Id != stored.Id
                && !db.MedicalCostLines.Any(l => l.PersonId == h.PersonId && l.Month == month && l.ClaimId == h.ClaimId && l.PublicationId == publicationId))
            .ToListAsync(cancellationToken);
        db.HiddenClaims.RemoveRange([stored, .. gone]);
    }

    /// <summary>Keeps of a version that is published now every line that no version had before, where its person keeps anything of that institution and month.</summary>
    /// <returns>How many lines.</returns>
    public async Task<int> FollowAsync(Publication published, CancellationToken cancellationToken)
    {
        var (id, month) = (published.Id, published.Month);
        var lines = await (
            from line in db.MedicalCostLines.AsNoTracking()
            where line.PublicationId == id
                && db.HiddenClaims.Any(h => h.PersonId == line.PersonId && h.Month == month && h.InstitutionKey == line.InstitutionKey)
                && !db.HiddenClaims.Any(h => h.PersonId == line.PersonId && h.ClaimId == line.ClaimId)
                && !db.MedicalCostLines.Any(o => o.PersonId == line.PersonId && o.Month == month && o.ClaimId == line.ClaimId && o.PublicationId != id)
            select new { line.PersonId, line.ClaimId, line.InstitutionKey }).ToListAsync(cancellationToken);
        foreach (var line in lines)
        {
            Hide(line.PersonId, line.ClaimId, month, line.InstitutionKey);
        }

        return lines.Count;
    }
}

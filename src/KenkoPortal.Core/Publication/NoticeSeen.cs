using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>How many of a month's notices were seen. Counts only: who saw what is told where a month is withdrawn.</summary>
/// <param name="Version">The month as members see it.</param>
/// <param name="People">Who has a notice of the month.</param>
/// <param name="WithAccount">Of them, who can log in.</param>
/// <param name="Seen">Of them, whose notice was seen, by themselves or by family to whom it is open.</param>
/// <param name="ByDay">Of those who were seen, on which day (Tokyo) for the first time.</param>
public sealed record SeenCounts(NoticeVersion Version, int People, int WithAccount, int Seen, IReadOnlyList<KeyValuePair<DateOnly, int>> ByDay);

/// <summary>Counts who has seen a month (<c>notices seen</c>).</summary>
public sealed class NoticeSeen(PortalContext db, TimeProvider clock)
{
    /// <exception cref="PortalInputException">Members do not see the month.</exception>
    public async Task<SeenCounts> CountAsync(TreatmentMonth month, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(clock.GetUtcNow());
        var published = await db.Publications.AsNoTracking().SingleOrDefaultAsync(p => p.Month == month && p.State == PublicationState.Published, cancellationToken);
        if (published?.IsVisibleOn(today) != true)
        {
            throw new PortalInputException(PublicationText.NothingPublished.With(month));
        }

        var id = published.Id;
        var people = db.MedicalCostLines.Where(l => l.PublicationId == id).Select(l => l.PersonId)
            .Union(db.GenericDrugLines.Where(l => l.PublicationId == id).Select(l => l.PersonId));
        var all = await people.CountAsync(cancellationToken);
        var withAccount = await db.MemberAccounts.CountAsync(a => people.Contains(a.PersonId), cancellationToken);
        // Who saw an earlier version of the month has seen it: the unread mark of a replacement is another matter.
        var firsts = await db.NoticeSights
            .Where(s => people.Contains(s.PersonId) && db.Publications.Any(p => p.Id == s.PublicationId && p.Month == month && p.PublishOn != null))
            .GroupBy(s => s.PersonId).Select(g => g.Min(s => s.SeenAt)).ToListAsync(cancellationToken);
        var byDay = firsts.GroupBy(JapanTime.DateOf).OrderBy(g => g.Key).Select(g => KeyValuePair.Create(g.Key, g.Count())).ToList();
        return new SeenCounts(published, all, withAccount, firsts.Count, byDay);
    }
}

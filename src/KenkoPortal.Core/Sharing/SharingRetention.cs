using System.Linq.Expressions;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;

namespace KenkoPortal.Core.Sharing;

internal sealed class SharingRetention(PortalContext db, UnitOfWork work, DisclosureEnding disclosures, TimeProvider clock) : RetentionRules(db, work, clock)
{
    public override async Task DeleteAsync(CancellationToken cancellationToken)
    {
        // A pharmacy's line that can still be read may be for a prescription of a month that cannot.
        var (today, society) = (JapanTime.DateOf(Now), Db.Current.Society);
        var oldest = society.OldestMonthOn(today).AddMonths(-PrescribedMonths.MostMonthsLater);
        await DeleteAsync(Db.HiddenClaims.Where(h => h.Month < oldest), h => h.Id, cancellationToken);

        // What the insured opened for a child ends at the age from which the child decides (row Z2). Were it left, a raised age would open it again (row Z9).
        var (persons, youngest) = (Db.Persons, today.AddYears(-society.GuardianAgeOn(today)));
        Expression<Func<DisclosureSetting, bool>> isOver = d => d.SetByPersonId != d.PersonId && persons.Any(p => p.Id == d.PersonId && p.BirthDate <= youngest);
        await ChangeAsync(Db.DisclosureSettings.Where(d => d.Until == null && d.IsOpen).Where(isOver), _ => disclosures.CloseAsync(isOver, cancellationToken), cancellationToken);
    }
}

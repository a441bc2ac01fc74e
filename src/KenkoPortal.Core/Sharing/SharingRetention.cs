using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;

namespace KenkoPortal.Core.Sharing;

internal sealed class SharingRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
{
    public override Task DeleteAsync(CancellationToken cancellationToken)
    {
        // A pharmacy's line that can still be read may be for a prescription of a month that cannot.
        var oldest = Db.Current.Society.OldestMonthOn(JapanTime.DateOf(Now)).AddMonths(-PrescribedMonths.MostMonthsLater);
        return DeleteAsync(Db.HiddenClaims.Where(h => h.Month < oldest), h => h.Id, cancellationToken);
    }
}

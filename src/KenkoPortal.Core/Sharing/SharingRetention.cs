using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;

namespace KenkoPortal.Core.Sharing;

internal sealed class SharingRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
{
    public override Task DeleteAsync(CancellationToken cancellationToken)
    {
        var oldest = Db.Current.Society.OldestMonthOn(JapanTime.DateOf(Now));
        return DeleteAsync(Db.HiddenClaims.Where(h => h.Month < oldest), h => h.Id, cancellationToken);
    }
}

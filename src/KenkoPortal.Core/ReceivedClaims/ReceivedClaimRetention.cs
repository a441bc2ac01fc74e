using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;

namespace KenkoPortal.Core.ReceivedClaims;

internal sealed class ReceivedClaimRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
{
    public override Task DeleteAsync(CancellationToken cancellationToken)
    {
        var oldest = Db.Current.Society.OldestMonthOn(JapanTime.DateOf(Now));
        return DeleteAsync(Db.ReceivedClaims.Where(c => c.Month < oldest), c => c.Id, cancellationToken);
    }
}

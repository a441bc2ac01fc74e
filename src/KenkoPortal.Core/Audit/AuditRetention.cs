using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;

namespace KenkoPortal.Core.Audit;

internal sealed class AuditRetention(PortalContext db, UnitOfWork work, AuditTallies tallies, TimeProvider clock) : RetentionRules(db, work, clock)
{
    public override Task EndAsync(CancellationToken cancellationToken) => tallies.CloseAsync(cancellationToken);
}

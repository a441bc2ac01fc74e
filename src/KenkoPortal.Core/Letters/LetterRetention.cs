using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;

namespace KenkoPortal.Core.Letters;

internal sealed class LetterRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
{
    private static readonly TimeSpan KeepFailures = TimeSpan.FromDays(1);

    public override Task DeleteAsync(CancellationToken cancellationToken)
    {
        var before = Now - KeepFailures;
        return DeleteAsync(Db.ProvisionalFailures.Where(f => f.At < before), f => f.Id, cancellationToken);
    }
}

using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;

namespace KenkoPortal.Core.Mail;

internal sealed class MailRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    public override async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var before = Now - Kept;
        await DeleteAsync(Db.OutboxMails.Where(m => m.SentAt < before || m.FailedAt < before), m => m.Id, cancellationToken);
        await DeleteAsync(Db.BounceReports.Where(b => b.DecidedAt < before), b => b.Id, cancellationToken);
    }
}

using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;

namespace KenkoPortal.Core.MailedLinks;

internal sealed class InboundMailRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
{
    private static readonly TimeSpan KeepAsks = TimeSpan.FromDays(2);
    private static readonly TimeSpan KeepMails = TimeSpan.FromDays(14);

    public override async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var (asks, mails) = (Now - KeepAsks, Now - KeepMails);
        await DeleteAsync(Db.MailAsks.Where(a => a.DecidedAt != null && a.AskedAt < asks), a => a.Id, cancellationToken);
        await DeleteAsync(Db.PostmasterMails.Where(m => m.ReceivedAt < mails), m => m.Id, cancellationToken);
    }
}

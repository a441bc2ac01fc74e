using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>Ends links of one kind when their time is over, and deletes them a week later.</summary>
internal class MailedLinkRetention<TLink>(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
    where TLink : MailedLink
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public override Task EndAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        return ChangeAsync(
            Db.Set<TLink>().Where(l => l.EndedAt == null && l.ExpiresAt <= now),
            over => over.ExecuteUpdateAsync(set => set.SetProperty(l => l.EndedAt, now), cancellationToken),
            cancellationToken);
    }

    public override Task DeleteAsync(CancellationToken cancellationToken)
    {
        var before = Now - Kept;
        return DeleteAsync(Db.Set<TLink>().Where(l => l.ExpiresAt < before), l => l.Id, cancellationToken);
    }
}

using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;

namespace KenkoPortal.Core.Accounts;

internal sealed class AccountRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
{
    public override Task EndAsync(CancellationToken cancellationToken)
    {
        var (idleSince, loginSince, formSince) = (Now - PortalSession.IdleLimit, Now - PortalSession.LongestLogin, Now - PortalSession.FormLimit);
        return DeleteAsync(
            Db.PortalSessions.Where(s => s.Trust == Trust.Login ? s.LastSeenAt < idleSince || s.CreatedAt < loginSince : s.CreatedAt < formSince),
            s => s.Id,
            cancellationToken);
    }

    public override Task DeleteAsync(CancellationToken cancellationToken)
    {
        var before = Now - KnownDevice.Validity;
        return DeleteAsync(Db.KnownDevices.Where(d => d.CreatedAt <= before), d => d.Id, cancellationToken);
    }
}

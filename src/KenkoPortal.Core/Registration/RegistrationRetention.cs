using KenkoPortal.Core.Data;
using KenkoPortal.Core.MailedLinks;

namespace KenkoPortal.Core.Registration;

internal sealed class RegistrationRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : MailedLinkRetention<RegistrationLink>(db, work, clock)
{
    private static readonly TimeSpan KeepUnopened = TimeSpan.FromDays(1);

    /// <summary>A link that nobody opened goes after a day: its address may be that of somebody who never asked.</summary>
    public override async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var before = Now - KeepUnopened;
        await base.DeleteAsync(cancellationToken);
        await DeleteAsync(Db.RegistrationLinks.Where(l => l.ExpiresAt < before && l.Clicks == 0), l => l.Id, cancellationToken);
    }
}

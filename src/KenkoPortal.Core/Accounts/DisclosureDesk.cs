using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>What staff may do with 世帯内への公開設定: close it for a person who objects. They never open.</summary>
public sealed class DisclosureDesk(PortalContext db, UnitOfWork work, DisclosureChoices choices, AccountSecurity security)
{
    /// <summary>Closes both kinds at once, and tells the account's addresses, where there is one.</summary>
    public Task CloseAsync(Guid personId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.LockAsync<Person>(personId, cancellationToken);
            await choices.ObjectAsync(await db.Persons.SingleAsync(p => p.Id == personId, cancellationToken), cancellationToken);
            if (await db.MemberAccounts.Where(a => a.PersonId == personId).Select(a => (Guid?)a.Id).SingleOrDefaultAsync(cancellationToken) is { } account)
            {
                await security.TellAllAsync(account, ProfileChangedMail.TemplateName, [], cancellationToken);
            }
        },
        cancellationToken);
}

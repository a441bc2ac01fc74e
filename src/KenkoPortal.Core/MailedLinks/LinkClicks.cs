using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Reissue;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>Finds the link of a followed token, whatever feature it belongs to, and counts the click (row L9).</summary>
public sealed class LinkClicks(PortalContext db, UnitOfWork work, MailUse use, TimeProvider clock)
{
    /// <param name="token">As it stood in the address.</param>
    /// <param name="isCounted">False for a HEAD, with which scanners look.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when this society never sent such a link, or it is long gone.</returns>
    public async Task<MailedLink?> FollowAsync(string token, bool isCounted, CancellationToken cancellationToken)
    {
        var hash = Secrets.HashOf(token);
        var found = await FindAsync<RegistrationLink>(hash, cancellationToken)
            ?? await FindAsync<ReissueRequest>(hash, cancellationToken)
            ?? (MailedLink?)await FindAsync<AddressConfirmation>(hash, cancellationToken);
        if (found is not null && isCounted)
        {
            await CountAsync(found, cancellationToken);
        }

        return found;
    }

    private async Task<TLink?> FindAsync<TLink>(byte[] hash, CancellationToken cancellationToken)
        where TLink : MailedLink => await db.Set<TLink>().AsNoTracking().SingleOrDefaultAsync(l => l.TokenHash == hash, cancellationToken);

    /// <summary>A count that cannot be written does not stop the page (row I4).</summary>
    private async Task CountAsync(MailedLink link, CancellationToken cancellationToken)
    {
        try
        {
            await work.CommitAsync(
                async () =>
                {
                    ((MailedLink?)await db.FindAsync(link.GetType(), [link.Id], cancellationToken))?.CountClick(clock.GetUtcNow());
                    await use.UsedAsync(link.MailId, cancellationToken);
                },
                cancellationToken);
        }
        catch (Exception exception) when (UnitOfWork.IsOfDatabase(exception))
        {
        }
    }
}

using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>What a login session leads to.</summary>
/// <param name="Session">The session; it may be over.</param>
/// <param name="PersonId">Whose account it is.</param>
/// <param name="Nickname">The account's.</param>
/// <param name="LostOn">When the person left the society.</param>
/// <param name="IsMailBouncing">Mail to one of the account's addresses comes back.</param>
public sealed record FoundLogin(PortalSession Session, Guid PersonId, string Nickname, DateOnly? LostOn, bool IsMailBouncing);

/// <summary>The query that every page of a member begins with, translated once for the database and not at each request.</summary>
public sealed class LoginQuery
{
    private readonly Func<PortalContext, byte[], CancellationToken, Task<FoundLogin?>> _find = EF.CompileAsyncQuery(
        (PortalContext db, byte[] tokenHash, CancellationToken cancellationToken) => (
            from session in db.PortalSessions.AsNoTracking()
            join account in db.MemberAccounts on session.AccountId equals account.Id
            join person in db.Persons on account.PersonId equals person.Id
            where session.TokenHash == tokenHash && session.Trust == Trust.Login && account.SuspendedAt == null
            select new FoundLogin(
                session, account.PersonId, account.Nickname, person.LostOn,
                db.AccountMailAddresses.Any(a => a.AccountId == account.Id && a.BouncedAt != null))).SingleOrDefault());

    /// <summary>The session of a token's hash, unless its account is suspended.</summary>
    public Task<FoundLogin?> FindAsync(PortalContext db, byte[] tokenHash, CancellationToken cancellationToken) => _find(db, tokenHash, cancellationToken);
}

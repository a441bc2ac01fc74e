using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>現在のパスワード, which a guarded change asks for (row A15). Too many wrong ones in a row end the session.</summary>
public sealed class CurrentPassword(PortalContext db, UnitOfWork work, AuditTrail audit, PasswordHashing hashing)
{
    /// <summary>Verifies the password; wrong ones are counted on the session in advance.</summary>
    /// <returns>Null when it was right.</returns>
    /// <exception cref="PortalBusyException">Too many wait for hashing.</exception>
    public async Task<ProfileResult?> RefuseAsync(SignedIn signedIn, string password, CancellationToken cancellationToken)
    {
        var mayTry = await work.CommitAsync(
            async () =>
            {
                await work.LockAsync<PortalSession>(signedIn.SessionId, cancellationToken);
                var session = await db.PortalSessions.SingleOrDefaultAsync(s => s.Id == signedIn.SessionId, cancellationToken);
                return session is not null && ++session.WrongPasswords <= PortalSession.MostWrongPasswords;
            },
            cancellationToken);
        var stored = await db.MemberAccounts.Where(a => a.Id == signedIn.AccountId).Select(a => a.PasswordHash).SingleAsync(cancellationToken);
        bool isRight;
        try
        {
            isRight = await hashing.VerifyAsync(mayTry ? stored : null, password, cancellationToken);
        }
        catch (Exception exception) when (HashingGate.NeverBegan(exception))
        {
            await work.CommitAsync(() => GiveBackAsync(signedIn), CancellationToken.None);
            throw;
        }

        return await work.CommitAsync(() => JudgeAsync(signedIn, isRight, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// The account, locked to the end of the transaction. What a request was allowed when it began may have ended while it waited for hashing or for its turn.
    /// </summary>
    /// <returns>Null where the session has ended or the account was suspended (row A13).</returns>
    public async Task<MemberAccount?> LockedAccountAsync(SignedIn signedIn, CancellationToken cancellationToken)
    {
        await work.LockAsync<MemberAccount>(signedIn.AccountId, cancellationToken);
        return await db.MemberAccounts.SingleOrDefaultAsync(
            a => a.Id == signedIn.AccountId && a.SuspendedAt == null && a.WaitsSince == null && db.PortalSessions.Any(s => s.Id == signedIn.SessionId), cancellationToken);
    }

    /// <summary>A password that was never looked at is not a wrong one.</summary>
    private async Task GiveBackAsync(SignedIn signedIn)
    {
        await work.LockAsync<PortalSession>(signedIn.SessionId, CancellationToken.None);
        if (await db.PortalSessions.SingleOrDefaultAsync(s => s.Id == signedIn.SessionId, CancellationToken.None) is { WrongPasswords: > 0 } session)
        {
            session.WrongPasswords--;
        }
    }

    private async Task<ProfileResult?> JudgeAsync(SignedIn signedIn, bool isRight, CancellationToken cancellationToken)
    {
        await work.LockAsync<PortalSession>(signedIn.SessionId, cancellationToken);
        var session = await db.PortalSessions.SingleOrDefaultAsync(s => s.Id == signedIn.SessionId, cancellationToken);
        if (session is null)
        {
            return ProfileResult.SessionEnded;
        }

        if (isRight)
        {
            session.WrongPasswords = 0;
            return null;
        }

        audit.Add(AuditKind.CurrentPasswordRefused, signedIn.AccountId);
        if (session.WrongPasswords < PortalSession.MostWrongPasswords)
        {
            return ProfileResult.WrongPassword;
        }

        db.PortalSessions.Remove(session);
        return ProfileResult.SessionEnded;
    }
}

using System.Security.Cryptography;
using System.Text;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.MailedLinks;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Reissue;

/// <summary>How a login with a temporary password ended.</summary>
public enum ReissueLoginResult
{
    Accepted,
    Refused,
    LinkEnded,
}

/// <summary>What the page パスワード変更(パスワード再発行) needs to judge the new password.</summary>
/// <param name="PersonId">Whose account it is.</param>
/// <param name="Context">What others know of the person.</param>
public sealed record ReissueForm(Guid PersonId, PasswordContext Context);

/// <summary>From the mailed link to the new password. Asking changes nothing; the old password works until the end. States: README.md.</summary>
public sealed class ReissueService(
    PortalContext db, UnitOfWork work, AuditTrail audit, Sessions sessions, AccountSecurity security, PasswordHashing hashing, PortalKeys keys, PasswordContexts contexts, TimeProvider clock)
{
    public async Task<LinkState> LinkStateAsync(Guid requestId, CancellationToken cancellationToken)
    {
        var request = await db.ReissueRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
        return request is null ? LinkState.Unknown : await StateOfAsync(request, cancellationToken);
    }

    /// <summary>Tries the mail's temporary password under the mail's link.</summary>
    /// <param name="requestId">The mail's link.</param>
    /// <param name="loginId">As typed.</param>
    /// <param name="password">The mail's temporary password, as typed.</param>
    /// <param name="oldToken">The session of an earlier temporary login that the browser showed; a new one ends it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortalBusyException">Too many wait for hashing; nothing was counted.</exception>
    public async Task<(ReissueLoginResult Result, string? SessionToken)> LogInAsync(
        Guid requestId, string loginId, string password, string? oldToken, CancellationToken cancellationToken)
    {
        if (!await ReserveAsync(requestId, cancellationToken))
        {
            return (ReissueLoginResult.LinkEnded, null);
        }

        try
        {
            await hashing.SpendAsync(cancellationToken);
        }
        catch (Exception exception) when (HashingGate.NeverBegan(exception))
        {
            await work.CommitAsync(async () => (await LockedAsync(requestId, CancellationToken.None))!.GiveBackAttempt(), CancellationToken.None);
            throw;
        }

        var expected = ProvisionalPassword.Normalize(ReissueLinkMail.TemporaryPassword(keys, requestId));
        var isRight = CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(ProvisionalPassword.Normalize(password)));
        return await work.CommitAsync(
            async () =>
            {
                var judged = await JudgeAsync(requestId, LoginId.KeyOf(loginId), isRight, cancellationToken);
                if (judged.SessionToken is not null)
                {
                    await sessions.EndShownAsync(oldToken, cancellationToken);
                }

                return judged;
            },
            cancellationToken);
    }

    /// <summary>The form that the session of the temporary login may fill; null when it is over.</summary>
    public async Task<ReissueForm?> FormAsync(string? sessionToken, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(sessionToken, Trust.Reissue, cancellationToken);
        if (session is null)
        {
            return null;
        }

        var account = await db.MemberAccounts.AsNoTracking().Where(a => db.ReissueRequests.Any(r => r.Id == session.LinkId && r.EndedAt == null && r.AccountId == a.Id))
            .Select(a => new { a.Id, a.PersonId }).SingleOrDefaultAsync(cancellationToken);
        return account is null ? null : new ReissueForm(account.PersonId, await contexts.OfAccountAsync(account.Id, cancellationToken));
    }

    /// <summary>Sets the new password, ends every session and tells all addresses.</summary>
    /// <returns>False when the form was left for too long or the request was ended meanwhile.</returns>
    /// <exception cref="PortalBusyException">Too many wait for hashing.</exception>
    public async Task<bool> CompleteAsync(string sessionToken, string password, CancellationToken cancellationToken)
    {
        var hash = await hashing.HashAsync(password, cancellationToken);
        return await work.CommitAsync(
            async () =>
            {
                var session = await sessions.FindAsync(sessionToken, Trust.Reissue, cancellationToken);
                if (session?.LinkId is not { } requestId || await LockedAsync(requestId, cancellationToken) is not { EndedAt: null } request)
                {
                    return false;
                }

                await work.LockAsync<MemberAccount>(request.AccountId, cancellationToken);
                var account = await db.MemberAccounts.SingleAsync(a => a.Id == request.AccountId, cancellationToken);
                if (account.IsShut)
                {
                    return false;
                }

                request.Complete(clock.GetUtcNow());
                await security.SetPasswordAsync(account, hash, cancellationToken);
                audit.Add(AuditKind.PasswordReissued, account.Id);
                return true;
            },
            cancellationToken);
    }

    private async Task<LinkState> StateOfAsync(ReissueRequest request, CancellationToken cancellationToken)
    {
        var others = await db.ReissueRequests
            .Where(r => r.AccountId == request.AccountId && r.AskedAt >= request.AskedAt && r.Id != request.Id)
            .Join(db.OutboxMails, r => r.MailId, m => m.Id, (r, m) => new { r.AskedAt, r.Id, m.SentAt })
            .Where(r => r.SentAt != null).OrderByDescending(r => r.SentAt).ToListAsync(cancellationToken);
        var newer = others.FirstOrDefault(r => r.AskedAt > request.AskedAt);
        return LinkState.Of(request, newer?.SentAt, clock.GetUtcNow());
    }

    private async Task<ReissueRequest?> LockedAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await work.LockAsync<ReissueRequest>(requestId, cancellationToken);
        return await db.ReissueRequests.SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
    }

    private Task<bool> ReserveAsync(Guid requestId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            if (await LockedAsync(requestId, cancellationToken) is not { } request)
            {
                return false;
            }

            var state = await StateOfAsync(request, cancellationToken);
            if (!state.IsAlive)
            {
                // Kept, so that a clock set back revives nothing. Five attempts that are under way may still turn out right.
                if (state.End == LinkEnd.Expired)
                {
                    request.End(clock.GetUtcNow());
                }

                return false;
            }

            request.ReserveAttempt(clock.GetUtcNow());
            return true;
        },
        cancellationToken);

    private async Task<(ReissueLoginResult Result, string? SessionToken)> JudgeAsync(
        Guid requestId, string loginIdKey, bool isPasswordRight, CancellationToken cancellationToken)
    {
        var request = (await LockedAsync(requestId, cancellationToken))!;
        var account = await db.MemberAccounts.AsNoTracking().SingleAsync(a => a.Id == request.AccountId, cancellationToken);
        if (!isPasswordRight || account.LoginIdKey != loginIdKey || account.IsShut || request.EndedAt is not null)
        {
            audit.Add(AuditKind.ReissueLoginFailed, request.Id);
            return (ReissueLoginResult.Refused, null);
        }

        request.GiveBackAttempt();
        audit.Add(AuditKind.ReissueLoginSucceeded, request.Id);
        return (ReissueLoginResult.Accepted, sessions.Begin(Trust.Reissue, account.Id, requestId));
    }
}

using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>Who is logged in, as each request finds it anew in the database (row A13).</summary>
/// <param name="SessionId">The session.</param>
/// <param name="AccountId">The account.</param>
/// <param name="PersonId">Its person.</param>
/// <param name="Nickname">Shown on every page.</param>
/// <param name="PreviousLoginAt">前回ログイン日; null at the first login.</param>
/// <param name="IsMailBouncing">Mail to one of the member's addresses comes back (row M10).</param>
/// <param name="Household">Who lives in the member's household, for <see cref="Visibility"/>: a page asks that, and not these rows.</param>
public sealed record SignedIn(
    Guid SessionId, Guid AccountId, Guid PersonId, string Nickname, DateTimeOffset? PreviousLoginAt, bool IsMailBouncing, IReadOnlyList<HouseholdRow> Household)
{
    /// <summary>Until when the member's notices are held back after a recovery (<see cref="NoticeHold"/>); null where they are not.</summary>
    public DateTimeOffset? NoticesHeldUntil { get; init; }
}

/// <summary>Sessions on the server. All methods that write must run inside a unit of work.</summary>
public sealed class Sessions(PortalContext db, LoginQuery logins, NoticeHold hold, TimeProvider clock)
{
    /// <summary>Adds a session of a step and returns its token for the cookie. A new step never reuses the token of the old one.</summary>
    public string Begin(Trust trust, Guid? accountId = null, Guid? linkId = null, Guid? credentialId = null, DateTimeOffset? previousLoginAt = null)
    {
        var (token, now) = (Secrets.NewToken(), clock.GetUtcNow());
        db.PortalSessions.Add(new PortalSession
        {
            SocietyId = db.SocietyId,
            TokenHash = Secrets.HashOf(token),
            Trust = trust,
            AccountId = accountId,
            LinkId = linkId,
            CredentialId = credentialId,
            CreatedAt = now,
            LastSeenAt = now,
            PreviousLoginAt = previousLoginAt,
        });
        return token;
    }

    /// <summary>The living session of a step that the token names.</summary>
    public async Task<PortalSession?> FindAsync(string? token, Trust trust, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var hash = Secrets.HashOf(token);
        var session = await db.PortalSessions.SingleOrDefaultAsync(s => s.TokenHash == hash && s.Trust == trust, cancellationToken);
        return session?.IsAliveAt(clock.GetUtcNow()) == true ? session : null;
    }

    /// <summary>Who the login token names, if the session lives, the account is not suspended and the person may still use the portal.</summary>
    public async Task<SignedIn?> FindLoginAsync(string? token, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        if (await logins.FindAsync(db, Secrets.HashOf(token), cancellationToken) is not { } found || !found.Session.IsAliveAt(now) || !Person.MayUsePortalOn(found.LostOn, JapanTime.DateOf(now)))
        {
            return null;
        }

        await SeeAsync(found.Session, now, cancellationToken);
        return new SignedIn(found.Session.Id, found.Session.AccountId!.Value, found.PersonId, Honorific.Without(found.Nickname), found.Session.PreviousLoginAt, found.IsMailBouncing, found.Household)
        {
            NoticesHeldUntil = await hold.KeepAsync(found.PersonId, found.Session.AccountId.Value, found.NoticesHeldSince, cancellationToken),
        };
    }

    /// <summary>Ends what the browser showed until now: at each step of trust the old token dies (row A12, ASVS 7.2.4).</summary>
    public async Task EndShownAsync(string? token, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(token))
        {
            var hash = Secrets.HashOf(token);
            await db.PortalSessions.Where(s => s.TokenHash == hash).ExecuteDeleteAsync(cancellationToken);
        }
    }

    /// <summary>Ends one session, or all of an account but one.</summary>
    public Task EndAsync(Guid sessionId, CancellationToken cancellationToken) =>
        db.PortalSessions.Where(s => s.Id == sessionId).ExecuteDeleteAsync(cancellationToken);

    public Task EndAllAsync(Guid accountId, Guid? except, CancellationToken cancellationToken) =>
        db.PortalSessions.Where(s => s.AccountId == accountId && s.Id != except).ExecuteDeleteAsync(cancellationToken);

    /// <summary>The page goes on if this cannot be written (row I4).</summary>
    private async Task SeeAsync(PortalSession session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - session.LastSeenAt < PortalSession.SeenInterval)
        {
            return;
        }

        try
        {
            await db.PortalSessions.Where(s => s.Id == session.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), cancellationToken);
        }
        catch (Exception exception) when (UnitOfWork.IsOfDatabase(exception))
        {
        }
    }
}

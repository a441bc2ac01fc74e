using KenkoPortal.Core.Data;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>What a login session leads to.</summary>
/// <param name="Session">The session; it may be over.</param>
/// <param name="PersonId">Whose account it is.</param>
/// <param name="Nickname">The account's.</param>
/// <param name="LostOn">When the person left the society.</param>
/// <param name="IsMailBouncing">Mail to one of the account's addresses comes back, or is not sent there since somebody else may read it.</param>
/// <param name="NoticesHeldSince">When the account was set anew and its older addresses were told.</param>
/// <param name="Household">The person's household, themself too.</param>
public sealed record FoundLogin(
    PortalSession Session, Guid PersonId, string Nickname, DateOnly? LostOn, bool IsMailBouncing, DateTimeOffset? NoticesHeldSince,
    IReadOnlyList<HouseholdRow> Household);

/// <summary>
/// The query that every page of a member begins with, translated once for the database and not at each request: who it is, and with them whom they live
/// with, for nearly every page asks that next, and a round trip costs more than the rows.
/// </summary>
public sealed class LoginQuery
{
    private readonly Func<PortalContext, byte[], IAsyncEnumerable<Row>> _find = EF.CompileAsyncQuery(
        (PortalContext db, byte[] tokenHash) =>
            from session in db.PortalSessions.AsNoTracking()
            join account in db.MemberAccounts on session.AccountId equals account.Id
            join viewer in db.Persons on account.PersonId equals viewer.Id
            join person in db.Persons on viewer.HouseholdId equals person.HouseholdId
            join other in db.MemberAccounts on person.Id equals other.PersonId into others
            from other in others.DefaultIfEmpty()
            join setting in db.DisclosureSettings.Where(d => d.Until == null) on person.Id equals setting.PersonId into settings
            from setting in settings.DefaultIfEmpty()
            where session.TokenHash == tokenHash && session.Trust == Trust.Login && account.SuspendedAt == null && account.WaitsSince == null
            select new Row(
                session, account.PersonId, account.Nickname, viewer.LostOn,
                db.AccountMailAddresses.Any(a => a.AccountId == account.Id && (a.BouncedAt != null || a.UntrustedAt != null)),
                account.NoticesHeldSince,
                new HouseholdSwitch(
                    new HouseholdRow(
                        person.Id, person.Name, person.Relationship, person.BirthDate, person.LostOn, person.IsProtected, other.Nickname, null, null,
                        db.HiddenClaims.Any(h => h.PersonId == person.Id) || db.HiddenInstitutions.Any(h => h.PersonId == person.Id)),
                    person.ListOrder,
                    (NoticeKind?)setting.Kind,
                    (bool?)(setting.IsOpen && setting.HouseholdId == person.HouseholdId),
                    (Guid?)setting.SetByPersonId)));

    /// <summary>The session of a token's hash, unless its account is suspended.</summary>
    public async Task<FoundLogin?> FindAsync(PortalContext db, byte[] tokenHash, CancellationToken cancellationToken)
    {
        var rows = await _find(db, tokenHash).ToListAsync(cancellationToken);
        return rows is [var first, ..]
            ? new FoundLogin(first.Session, first.PersonId, first.Nickname, first.LostOn, first.IsMailBouncing, first.NoticesHeldSince, HouseholdSwitch.Gather(rows.Select(r => r.Member)))
            : null;
    }

    private sealed record Row(PortalSession Session, Guid PersonId, string Nickname, DateOnly? LostOn, bool IsMailBouncing, DateTimeOffset? NoticesHeldSince, HouseholdSwitch Member);
}

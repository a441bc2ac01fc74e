using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Sharing;

/// <summary>A person of the viewer's household, as a profile tab shows them.</summary>
/// <param name="PersonId">Opaque id in the tab's address.</param>
/// <param name="Nickname">The account's, or the letter's where there is none yet.</param>
/// <param name="HasAccount">Whether they have registered.</param>
/// <param name="IsSelf">The viewer's own tab.</param>
/// <param name="MayActFor">The viewer may set this person's switches: the insured for a child without an account.</param>
public sealed record HouseholdMember(Guid PersonId, string Nickname, bool HasAccount, bool IsSelf, bool MayActFor);

/// <summary>
/// Who sees what: the only place that decides it. Anything it does not name does not exist for the viewer, and a page answers 404.
/// </summary>
public sealed class Visibility(PortalContext db, TimeProvider clock)
{
    /// <summary>
    /// The viewer's own tab and those of the household, protected people and those who left excepted. Who is protected, or has left,
    /// sees only themself (rows Z3, Z4).
    /// </summary>
    public async Task<IReadOnlyList<HouseholdMember>> HouseholdAsync(Guid viewerId, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(clock.GetUtcNow());
        var viewer = await db.Persons.AsNoTracking().SingleAsync(p => p.Id == viewerId, cancellationToken);
        var persons = await (
            from person in db.Persons.AsNoTracking()
            join account in db.MemberAccounts on person.Id equals account.PersonId into accounts
            from account in accounts.DefaultIfEmpty()
            where person.HouseholdId == viewer.HouseholdId
            orderby person.ListOrder
            select new { person, Nickname = (string?)account.Nickname }).ToListAsync(cancellationToken);
        var isAlone = viewer.IsProtected || !viewer.IsMemberOn(today);
        return
        [
            .. persons
                .Where(p => p.person.Id == viewerId || (!isAlone && !p.person.IsProtected && p.person.IsMemberOn(today)))
                .Select(p => new HouseholdMember(
                    p.person.Id,
                    p.Nickname ?? p.person.ProvisionalNickname,
                    p.Nickname is not null,
                    p.person.Id == viewerId,
                    p.person.Id != viewerId && MayActFor(viewer, p.person, p.Nickname is not null, today))),
        ];
    }

    /// <summary>Whether the owner shows this kind of notice to the viewer now: read anew at each request.</summary>
    public async Task<bool> MaySeeAsync(Guid viewerId, Guid ownerId, NoticeKind kind, CancellationToken cancellationToken)
    {
        var household = await HouseholdAsync(viewerId, cancellationToken);
        return household.SingleOrDefault(m => m.PersonId == ownerId) is { } owner
            && (owner.IsSelf || owner.MayActFor || (await DisclosureAsync(ownerId, cancellationToken))[kind]);
    }

    /// <summary>A person's switches as they stand: a setting made for another household counts no more.</summary>
    public async Task<IReadOnlyDictionary<NoticeKind, bool>> DisclosureAsync(Guid personId, CancellationToken cancellationToken)
    {
        var householdId = await db.Persons.Where(p => p.Id == personId).Select(p => p.HouseholdId).SingleAsync(cancellationToken);
        var current = await db.DisclosureSettings.AsNoTracking()
            .Where(d => d.PersonId == personId && d.Until == null).ToListAsync(cancellationToken);
        return Enum.GetValues<NoticeKind>().ToDictionary(
            kind => kind,
            kind => current.SingleOrDefault(d => d.Kind == kind) is { } setting
                ? setting.IsOpen && setting.HouseholdId == householdId
                : db.Current.Society.DiscloseByDefault);
    }

    private bool MayActFor(Person viewer, Person other, bool hasAccount, DateOnly today) =>
        viewer.IsInsured && !other.IsInsured && !hasAccount && other.AgeOn(today) < db.Current.Society.GuardianAge;
}

using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Sharing;

/// <summary>A person of the viewer's household, as a profile tab shows them.</summary>
/// <param name="PersonId">Opaque id in the tab's address.</param>
/// <param name="Nickname">The account's, or the letter's where there is none yet, as the viewer calls them.</param>
/// <param name="HasAccount">Whether they have registered.</param>
/// <param name="IsSelf">The viewer's own tab.</param>
/// <param name="MayActFor">The viewer may set this person's switches: the insured for a child without an account.</param>
public sealed record HouseholdMember(Guid PersonId, string Nickname, bool HasAccount, bool IsSelf, bool MayActFor);

/// <summary>
/// Who sees what: the only place that decides it. Anything it does not name does not exist for the viewer, and a page answers 404.
/// </summary>
public sealed class Visibility(PortalContext db, HouseholdQuery households, KnownHousehold known, TimeProvider clock)
{
    /// <summary>
    /// The viewer's own tab and those of the household, protected people and those who left excepted. Who is protected, or has left,
    /// sees only themself (rows Z3, Z4).
    /// </summary>
    public async Task<IReadOnlyList<HouseholdMember>> HouseholdAsync(Guid viewerId, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(clock.GetUtcNow());
        var (viewer, visible) = await ReadAsync(viewerId, today, cancellationToken);
        return
        [
            .. visible.Select(p => new HouseholdMember(
                p.PersonId,
                NicknameOf(p, viewerId),
                p.Nickname is not null,
                p.PersonId == viewerId,
                MayActFor(viewer, p, today))),
        ];
    }

    /// <summary>
    /// Whose notices of a kind the viewer may see: their own, those of the children they act for, and those of who shares them. It costs no
    /// query where the household is known, and three where somebody who shares hides something.
    /// </summary>
    public async Task<Subjects> SubjectsAsync(Guid viewerId, NoticeKind kind, CancellationToken cancellationToken) =>
        (await SubjectsAsync(viewerId, cancellationToken))[kind];

    /// <summary>The same for both kinds of notice at once.</summary>
    public async Task<IReadOnlyDictionary<NoticeKind, Subjects>> SubjectsAsync(Guid viewerId, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(clock.GetUtcNow());
        var (viewer, visible) = await ReadAsync(viewerId, today, cancellationToken);
        var insured = visible.FirstOrDefault(IsInsured) ?? viewer;
        var people = Enum.GetValues<NoticeKind>().ToDictionary(kind => kind, kind => PeopleOf(kind, viewer, visible, today));
        var hidden = await HiddenOfAsync([.. people.Values.SelectMany(p => p)], visible, cancellationToken);
        return people.ToDictionary(p => p.Key, p => new Subjects(p.Value, visible.Count > 1, insured.Name, hidden));
    }

    /// <summary>Whether the owner shows this kind of notice to the viewer now: read anew at each request.</summary>
    public async Task<bool> MaySeeAsync(Guid viewerId, Guid ownerId, NoticeKind kind, CancellationToken cancellationToken)
    {
        var subjects = await SubjectsAsync(viewerId, kind, cancellationToken);
        return subjects.People.Any(p => p.PersonId == ownerId);
    }

    /// <summary>A person's switches as they stand: a setting made for another household counts no more, nor one for a child who has an account or has come of age.</summary>
    public async Task<IReadOnlyDictionary<NoticeKind, bool>> DisclosureAsync(Guid personId, CancellationToken cancellationToken)
    {
        var owner = (await households.ReadAsync(db, personId, cancellationToken)).Single(p => p.PersonId == personId);
        var today = JapanTime.DateOf(clock.GetUtcNow());
        return Enum.GetValues<NoticeKind>().ToDictionary(kind => kind, kind => Shares(owner, kind, today));
    }

    /// <summary>The viewer, and whom of the household they may know of: themself too, nobody else if either is protected or has left.</summary>
    private async Task<(HouseholdRow Viewer, IReadOnlyList<HouseholdRow> Visible)> ReadAsync(Guid viewerId, DateOnly today, CancellationToken cancellationToken)
    {
        var rows = known.Of(viewerId) ?? await households.ReadAsync(db, viewerId, cancellationToken);
        var viewer = rows.Single(p => p.PersonId == viewerId);
        var isAlone = viewer.IsProtected || !IsMember(viewer, today);
        return (viewer, [.. rows.Where(p => p.PersonId == viewerId || (!isAlone && !p.IsProtected && IsMember(p, today)))]);
    }

    private List<Subject> PeopleOf(NoticeKind kind, HouseholdRow viewer, IReadOnlyList<HouseholdRow> visible, DateOnly today) =>
    [
        .. from person in visible
           let isSelf = person.PersonId == viewer.PersonId
           let isActedFor = MayActFor(viewer, person, today)
           let shares = Shares(person, kind, today)
           where isSelf || isActedFor || shares
           orderby isSelf ? 0 : 1
           select new Subject(person.PersonId, NicknameOf(person, viewer.PersonId), person.Name, person.Relationship, isSelf, isActedFor, shares),
    ];

    private async Task<Hiding> HiddenOfAsync(
        IReadOnlyList<Subject> people, IReadOnlyList<HouseholdRow> visible, CancellationToken cancellationToken)
    {
        List<Guid> hiding = [.. visible.Where(v => v.HidesLines && people.Any(p => p.PersonId == v.PersonId)).Select(v => v.PersonId)];
        return hiding.Count == 0 ? Hiding.None : await HidingAsync(hiding, cancellationToken);
    }

    /// <summary>What people keep from their household, as it stands in the database now.</summary>
    public async Task<Hiding> HidingAsync(IReadOnlyList<Guid> people, CancellationToken cancellationToken)
    {
        var claims = await db.HiddenClaims.AsNoTracking().Where(h => people.Contains(h.PersonId)).ToListAsync(cancellationToken);
        var institutions = await db.HiddenInstitutions.AsNoTracking().Where(h => people.Contains(h.PersonId)).ToListAsync(cancellationToken);
        return Hiding.Of(claims, institutions, await LinesAsync(people, cancellationToken));
    }

    /// <summary>Every line of people, of every version, as far as it decides what is hidden.</summary>
    internal Task<List<JudgedLine>> LinesAsync(IReadOnlyList<Guid> people, CancellationToken cancellationToken) => db.MedicalCostLines.AsNoTracking()
        .Where(l => people.Contains(l.PersonId))
        .Select(l => new JudgedLine(
            l.PublicationId, l.ClaimId, l.PersonId, l.Month, l.InstitutionKey, l.InstitutionName, l.PrescriberKey, l.PrescriberName, l.PrescribedMonths))
        .ToListAsync(cancellationToken);

    private static bool IsInsured(HouseholdRow person) => person.Relationship == Relationship.Insured;

    private static bool IsMember(HouseholdRow person, DateOnly today) => Person.IsMemberOn(person.LostOn, today);

    private static string NicknameOf(HouseholdRow person, Guid viewerId)
    {
        var nickname = person.Nickname is { } own ? Honorific.Without(own) : Relationship.NicknameOf(person.Relationship);
        return person.PersonId == viewerId ? nickname : Relationship.NicknameForOthers(nickname, person.Relationship);
    }

    private bool MayActFor(HouseholdRow viewer, HouseholdRow other, DateOnly today) =>
        other.PersonId != viewer.PersonId && IsInsured(viewer) && !IsInsured(other) && other.Nickname is null
        && IsChild(other.BirthDate, today);

    /// <summary>A switch that was never stored is closed, whatever the society's start value is (row Z9). What the insured opened for a child ends with the child's own account and at the age from which they decide themself (row Z2).</summary>
    private bool Shares(HouseholdRow person, NoticeKind kind, DateOnly today) => person.SwitchOf(kind) switch
    {
        Disclosure.OpenedForChild => person.Nickname is null && IsChild(person.BirthDate, today),
        var state => state == Disclosure.Open,
    };

    private bool IsChild(DateOnly birthDate, DateOnly today) => Person.AgeOn(birthDate, today) < db.Current.Society.GuardianAgeOn(today);
}

namespace KenkoPortal.Core.Sharing;

/// <summary>A person whose notices of a kind the viewer may see.</summary>
/// <param name="PersonId">Opaque id in addresses.</param>
/// <param name="Nickname">For the screen.</param>
/// <param name="Name">氏名, for the tax print.</param>
/// <param name="Relationship">続柄.</param>
/// <param name="IsSelf">The viewer.</param>
/// <param name="IsActedFor">A child that the viewer acts for.</param>
/// <param name="Shares">The others of the household see the person's notices of this kind.</param>
public sealed record Subject(Guid PersonId, string Nickname, string Name, string Relationship, bool IsSelf, bool IsActedFor, bool Shares)
{
    /// <summary>The viewer's own lines, and those of a child they act for, are shown whole and may be hidden from the others.</summary>
    public bool IsOwn => IsSelf || IsActedFor;
}

/// <summary>
/// Whose notices of a kind the viewer may see now, and which lines of them not. Whoever is not among them does not exist for the viewer.
/// </summary>
/// <param name="People">The viewer first, then the others in the order of the members' list.</param>
/// <param name="HasHousehold">Whether the viewer has anybody to share with.</param>
/// <param name="InsuredName">氏名 of the insured of the household where the viewer may know of them, else the viewer's own.</param>
/// <param name="Hidden">What these people keep from the household.</param>
public sealed record Subjects(IReadOnlyList<Subject> People, bool HasHousehold, string InsuredName, Hiding Hidden)
{
    public Subject Self => People[0];

    /// <summary>Whether somebody keeps anything from the viewer.</summary>
    public bool HidesFromViewer(Subject person) => !person.IsOwn && Hidden.IsOf(person.PersonId);

    /// <summary>Whether the owner keeps a line from the viewer.</summary>
    /// <param name="personId">Whose line.</param>
    /// <param name="publicationId">The version that it stands in.</param>
    /// <param name="claimId">Its claim.</param>
    public bool IsHidden(Guid personId, Guid publicationId, Guid claimId) =>
        Hidden.By(personId, publicationId, claimId) is not null && !People.Any(p => p.PersonId == personId && p.IsOwn);
}

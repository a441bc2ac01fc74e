namespace KenkoPortal.Core.Imports.MemberList;

/// <summary>What becomes of a person by a list.</summary>
public enum MemberListChangeKind
{
    /// <summary>New to the society, or back after having left.</summary>
    Joined,

    /// <summary>The same card, other particulars.</summary>
    Changed,

    /// <summary>The same person on another card: another workplace, household or 枝番. The account stays.</summary>
    Moved,

    /// <summary>No longer a member.</summary>
    Left,
}

/// <summary>One person's change, for the preview: cards and headings, no name and no value.</summary>
/// <param name="Kind">What becomes of them.</param>
/// <param name="Line">The list's line that says so; null when it is the list's silence.</param>
/// <param name="Card">記号-番号-枝番 afterwards; of one who left, the last.</param>
/// <param name="FormerCard">記号-番号-枝番 before, where it was another.</param>
/// <param name="Columns">What is different in one who was known.</param>
public sealed record MemberListChange(
    MemberListChangeKind Kind, int? Line, string Card, string? FormerCard, IReadOnlyList<MemberListColumn> Columns);

using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members.Import;

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

/// <summary>One person's change, for the preview.</summary>
/// <param name="Kind">What becomes of them.</param>
/// <param name="Line">The list's line that says so; null when it is the list's silence.</param>
/// <param name="Card">記号-番号-枝番 afterwards; of one who left, the last.</param>
/// <param name="FormerCard">記号-番号-枝番 before, where it was another.</param>
/// <param name="Columns">What is different in one who was known.</param>
public sealed record MemberListChange(
    MemberListChangeKind Kind, int? Line, string Card, string? FormerCard, IReadOnlyList<MemberListColumn> Columns)
{
    /// <summary>氏名 afterwards.</summary>
    public required string Name { get; init; }

    /// <summary>What each column said before and says now.</summary>
    public IReadOnlyList<ListedValue> Values { get; init; } = [];

    /// <summary>The line alone: a record's own ToString would carry card and name into whatever logs it.</summary>
    public override string ToString() => $"{Kind} {Line}";
}

/// <summary>A value that a list changes, in words.</summary>
/// <param name="Column">Which.</param>
/// <param name="Before">Before; empty where there was none.</param>
/// <param name="After">Afterwards; empty where there is none.</param>
public sealed record ListedValue(MemberListColumn Column, string Before, string After)
{
    /// <summary>Where a protected person lives and works is shown to nobody, staff at the screen included.</summary>
    public bool IsKept { get; private init; }

    /// <summary>What differs in these columns.</summary>
    internal static IReadOnlyList<ListedValue> Between(Person before, Person after, IEnumerable<MemberListColumn> columns)
    {
        var isProtected = before.IsProtected || after.IsProtected;
        return
        [
            .. from column in columns
               let values = Of(column, before, after)
               where values is not null
               select isProtected && (column is MemberListColumn.PostalCode or MemberListColumn.Address or MemberListColumn.Workplace)
                   ? new ListedValue(column, "", "") { IsKept = true }
                   : new ListedValue(column, values.Value.Before ?? "", values.Value.After ?? ""),
        ];
    }

    /// <summary>The column alone: a record's own ToString would carry the values into whatever logs it.</summary>
    public override string ToString() => $"{Column}";

    private static (string? Before, string? After)? Of(MemberListColumn column, Person before, Person after) => column switch
    {
        MemberListColumn.Name => (before.Name, after.Name),
        MemberListColumn.Kana => (before.Kana, after.Kana),
        MemberListColumn.Sex => (Word(before.Sex), Word(after.Sex)),
        MemberListColumn.BirthDate => (JapanTime.Date(before.BirthDate), JapanTime.Date(after.BirthDate)),
        MemberListColumn.Relationship => (before.Relationship, after.Relationship),
        MemberListColumn.AcquiredOn => (JapanTime.Date(before.AcquiredOn), JapanTime.Date(after.AcquiredOn)),
        MemberListColumn.LostOn => (Word(before.LostOn), Word(after.LostOn)),
        MemberListColumn.PostalCode => (before.PostalCode, after.PostalCode),
        MemberListColumn.Address => (before.Address, after.Address),
        MemberListColumn.Workplace => (before.Workplace, after.Workplace),
        MemberListColumn.Protected => (Word(before.IsProtected), Word(after.IsProtected)),
        _ => null,
    };

    private static string Word(Sex sex) => sex == Sex.Male ? ListPreviewText.Male : ListPreviewText.Female;

    private static string? Word(DateOnly? day) => day is { } known ? JapanTime.Date(known) : null;

    private static string? Word(bool isProtected) => isProtected ? ListPreviewText.Protected : null;
}

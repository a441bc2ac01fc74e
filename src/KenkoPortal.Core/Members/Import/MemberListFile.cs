using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.Members.Import;

/// <summary>The encodings in which societies send lists.</summary>
public enum ListEncoding
{
    /// <summary>UTF-8, with or without a byte order mark.</summary>
    Utf8,

    /// <summary>Windows code page 932.</summary>
    Cp932,
}

/// <summary>A column of the file: its number, from 1, and its heading as the file writes it.</summary>
public sealed record ColumnPlace(int Number, string Heading);

/// <summary>What a members' list said. Nothing of it may be applied while there are errors.</summary>
/// <param name="Rows">The rows that can be read, in the file's order.</param>
/// <param name="Errors">What is wrong, by line and column; at most <see cref="MaxErrors"/> of them.</param>
/// <param name="ErrorCount">How many errors there are in all.</param>
/// <param name="Warnings">What a clerk should look at, but may be meant; at most <see cref="MaxErrors"/>.</param>
/// <param name="IgnoredHeadings">Columns of the file that the portal has no use for.</param>
/// <param name="Columns">Where in the file each column stands.</param>
/// <param name="Encoding">The encoding in which it was read.</param>
public sealed record MemberListFile(
    IReadOnlyList<MemberListRow> Rows,
    IReadOnlyList<RowError> Errors,
    int ErrorCount,
    IReadOnlyList<RowError> Warnings,
    IReadOnlyList<string> IgnoredHeadings,
    IReadOnlyDictionary<MemberListColumn, ColumnPlace> Columns,
    ListEncoding Encoding)
{
    /// <summary>More are counted, but not kept: a file of another kind has one on every line.</summary>
    public const int MaxErrors = 10_000;

    /// <summary>Whether the list may go on to comparison.</summary>
    public bool IsValid => ErrorCount == 0;

    /// <summary>Counts alone: the rows are personal data.</summary>
    public override string ToString() => $"{Rows.Count} rows, {ErrorCount} errors";
}

using System.Text.RegularExpressions;

namespace KenkoPortal.Core.Common.Files;

/// <summary>
/// What is wrong at one place of an imported file, in the clerk's words.
/// </summary>
/// <param name="Line">The physical line on which the row begins, from 1; line breaks inside quoted fields count.</param>
/// <param name="Column">The number of the field in its row, from 1.</param>
/// <param name="Header">The column's heading as the file writes it, or what stands for it where no column is at fault.</param>
/// <param name="Message">
/// What was found and what belongs there. It quotes the file, so it is personal data: for the clerk's screen, never for a log.
/// </param>
public sealed partial record RowError(int Line, int Column, string Header, string Message)
{
    /// <summary>The same fault on more rows than this is shown once.</summary>
    private const int MostAlike = 20;

    /// <summary>On how many more rows the same fault is.</summary>
    public int Others { get; init; }

    /// <summary><c>FILE:LINE:COLUMN（見出し）: message</c>, for the person who brought the file.</summary>
    public string Render(string fileName) =>
        $"{fileName}:{Line}:{Column}（{Header}）: {Message}" + (Others > 0 ? FilesText.SameElsewhere.With(Others) : "");

    /// <summary>
    /// Shows a fault that is on more than 20 rows once, at its first row, with the number of the others: a column of the wrong kind would bury all else.
    /// Two faults are the same where column and message agree but for what they quote.
    /// </summary>
    /// <param name="rows">In the file's order.</param>
    public static IReadOnlyList<RowError> Gather(IEnumerable<RowError> rows) =>
    [
        .. rows.GroupBy(r => (r.Column, Kind: Quoted().Replace(r.Message, "")))
            .SelectMany(g => g.Skip(MostAlike).Any() ? [g.First() with { Others = g.Count() - 1 }] : g.AsEnumerable())
            .OrderBy(r => r.Line).ThenBy(r => r.Column),
    ];

    [GeneratedRegex("「[^」]*」|[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Quoted();

    /// <summary>The place alone: a record's own ToString would carry the message into whatever logs it.</summary>
    public override string ToString() => $"{Line}:{Column}";
}

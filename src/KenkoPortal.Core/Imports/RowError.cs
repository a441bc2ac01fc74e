namespace KenkoPortal.Core.Imports;

/// <summary>
/// What is wrong at one place of an imported file, in the clerk's words.
/// </summary>
/// <param name="Line">The physical line on which the row begins, from 1; line breaks inside quoted fields count.</param>
/// <param name="Column">The number of the field in its row, from 1.</param>
/// <param name="Header">The column's heading as the file writes it, or what stands for it where no column is at fault.</param>
/// <param name="Message">
/// What was found and what belongs there. It quotes the file, so it is personal data: for the clerk's screen, never for a log.
/// </param>
public sealed record RowError(int Line, int Column, string Header, string Message)
{
    /// <summary><c>FILE:LINE:COLUMN（見出し）: message</c>, for the person who brought the file.</summary>
    public string Render(string fileName) => $"{fileName}:{Line}:{Column}（{Header}）: {Message}";

    /// <summary>The place alone: a record's own ToString would carry the message into whatever logs it.</summary>
    public override string ToString() => $"{Line}:{Column}";
}

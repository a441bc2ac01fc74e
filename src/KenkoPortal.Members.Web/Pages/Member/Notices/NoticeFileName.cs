namespace KenkoPortal.Members.Web.Pages.Member.Notices;

/// <summary>The last part of a file's address: a year or a person, and what kind of file.</summary>
/// <param name="Stem">What stands before the ending.</param>
/// <param name="Ending">One of the endings.</param>
public sealed record NoticeFileName(string Stem, string Ending)
{
    public const string Pdf = ".pdf";
    public const string Csv = ".csv";
    public const string Form = "-form.tsv";

    /// <summary>The person that the stem names.</summary>
    public Guid? PersonId => Guid.TryParseExact(Stem, "N", out var id) ? id : null;

    /// <returns>Null where it is no such name.</returns>
    public static NoticeFileName? Parse(string? text)
    {
        foreach (var ending in (string[])[Pdf, Csv, Form])
        {
            if (text is not null && text.EndsWith(ending, StringComparison.Ordinal))
            {
                var name = new NoticeFileName(text[..^ending.Length], ending);
                return name.PersonId is not null || NoticePeriods.Year(name.Stem) is not null ? name : null;
            }
        }

        return null;
    }
}

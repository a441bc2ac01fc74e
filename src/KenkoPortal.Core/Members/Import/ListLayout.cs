namespace KenkoPortal.Core.Members.Import;

/// <summary>Where the headings of a list stand, and what parts its columns.</summary>
/// <param name="HeadingLine">Physical line of the headings, from 1; titles may stand above.</param>
/// <param name="Separator">Comma, tab or semicolon.</param>
internal sealed record ListLayout(int HeadingLine, char Separator)
{
    private const int MostTitleLines = 20;

    /// <summary>A title that holds one or two known words is no row of headings.</summary>
    private const int LeastHeadings = 3;

    private static readonly char[] Separators = [',', '\t', ';'];

    /// <summary>Looks for the line with the most known headings. Where no line has enough of them, the first line is judged as it is.</summary>
    /// <param name="head">The beginning of the list.</param>
    /// <param name="isHeading">Whether a text is a heading of the society, or one that is known from other lists.</param>
    public static ListLayout Find(string head, Func<string, bool> isHeading)
    {
        var (best, most) = (new ListLayout(1, ','), LeastHeadings - 1);
        var number = 0;
        foreach (var line in head.Split('\n').Take(MostTitleLines))
        {
            number++;
            foreach (var separator in Separators)
            {
                var count = line.Split(separator).Count(cell => isHeading(cell.Trim().Trim('"')));
                if (count > most)
                {
                    (best, most) = (new ListLayout(number, separator), count);
                }
            }
        }

        return best;
    }
}

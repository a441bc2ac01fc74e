using KenkoPortal.Core.Printing;
using KenkoPortal.Pdf;

namespace KenkoPortal.Core.Letters;

/// <summary>
/// One person on a letter's front: name and nickname in a shaded head, then 仮ログインID and 仮パスワード in large type, each with its reading underneath.
/// </summary>
internal sealed class PersonBlock
{
    private const double Left = 20;
    private const double Right = 190;
    private const double Padding = 5;
    private const double ValueLeft = 60;
    private const double ReadingWidth = Right - 3 - ValueLeft;
    private const double SmallestSize = 10.5;
    private const double NameLeft = 38;
    private const double NicknameWidth = 62;
    private const double NicknameLabelWidth = 31;

    private static readonly PdfColor Shade = PdfColor.Gray(0.92);
    private static readonly PdfColor Edge = PdfColor.Gray(0.3);

    private readonly LetterPerson _person;
    private readonly LetterFonts _fonts;
    private readonly double _roominess;
    private readonly TextStyle _nameStyle;
    private readonly TextStyle _readingStyle;
    private readonly IReadOnlyList<string> _nameLines;
    private readonly TextStyle _nicknameStyle;
    private readonly IReadOnlyList<string> _nicknameLines;
    private readonly IReadOnlyList<string> _idReading;
    private readonly IReadOnlyList<string> _passwordReading;

    /// <param name="person">Who.</param>
    /// <param name="fonts">The fonts.</param>
    /// <param name="roominess">From 0, the smallest that is still well legible, to 1.</param>
    public PersonBlock(LetterPerson person, LetterFonts fonts, double roominess)
    {
        (_person, _fonts, _roominess) = (person, fonts, roominess);
        _readingStyle = ReadingStyle();

        var name = LetterWords.Format(LetterText.Honorific, LetterWords.Clean(person.Name));
        var nameWidth = Right - Padding - NicknameWidth - NameLeft;
        (_nameLines, _nameStyle) = AtMostTwoLines(name, new TextStyle(fonts.Bold, Between(13.5, 18)), nameWidth);
        (_nicknameLines, _nicknameStyle) = AtMostTwoLines(
            LetterWords.Clean(person.Nickname), new TextStyle(fonts.Bold, 12), NicknameWidth - NicknameLabelWidth);
        _idReading = ReadingLines(person.ProvisionalId);
        _passwordReading = ReadingLines(person.ProvisionalPassword);
    }

    /// <summary>The height of the block without the gap behind it, in millimetres.</summary>
    public double Height =>
        Head + (2 * (ToValue + ToReading)) + ((_idReading.Count + _passwordReading.Count - 2) * ReadingLeading) + Between(1.9, 5);

    /// <summary>The distance to the next block, in millimetres.</summary>
    public static double Gap(double roominess) => 1.5 + (4.5 * roominess);

    private double Head => Between(7, 11) + (_nameLines.Count + _nicknameLines.Count > 2 ? 3.2 : 0);

    private double ToValue => Between(6.2, 13);

    private double ToReading => Between(4.6, 7.4);

    private double ReadingLeading => Between(4.4, 6.3);

    /// <summary>Draws the block with its upper edge at <paramref name="top"/>.</summary>
    public void Draw(MillimetreCanvas canvas, double top)
    {
        canvas.Box(Left, top, Right - Left, Height, fill: Shade, radius: 1.5);
        canvas.Box(Left, top + Head, Right - Left, Height - Head, fill: PdfColor.White, radius: 1.5);
        canvas.Box(Left, top + Head, Right - Left, (Height - Head) / 2, fill: PdfColor.White);
        canvas.Box(Left, top, Right - Left, Height, outline: Edge, points: 0.8, radius: 1.5);
        canvas.Line(Left, top + Head, Right, top + Head, 0.5, Edge);

        using (canvas.Begin(PdfTag.Section))
        {
            var small = new TextStyle(_fonts.Regular, 10.5);
            var headBaseline = top + (Head / 2) + 1.7;
            using (canvas.Begin(PdfTag.Heading2))
            {
                canvas.Words(Left + Padding, headBaseline, LetterText.NameLabel, small);
                DrawLines(canvas, NameLeft, headBaseline, _nameLines, _nameStyle);
            }
            using (canvas.Begin(PdfTag.Paragraph))
            {
                var nicknameLeft = Right - Padding - NicknameWidth + 3;
                canvas.Words(nicknameLeft, headBaseline, LetterText.NicknameLabel, small);
                DrawLines(canvas, nicknameLeft + NicknameLabelWidth - 3, headBaseline, _nicknameLines, _nicknameStyle);
            }
            var y = DrawCredential(canvas, top + Head, LetterText.IdLabel, _person.ProvisionalId, _idReading);
            DrawCredential(canvas, y, LetterText.PasswordLabel, _person.ProvisionalPassword, _passwordReading);
        }
    }

    private static void DrawLines(MillimetreCanvas canvas, double x, double middle, IReadOnlyList<string> lines, TextStyle style)
    {
        var baseline = lines.Count > 1 ? middle - 2.3 : middle + ((style.Size - 12) * 0.12);
        foreach (var line in lines)
        {
            canvas.Words(x, baseline, line, style);
            baseline += 4.6;
        }
    }

    // Long words get a second line. Those that would need a third are made smaller, so that the block keeps its height.
    private static (IReadOnlyList<string> Lines, TextStyle Style) AtMostTwoLines(string text, TextStyle wished, double width)
    {
        var style = MillimetreCanvas.Fit(text, wished, width);
        if (style.Size >= SmallestSize)
        {
            return ([text], style);
        }
        for (style = wished with { Size = SmallestSize }; ; style = style with { Size = style.Size - 0.25 })
        {
            var lines = MillimetreCanvas.Lines(text, style, width);
            if (lines.Count <= 2)
            {
                return (lines, style);
            }
        }
    }

    private double DrawCredential(MillimetreCanvas canvas, double y, string label, string value, IReadOnlyList<string> reading)
    {
        y += ToValue;
        using (canvas.Begin(PdfTag.Paragraph))
        {
            canvas.Words(Left + Padding, y, label, new TextStyle(_fonts.Bold, Between(11, 13)));
            // Less than a tenth of the size between the characters: more, and readers of the file's text would see blanks.
            var size = Between(17, 28);
            canvas.Text(ValueLeft, y, value, new TextStyle(_fonts.Credentials, size, Spacing: size * 0.06));
        }
        y += ToReading;
        using (canvas.Begin(PdfTag.Paragraph))
        {
            foreach (var line in reading)
            {
                canvas.Text(ValueLeft, y, line, _readingStyle);
                y += ReadingLeading;
            }
        }
        return y - ReadingLeading;
    }

    // As large as the first two groups of the password fit on one line with, but not below the smallest type of a letter.
    private TextStyle ReadingStyle()
    {
        var wished = new TextStyle(_fonts.Regular, Between(SmallestSize, 13.5));
        var twoGroups = ProvisionalReading.Of(_person.ProvisionalPassword[..10]) + ProvisionalReading.Separator;
        var fitting = MillimetreCanvas.Fit(twoGroups, wished, ReadingWidth);
        return fitting with { Size = Math.Max(Math.Floor(fitting.Size * 10) / 10, SmallestSize) };
    }

    // A line ends behind a group, never inside one, so that eye and finger find their place again.
    private List<string> ReadingLines(string credential)
    {
        var lines = new List<string>();
        var readings = ProvisionalReading.OfEach(credential);
        var group = "";
        for (var i = 0; i < readings.Count; i++)
        {
            var isLast = i == readings.Count - 1;
            group += isLast ? readings[i] : readings[i] + ProvisionalReading.Separator;
            if (!isLast && credential[i] != '-')
            {
                continue;
            }
            if (lines.Count > 0 && MillimetreCanvas.Fits(lines[^1] + group, _readingStyle, ReadingWidth))
            {
                lines[^1] += group;
            }
            else
            {
                lines.Add(group);
            }
            group = "";
        }
        return lines;
    }

    private double Between(double small, double large) => small + ((large - small) * _roominess);
}

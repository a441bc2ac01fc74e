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
    private const double SmallestReading = 10.5;
    private const double NameLeft = 38;
    private const double NicknameWidth = 55;

    private static readonly PdfColor Shade = PdfColor.Gray(0.92);
    private static readonly PdfColor Edge = PdfColor.Gray(0.3);

    private readonly LetterPerson _person;
    private readonly LetterFonts _fonts;
    private readonly double _roominess;
    private readonly TextStyle _nameStyle;
    private readonly TextStyle _readingStyle;
    private readonly IReadOnlyList<string> _nameLines;
    private readonly string _nickname;
    private readonly IReadOnlyList<string> _idReading;
    private readonly IReadOnlyList<string> _passwordReading;

    /// <param name="person">Who.</param>
    /// <param name="fonts">The fonts.</param>
    /// <param name="roominess">From 0, the smallest that is still well legible, to 1.</param>
    public PersonBlock(LetterPerson person, LetterFonts fonts, double roominess)
    {
        (_person, _fonts, _roominess) = (person, fonts, roominess);
        _readingStyle = ReadingStyle();

        _nickname = LetterWords.Clean(person.Nickname);
        var name = LetterWords.Format(LetterText.Honorific, LetterWords.Clean(person.Name));
        var nameWidth = Right - Padding - NicknameWidth - NameLeft;
        var wished = new TextStyle(fonts.Bold, Between(13.5, 18));
        _nameStyle = MillimetreCanvas.Fit(name, wished, nameWidth);
        _nameLines = [name];
        if (_nameStyle.Size < 10.5)
        {
            // Two lines for a long name. One that needs three is made smaller, so that the block keeps its height.
            _nameStyle = wished with { Size = 10.5 };
            while ((_nameLines = MillimetreCanvas.Lines(name, _nameStyle, nameWidth)).Count > 2)
            {
                _nameStyle = _nameStyle with { Size = _nameStyle.Size - 0.25 };
            }
        }
        _idReading = ReadingLines(person.ProvisionalId);
        _passwordReading = ReadingLines(person.ProvisionalPassword);
    }

    /// <summary>The height of the block without the gap behind it, in millimetres.</summary>
    public double Height =>
        Head + (2 * (ToValue + ToReading)) + ((_idReading.Count + _passwordReading.Count - 2) * ReadingLeading) + Between(1.9, 5);

    /// <summary>The distance to the next block, in millimetres.</summary>
    public static double Gap(double roominess) => 1.5 + (4.5 * roominess);

    private double Head => Between(7, 11) + (_nameLines.Count > 1 ? 3.2 : 0);

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
                var baseline = _nameLines.Count > 1 ? headBaseline - 2.3 : headBaseline + ((_nameStyle.Size - 12) * 0.12);
                foreach (var line in _nameLines)
                {
                    canvas.Words(NameLeft, baseline, line, _nameStyle);
                    baseline += 4.6;
                }
            }
            using (canvas.Begin(PdfTag.Paragraph))
            {
                var nicknameLeft = Right - Padding - NicknameWidth + 3;
                canvas.Words(nicknameLeft, headBaseline, LetterText.NicknameLabel, small);
                var style = MillimetreCanvas.Fit(_nickname, new TextStyle(_fonts.Bold, 12), NicknameWidth - 31);
                canvas.Text(nicknameLeft + 28, headBaseline, _nickname, style);
            }
            var y = DrawCredential(canvas, top + Head, LetterText.IdLabel, _person.ProvisionalId, _idReading);
            DrawCredential(canvas, y, LetterText.PasswordLabel, _person.ProvisionalPassword, _passwordReading);
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
        var wished = new TextStyle(_fonts.Regular, Between(SmallestReading, 13.5));
        var twoGroups = ProvisionalReading.Of(_person.ProvisionalPassword[..10]) + ProvisionalReading.Separator;
        var fitting = MillimetreCanvas.Fit(twoGroups, wished, ReadingWidth);
        return fitting with { Size = Math.Max(Math.Floor(fitting.Size * 10) / 10, SmallestReading) };
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

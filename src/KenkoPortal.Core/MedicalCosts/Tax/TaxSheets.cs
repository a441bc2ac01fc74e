using KenkoPortal.Core.Common;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Printing;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Societies;
using KenkoPortal.Pdf;

namespace KenkoPortal.Core.MedicalCosts.Tax;

/// <summary>Where everything stands on the sheets of a yearly 医療費通知. Measures are millimetres, type sizes points.</summary>
internal sealed class TaxSheets(PdfDocument document, LetterFonts fonts, TaxPack pack, Society society, DateOnly today)
{
    private const double Left = 18;
    private const double Right = 192;
    private const double Bottom = 280;
    private const double RowHeight = 6.2;
    private const double HeadHeight = 11;
    private const double HeadingHeight = 8;
    private const double SealSide = 21;

    /// <summary>Rows that stand with a total at least.</summary>
    private const int LeastRows = 2;

    /// <summary>A person with no more rows than this stands on one page whole.</summary>
    private const int ShortPerson = 12;

    private static readonly PdfColor Edge = PdfColor.Gray(0.35);
    private static readonly PdfColor Hair = PdfColor.Gray(0.7);
    private static readonly PdfColor Shade = PdfColor.Gray(0.92);
    private static readonly PdfColor Red = new(0.78, 0.07, 0.09);

    private static readonly Column[] Columns =
    [
        new(Left, 25, TaxText.Month, IsNumber: false),
        new(43, 19, TaxText.Care, IsNumber: false),
        new(62, 58, TaxText.Institution, IsNumber: false),
        new(120, 12, TaxText.Days, IsNumber: true),
        new(132, 22, TaxText.Total, IsNumber: true),
        new(154, 22, TaxText.Paid, IsNumber: true),
        new(176, 16, TaxText.Meal, IsNumber: true),
    ];

    // A page is drawn when the next one is known to follow, for it tells how many there are.
    private readonly List<List<Action<MillimetreCanvas>>> _pages = [[]];
    private double _y = Left;

    /// <summary><c>2026年（令和8年）診療分</c>.</summary>
    public static string YearOf(int year)
    {
        var (era, number) = LetterWords.EraOf(new DateOnly(year, 12, 31));
        return TaxText.Year.With(year, era, number);
    }

    public void Draw()
    {
        Head();
        foreach (var person in pack.People)
        {
            Person(person);
        }

        Foot();
        for (var number = 0; number < _pages.Count; number++)
        {
            using var page = document.AddPage(PageSize.A4);
            var canvas = new MillimetreCanvas(page);
            _pages[number].ForEach(draw => draw(canvas));
            if (_pages.Count > 1)
            {
                canvas.Text(Right, 290, TaxText.Page.With(number + 1, _pages.Count), Regular(9), TextAlignment.Right);
            }
        }
    }

    private void Head()
    {
        const double issuerLeft = 112;
        Put(canvas =>
        {
            canvas.Text(Left, 26, TaxText.Title, Bold(22), PdfTag.Heading1);
            canvas.Text(Left, 34, YearOf(pack.Year), Bold(13), PdfTag.Paragraph);
            using (canvas.Begin(PdfTag.Paragraph))
            {
                canvas.Text(Right, 20, TaxText.Made.With(LetterWords.Date(today)), Regular(9.5), TextAlignment.Right);
            }

            using (canvas.Begin(PdfTag.Paragraph))
            {
                canvas.Words(Left, 46, TaxText.InsuredName, Regular(9.5));
                var name = TaxText.Honorific.With(Clean(pack.InsuredName));
                canvas.Text(Left, 53.5, name, MillimetreCanvas.Fit(name, Bold(15), issuerLeft - Left - 6));
            }

            using (canvas.Begin(PdfTag.Paragraph))
            {
                canvas.Words(issuerLeft, 29, TaxText.Issuer, Regular(9.5));
                var name = Clean(society.Name);
                canvas.Words(issuerLeft, 35.5, name, MillimetreCanvas.Fit(name, Bold(13), Right - SealSide - 3 - issuerLeft));
                var y = 41.0;
                foreach (var line in SenderLines(Right - SealSide - 3 - issuerLeft))
                {
                    canvas.Words(issuerLeft, y, line, Regular(9));
                    y += 4.4;
                }
            }

            Seal(canvas, Right - SealSide, 26);
        });
        _y = 56;
        for (var i = 0; i < pack.Cover.Count; i++)
        {
            Text(pack.Cover[i], i == 0 ? Bold(10.5) : Regular(9.5), 5);
        }

        var top = _y + 3;
        var lines = pack.People.Count > 1 ? pack.People.Count : 0;
        var height = 11 + (lines * 5.6);
        Put(canvas =>
        {
            canvas.Box(Left, top, Right - Left, height, fill: Shade, radius: 1.5);
            using (canvas.Begin(PdfTag.Paragraph))
            {
                canvas.Words(Left + 4, top + 7.2, TaxText.Sum + WithoutUnknown(pack.People.Sum(p => CostSum.Of(p.Rows).Unknown)), Bold(12));
                canvas.Text(Right - 4, top + 7.4, NoticeWords.Yen(pack.People.Sum(p => CostSum.Of(p.Rows).PaidYen)), Bold(16), TextAlignment.Right);
            }

            for (var i = 0; i < lines; i++)
            {
                var (person, y) = (pack.People[i], top + 13.6 + (i * 5.6));
                using (canvas.Begin(PdfTag.Paragraph))
                {
                    canvas.Words(Left + 8, y, TaxText.SumOf.With(Clean(person.Name), Clean(person.Relationship)) + WithoutUnknown(CostSum.Of(person.Rows).Unknown), Regular(10.5));
                    canvas.Text(Right - 4, y, NoticeWords.Yen(CostSum.Of(person.Rows).PaidYen), Regular(10.5), TextAlignment.Right);
                }
            }
        });
        _y = top + height + 6;
        Text(TaxWords.NoteOf(society), Regular(9.5), 4.6);
        _y += 2;
    }

    private static string WithoutUnknown(int lines) => lines == 0 ? "" : TaxText.WithoutUnknown.With(lines);

    private void Person(TaxPerson person)
    {
        var whole = HeadingHeight + HeadHeight + (RowHeight * (person.Rows.Count + 1));
        Need(person.Rows.Count <= ShortPerson ? whole : HeadingHeight + HeadHeight + (RowHeight * (LeastRows + 1)));
        PersonHeading(TaxText.Person, person);
        if (person.Rows.Count == 0)
        {
            Text(TaxText.Nothing, Regular(10), 5);
            _y += 3;
            return;
        }

        var next = 0;
        while (next < person.Rows.Count)
        {
            var left = person.Rows.Count - next;
            var room = (int)((Bottom - _y - HeadHeight) / RowHeight);
            var isLast = left + 1 <= room;
            // The total never stands alone: two rows at least go on to the next page with it.
            var take = isLast ? left : Math.Min(room, left - LeastRows);
            Table([.. person.Rows.Skip(next).Take(take)], isLast ? CostSum.Of(person.Rows) : null);
            next += take;
            if (!isLast)
            {
                NewPage();
                PersonHeading(TaxText.PersonContinued, person);
            }
        }

        _y += 5;
    }

    private void PersonHeading(string format, TaxPerson person)
    {
        var (y, words) = (_y + 5, format.With(Clean(person.Name), Clean(person.Relationship)));
        Put(canvas => canvas.Text(Left, y, words, MillimetreCanvas.Fit(words, Bold(12), Right - Left), PdfTag.Heading2));
        _y += HeadingHeight;
    }

    private void Table(IReadOnlyList<MedicalCostRow> rows, CostSum? sum)
    {
        var top = _y;
        Put(canvas =>
        {
            using var table = canvas.Begin(PdfTag.Table);
            TableHead(canvas, top);
            var y = top + HeadHeight;
            foreach (var row in rows)
            {
                Row(
                    canvas, y, Regular(9.5), NoticeWords.Of(row.Month), NoticeWords.Of(row.Care), Clean(row.InstitutionName), NoticeWords.Days(row.Care, row.Days),
                    NoticeWords.Yen(row.Amounts.TotalYen), row.Amounts.PaidYen is { } paid ? NoticeWords.Yen(paid) : NoticeText.Check, MealOf(row));
                y += RowHeight;
            }

            if (sum is { } total)
            {
                canvas.Box(Left, y, Right - Left, RowHeight, fill: Shade);
                Row(canvas, y, Bold(9.5), TaxText.PersonSum, "", "", "", NoticeWords.Yen(total.TotalYen), NoticeWords.Yen(total.PaidYen), total.MealShareYen > 0 ? NoticeWords.Yen(total.MealShareYen) : "");
                y += RowHeight;
            }

            canvas.Box(Left, top, Right - Left, y - top, outline: Edge, points: 0.7);
        });
        _y += HeadHeight + ((rows.Count + (sum is null ? 0 : 1)) * RowHeight);
    }

    private void TableHead(MillimetreCanvas canvas, double top)
    {
        canvas.Box(Left, top, Right - Left, HeadHeight, fill: Shade);
        using var row = canvas.Begin(PdfTag.TableRow);
        foreach (var column in Columns)
        {
            using var cell = canvas.Begin(PdfTag.ColumnHeader);
            var lines = MillimetreCanvas.Lines(column.Heading, Bold(8.5), column.Width - 2);
            var y = top + (HeadHeight / 2) + 1.1 - ((lines.Count - 1) * 1.9);
            foreach (var line in lines)
            {
                canvas.Text(column.Left + 1, y, line, Bold(8.5));
                y += 3.8;
            }
        }
    }

    private static void Row(MillimetreCanvas canvas, double top, TextStyle style, params ReadOnlySpan<string> cells)
    {
        canvas.Line(Left, top, Right, top, 0.4, Hair);
        using var row = canvas.Begin(PdfTag.TableRow);
        for (var i = 0; i < cells.Length; i++)
        {
            var (column, text) = (Columns[i], cells[i]);
            using var cell = canvas.Begin(i == 0 ? PdfTag.RowHeader : PdfTag.TableCell);
            if (text.Length > 0)
            {
                var fitting = MillimetreCanvas.Fit(text, style, column.Width - 2);
                canvas.Text(column.IsNumber ? column.Left + column.Width - 1 : column.Left + 1, top + 4.3, text, fitting, column.IsNumber ? TextAlignment.Right : TextAlignment.Left);
            }
        }
    }

    private static string MealOf(MedicalCostRow row) => row.Amounts.IsMealUnknown ? NoticeText.Check : row.Amounts.MealShareYen is { } meal ? NoticeWords.Yen(meal) : "";

    private void Foot()
    {
        var hasUnknown = pack.People.Any(p => p.Rows.Any(r => r.Amounts.IsUnknown));
        Section(TaxText.CaveatHeading, hasUnknown ? TaxText.Caveats + "\n" + TaxText.CaveatUnknown : TaxText.Caveats);
    }

    private void Section(string heading, string items)
    {
        const double leading = 4.7;
        var style = Regular(9.5);
        Need(8 + (items.Split('\n').Sum(item => MillimetreCanvas.Lines(item, style, Right - Left - 8).Count) * leading));
        var y = _y + 5;
        var bottom = y;
        Put(canvas =>
        {
            canvas.Text(Left, y, heading, Bold(11), PdfTag.Heading2);
            canvas.List(Left, y + 5.8, Right - Left, leading, items, style);
        });
        bottom += 5.8 + (items.Split('\n').Sum(item => MillimetreCanvas.Lines(item[1..], style, Right - Left - 4).Count) * leading);
        _y = bottom;
    }

    /// <summary>The society's seal: its name and 之印 in columns from the right, in a square of red lines.</summary>
    private void Seal(MillimetreCanvas canvas, double x, double y)
    {
        var characters = new List<string>();
        var elements = System.Globalization.StringInfo.GetTextElementEnumerator(Clean(society.Name).Replace(" ", "", StringComparison.Ordinal).Replace("　", "", StringComparison.Ordinal) + TaxText.Seal);
        while (elements.MoveNext())
        {
            characters.Add(elements.GetTextElement());
        }

        var rows = (int)Math.Ceiling(Math.Sqrt(characters.Count));
        var columns = (characters.Count + rows - 1) / rows;
        var (width, height) = ((SealSide - 3) / columns, (SealSide - 3) / rows);
        var style = Bold(Math.Min(width, height) * 72 / 25.4 * 0.94) with { Color = Red };
        using var figure = canvas.BeginFigure(x, y, SealSide, SealSide, TaxText.SealAlternative.With(society.Name));
        canvas.Box(x, y, SealSide, SealSide, outline: Red, points: 2, radius: 1.6);
        for (var i = 0; i < characters.Count; i++)
        {
            var (column, row) = (i / rows, i % rows);
            canvas.Text(x + SealSide - 1.5 - ((column + 0.5) * width), y + 1.5 + ((row + 0.5) * height) + (style.Size * 25.4 / 72 * 0.37), characters[i], style, TextAlignment.Center);
        }
    }

    private IEnumerable<string> SenderLines(double width)
    {
        if (society.PostalCode is { Length: > 0 } code)
        {
            yield return TaxText.PostalCode.With(code);
        }

        foreach (var line in society.Address is { Length: > 0 } address ? MillimetreCanvas.AddressLines(Clean(address), Regular(9), width) : [])
        {
            yield return line;
        }

        if (society.Tel is { Length: > 0 } tel)
        {
            yield return TaxText.Telephone.With(tel);
        }
    }

    private void Text(string words, TextStyle style, double leading)
    {
        var y = _y + leading;
        Put(canvas => canvas.Paragraph(Left, y, Right - Left, leading, words, style));
        _y += leading * MillimetreCanvas.Lines(words, style, Right - Left).Count;
    }

    private void Need(double height)
    {
        if (_y + height > Bottom)
        {
            NewPage();
        }
    }

    private void NewPage()
    {
        _pages.Add([]);
        _y = Left;
    }

    private void Put(Action<MillimetreCanvas> draw) => _pages[^1].Add(draw);

    private static string Clean(string text) => LetterWords.Clean(text);

    private TextStyle Regular(double size) => new(fonts.Regular, size);

    private TextStyle Bold(double size) => new(fonts.Bold, size);

    private sealed record Column(double Left, double Width, string Heading, bool IsNumber);
}

using KenkoPortal.Pdf;

namespace KenkoPortal.Core.Printing;

/// <summary>A canvas measured in millimetres, as letters and envelopes are; type sizes stay points.</summary>
internal sealed class MillimetreCanvas(PdfCanvas canvas)
{
    public IDisposable Begin(PdfTag tag) => canvas.Begin(tag);

    public void Text(double x, double baseline, string text, TextStyle style, TextAlignment alignment = TextAlignment.Left) =>
        canvas.Text(Length.Millimetres(x), Length.Millimetres(baseline), text, style, alignment);

    /// <summary>
    /// Draws words that others follow in the same element but elsewhere on the sheet, with a blank behind them, so that they are not read as one word.
    /// </summary>
    public void Words(double x, double baseline, string text, TextStyle style) => Text(x, baseline, text + " ", style);

    /// <summary>Draws lines of text as one paragraph element and returns the baseline of the line that would follow.</summary>
    public double Paragraph(double x, double baseline, double width, double leading, string text, TextStyle style, PdfTag tag = PdfTag.Paragraph)
    {
        using (Begin(tag))
        {
            foreach (var line in Balanced(text, style, width))
            {
                Text(x, baseline, line, style);
                baseline += leading;
            }
        }
        return baseline;
    }

    /// <summary>Draws one line of text as an element of its own.</summary>
    public void Text(double x, double baseline, string text, TextStyle style, PdfTag tag)
    {
        using (Begin(tag))
        {
            Text(x, baseline, text, style);
        }
    }

    /// <summary>Draws a list: each line of the text is an item, its first character the label that stands out to the left.</summary>
    public double List(double x, double baseline, double width, double leading, string text, TextStyle style)
    {
        using var list = Begin(PdfTag.List);
        foreach (var item in text.Split('\n'))
        {
            using var entry = Begin(PdfTag.ListItem);
            var (label, words) = (item[..1], item[1..].TrimStart());
            // Millimetres: the label and a little air.
            var indent = (style.Measure(label) * 25.4 / 72) + (label[0] == '・' ? 0 : 1.2);
            Text(x, baseline, label, style, PdfTag.ListLabel);
            baseline = Paragraph(x + indent, baseline, width - indent, leading, words, style, PdfTag.ListBody);
        }
        return baseline;
    }

    public void Line(double fromX, double fromY, double toX, double toY, double points, PdfColor color) =>
        canvas.Line(Length.Millimetres(fromX), Length.Millimetres(fromY), Length.Millimetres(toX), Length.Millimetres(toY), points, color);

    public void Box(double x, double y, double width, double height, PdfColor? fill = null, PdfColor? outline = null, double points = 0.7, double radius = 0) =>
        canvas.Rectangle(
            Length.Millimetres(x), Length.Millimetres(y), Length.Millimetres(width), Length.Millimetres(height),
            fill, outline, points, Length.Millimetres(radius));

    public IDisposable BeginFigure(double x, double y, double width, double height, string alternative) =>
        canvas.BeginFigure(Length.Millimetres(x), Length.Millimetres(y), Length.Millimetres(width), Length.Millimetres(height), alternative);

    public void Picture(PdfBitmap bitmap, double x, double y, double side, string alternative) =>
        canvas.Draw(bitmap, Length.Millimetres(x), Length.Millimetres(y), Length.Millimetres(side), Length.Millimetres(side), alternative);

    public static IReadOnlyList<string> Lines(string text, TextStyle style, double width) =>
        LineBreaker.Break(text, style, Length.Millimetres(width));

    /// <summary>The lines of an address: it breaks between its parts (1番1号　港会館3階) where they fit, and inside one only where that is wider than a line.</summary>
    public static IReadOnlyList<string> AddressLines(string address, TextStyle style, double width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var part in address.Split([' ', '\u3000'], StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? part : line + '\u3000' + part;
            if (line.Length > 0 && !Fits(longer, style, width))
            {
                lines.Add(line);
                longer = part;
            }

            var broken = Lines(longer, style, width);
            lines.AddRange(broken.Take(broken.Count - 1));
            line = broken[^1];
        }

        lines.Add(line);
        return lines;
    }

    // No last line of a few characters: the lines before it are drawn in a little instead.
    private static IReadOnlyList<string> Balanced(string text, TextStyle style, double width)
    {
        var lines = Lines(text, style, width);
        for (var narrower = width * 0.98; lines.Count > 1 && lines[^1].Length < 5 && narrower > width * 0.85; narrower -= width * 0.02)
        {
            var drawnIn = Lines(text, style, narrower);
            if (drawnIn.Count > lines.Count)
            {
                break;
            }
            lines = drawnIn;
        }
        return lines;
    }

    /// <summary>Whether a line of text is no wider than this.</summary>
    public static bool Fits(string text, TextStyle style, double width) => style.Measure(text) <= Length.Millimetres(width);

    /// <summary>The style, made just so much smaller that the line fits.</summary>
    public static TextStyle Fit(string text, TextStyle style, double width)
    {
        var needed = style.Measure(text);
        var room = Length.Millimetres(width);
        // A thousandth less than fits exactly, so that rounding cannot break the line after all.
        return needed <= room ? style : style with { Size = style.Size * room / needed * 0.999 };
    }
}

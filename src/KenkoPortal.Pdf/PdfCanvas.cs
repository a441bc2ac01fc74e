using System.Text;
using KenkoPortal.Pdf.Fonts;
using KenkoPortal.Pdf.Writing;

namespace KenkoPortal.Pdf;

/// <summary>
/// Something to draw on. Points are counted from the upper left corner, x to the right and y downwards.
/// Text and pictures belong to the innermost tag that is open (<see cref="Begin"/>); what is drawn outside of every tag, and every line
/// and rectangle, is an artifact, which screen readers pass over.
/// </summary>
public abstract class PdfCanvas
{
    private protected readonly ByteBuffer Content;
    private protected readonly List<StructureNode> RootNodes = [];
    private readonly Stack<StructureNode> _openNodes = new();
    private StructureNode? _marked;
    private bool _isMarked;
    private PdfColor _fill = PdfColor.Black;
    private PdfColor _stroke = PdfColor.Black;
    private bool _closed;

    private protected PdfCanvas(PdfDocument document, PageSize size, ByteBuffer content, int firstMark)
    {
        Document = document;
        Size = size;
        Content = content;
        NextMark = firstMark;
    }

    /// <summary>The size of the page.</summary>
    public PageSize Size { get; }

    private protected PdfDocument Document { get; }

    internal int NextMark { get; private set; }

    /// <summary>The characters on this canvas that no font has.</summary>
    internal HashSet<string> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>Opens a structure element on this canvas; what is drawn until it is disposed belongs to it. Elements nest.</summary>
    /// <param name="tag">What it is. For <see cref="PdfTag.Figure"/> use <see cref="BeginFigure"/> or <see cref="Draw"/>.</param>
    public IDisposable Begin(PdfTag tag) => Open(new StructureNode(tag));

    /// <summary>Opens a picture that is made of text, lines and rectangles, such as a seal.</summary>
    /// <param name="x">The left edge in points.</param>
    /// <param name="y">The upper edge.</param>
    /// <param name="width">In points.</param>
    /// <param name="height">In points.</param>
    /// <param name="alternative">What it shows, in words, for readers who do not see it.</param>
    public IDisposable BeginFigure(double x, double y, double width, double height, string alternative)
    {
        var bottom = Size.Height - y - height;
        return Open(new StructureNode(PdfTag.Figure) { Alternative = alternative, Box = (x, bottom, x + width, bottom + height) });
    }

    /// <summary>Draws one line of text.</summary>
    /// <param name="x">Where it begins, in points; its middle or end as <paramref name="alignment"/> says.</param>
    /// <param name="baseline">The y of its baseline in points.</param>
    /// <param name="text">The text.</param>
    /// <param name="style">Fonts, size, colour.</param>
    /// <param name="alignment">What <paramref name="x"/> means.</param>
    /// <returns>The width of the line in points.</returns>
    public double Text(double x, double baseline, ReadOnlySpan<char> text, TextStyle style, TextAlignment alignment = TextAlignment.Left)
    {
        Require();
        var width = style.Measure(text);
        Mark(_openNodes.Count > 0 ? _openNodes.Peek() : null);
        Fill(style.Color);
        Content.Raw("BT "u8);
        if (style.Spacing != 0)
        {
            Content.Number(style.Spacing).Raw(" Tc "u8);
        }
        var left = alignment switch
        {
            TextAlignment.Center => x - (width / 2),
            TextAlignment.Right => x - width,
            _ => x,
        };
        DocumentFont? font = null;
        foreach (var glyph in style.Fonts.Glyphs(text))
        {
            var next = Document.Use(glyph.Font);
            if (!ReferenceEquals(next, font))
            {
                Content.Raw(font is null ? "/F"u8 : "> Tj /F"u8).Integer(next.Index).Raw((byte)' ').Number(style.Size).Raw(" Tf "u8);
                if (font is null)
                {
                    Content.Numbers(left, Size.Height - baseline).Raw("Td "u8);
                }
                Content.Raw((byte)'<');
                font = next;
            }
            Content.Hex16(next.Cid(glyph));
            if (glyph.Missing)
            {
                Missing.Add(Rune.IsValid(glyph.CodePoint) ? new Rune(glyph.CodePoint).ToString() : "\uFFFD");
            }
        }
        if (font is not null)
        {
            Content.Raw("> Tj "u8);
        }
        if (style.Spacing != 0)
        {
            Content.Raw("0 Tc "u8);
        }
        Content.Raw("ET\n"u8);
        return width;
    }

    /// <summary>Draws text in as many lines as it needs.</summary>
    /// <param name="x">The left edge in points.</param>
    /// <param name="baseline">The baseline of the first line in points.</param>
    /// <param name="width">The widest that a line may be, in points.</param>
    /// <param name="leading">From one baseline to the next, in points.</param>
    /// <param name="text">The text; line feeds begin new lines.</param>
    /// <param name="style">Fonts, size, colour.</param>
    /// <returns>The baseline of the line that would follow.</returns>
    public double Paragraph(double x, double baseline, double width, double leading, string text, TextStyle style)
    {
        foreach (var line in LineBreaker.Break(text, style, width))
        {
            Text(x, baseline, line, style);
            baseline += leading;
        }
        return baseline;
    }

    /// <summary>Draws a straight line.</summary>
    /// <param name="fromX">Where it begins.</param>
    /// <param name="fromY">Where it begins.</param>
    /// <param name="toX">Where it ends.</param>
    /// <param name="toY">Where it ends.</param>
    /// <param name="thickness">In points.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="dash">Dash and gap in points; 0 for a whole line.</param>
    public void Line(double fromX, double fromY, double toX, double toY, double thickness, PdfColor color = default, double dash = 0)
    {
        Require();
        Mark(null);
        Stroke(color);
        Content.Number(thickness).Raw(" w "u8);
        if (dash > 0)
        {
            Content.Raw("["u8).Number(dash).Raw("] 0 d "u8);
        }
        Content.Numbers(fromX, Size.Height - fromY).Raw("m "u8).Numbers(toX, Size.Height - toY).Raw(dash > 0 ? "l S [] 0 d\n"u8 : "l S\n"u8);
    }

    /// <summary>Draws a rectangle, filled, outlined or both.</summary>
    /// <param name="x">The left edge.</param>
    /// <param name="y">The upper edge.</param>
    /// <param name="width">In points.</param>
    /// <param name="height">In points.</param>
    /// <param name="fill">The colour inside, or null.</param>
    /// <param name="outline">The colour of the outline, or null.</param>
    /// <param name="thickness">Of the outline, in points.</param>
    /// <param name="radius">Of the corners, in points.</param>
    public void Rectangle(
        double x, double y, double width, double height,
        PdfColor? fill = null, PdfColor? outline = null, double thickness = 0.5, double radius = 0)
    {
        Require();
        if (fill is null && outline is null)
        {
            return;
        }
        Mark(null);
        if (fill is { } inside)
        {
            Fill(inside);
        }
        if (outline is { } edge)
        {
            Stroke(edge);
            Content.Number(thickness).Raw(" w "u8);
        }
        var (bottom, top, right) = (Size.Height - y - height, Size.Height - y, x + width);
        if (radius <= 0)
        {
            Content.Numbers(x, bottom, width, height).Raw("re "u8);
        }
        else
        {
            // 0.5523 of the radius: the Bézier curve that comes nearest to a quarter of a circle.
            var handle = radius * (1 - 0.5523);
            Content.Numbers(x + radius, bottom).Raw("m "u8)
                .Numbers(right - radius, bottom).Raw("l "u8)
                .Numbers(right - handle, bottom, right, bottom + handle, right, bottom + radius).Raw("c "u8)
                .Numbers(right, top - radius).Raw("l "u8)
                .Numbers(right, top - handle, right - handle, top, right - radius, top).Raw("c "u8)
                .Numbers(x + radius, top).Raw("l "u8)
                .Numbers(x + handle, top, x, top - handle, x, top - radius).Raw("c "u8)
                .Numbers(x, bottom + radius).Raw("l "u8)
                .Numbers(x, bottom + handle, x + handle, bottom, x + radius, bottom).Raw("c h "u8);
        }
        Content.Raw(fill is null ? "S\n"u8 : outline is null ? "f\n"u8 : "B\n"u8);
    }

    /// <summary>Draws a picture.</summary>
    /// <param name="bitmap">The picture, of this canvas's document.</param>
    /// <param name="x">The left edge.</param>
    /// <param name="y">The upper edge.</param>
    /// <param name="width">In points.</param>
    /// <param name="height">In points.</param>
    /// <param name="alternative">What it shows, in words, for readers who do not see it; null for mere decoration.</param>
    public void Draw(PdfBitmap bitmap, double x, double y, double width, double height, string? alternative)
    {
        Require();
        if (!ReferenceEquals(bitmap.Document, Document))
        {
            throw new ArgumentException("The picture belongs to another document.", nameof(bitmap));
        }
        StructureNode? node = null;
        var bottom = Size.Height - y - height;
        if (alternative is not null)
        {
            node = new StructureNode(PdfTag.Figure) { Alternative = alternative, Box = (x, bottom, x + width, bottom + height) };
            Add(node);
        }
        Mark(node);
        Content.Raw("q 0 g "u8).Numbers(width / bitmap.Columns, 0, 0, height / bitmap.Rows, x, bottom).Raw("cm /B"u8).Integer(bitmap.Index).Raw(" Do Q\n"u8);
    }

    private IDisposable Open(StructureNode node)
    {
        Require();
        Add(node);
        _openNodes.Push(node);
        return node.Open(this);
    }

    internal void End(StructureNode node)
    {
        Require();
        if (_openNodes.Count == 0 || !ReferenceEquals(_openNodes.Peek(), node))
        {
            throw new InvalidOperationException("Tags are closed in the reverse order of their opening.");
        }
        _openNodes.Pop();
        if (ReferenceEquals(_marked, node))
        {
            Unmark();
        }
    }

    private protected void Require() => ObjectDisposedException.ThrowIf(_closed, this);

    private protected void Finish()
    {
        Require();
        if (_openNodes.Count > 0)
        {
            throw new InvalidOperationException($"The tag {_openNodes.Peek().Tag} is still open.");
        }
        Unmark();
        _closed = true;
    }

    private protected void Add(StructureNode node)
    {
        if (_openNodes.TryPeek(out var parent))
        {
            parent.Kids.Add(StructureKid.Of(node));
        }
        else
        {
            RootNodes.Add(node);
        }
    }

    // Marked content is opened late and kept open, so that a run of drawing in one element is one sequence.
    private void Mark(StructureNode? node)
    {
        if (_isMarked && ReferenceEquals(_marked, node))
        {
            return;
        }
        Unmark();
        if (node is null)
        {
            Content.Raw("/Artifact BMC\n"u8);
        }
        else
        {
            var mark = NextMark++;
            node.Kids.Add(StructureKid.Of(mark));
            Content.Raw((byte)'/').Ascii(node.TypeName).Raw("<</MCID "u8).Integer(mark).Raw(">>BDC\n"u8);
        }
        (_marked, _isMarked) = (node, true);
    }

    private void Unmark()
    {
        if (_isMarked)
        {
            Content.Raw("EMC\n"u8);
        }
        (_marked, _isMarked) = (null, false);
    }

    private void Fill(PdfColor color)
    {
        if (color != _fill)
        {
            _fill = color;
            WriteColor(color, "g\n"u8, "rg\n"u8);
        }
    }

    private void Stroke(PdfColor color)
    {
        if (color != _stroke)
        {
            _stroke = color;
            WriteColor(color, "G\n"u8, "RG\n"u8);
        }
    }

    private void WriteColor(PdfColor color, ReadOnlySpan<byte> gray, ReadOnlySpan<byte> rgb)
    {
        if (color.Red == color.Green && color.Green == color.Blue)
        {
            Content.Numbers(color.Red).Raw(gray);
        }
        else
        {
            Content.Numbers(color.Red, color.Green, color.Blue).Raw(rgb);
        }
    }
}

namespace KenkoPortal.Pdf.Writing;

/// <summary>An element of a canvas's structure, before it has an object number.</summary>
internal sealed class StructureNode(PdfTag tag)
{
    public PdfTag Tag { get; } = tag;

    public string? Alternative { get; init; }

    /// <summary>Left, bottom, right, top in points, for figures.</summary>
    public (double Left, double Bottom, double Right, double Top)? Box { get; init; }

    /// <summary>What a head of a table is the head of (14.8.5.7); null for everything else.</summary>
    public string? Scope => Tag switch
    {
        PdfTag.ColumnHeader => "Column",
        PdfTag.RowHeader => "Row",
        _ => null,
    };

    public List<StructureKid> Kids { get; } = [];

    public string TypeName => NameOf(Tag);

    public static string NameOf(PdfTag tag) => tag switch
    {
        PdfTag.Part => "Part",
        PdfTag.Section => "Sect",
        PdfTag.Division => "Div",
        PdfTag.Heading1 => "H1",
        PdfTag.Heading2 => "H2",
        PdfTag.Heading3 => "H3",
        PdfTag.Paragraph => "P",
        PdfTag.List => "L",
        PdfTag.ListItem => "LI",
        PdfTag.ListLabel => "Lbl",
        PdfTag.ListBody => "LBody",
        PdfTag.Figure => "Figure",
        PdfTag.Caption => "Caption",
        PdfTag.Span => "Span",
        PdfTag.Table => "Table",
        PdfTag.TableRow => "TR",
        PdfTag.ColumnHeader or PdfTag.RowHeader => "TH",
        PdfTag.TableCell => "TD",
        _ => throw new ArgumentOutOfRangeException(nameof(tag)),
    };

    public IDisposable Open(PdfCanvas canvas) => new OpenTag(canvas, this);

    private sealed class OpenTag(PdfCanvas canvas, StructureNode node) : IDisposable
    {
        public void Dispose() => canvas.End(node);
    }
}

/// <summary>A child of an element: another element or a marked-content sequence.</summary>
internal readonly record struct StructureKid(StructureNode? Node, int Mark)
{
    public static StructureKid Of(StructureNode node) => new(node, -1);

    public static StructureKid Of(int mark) => new(null, mark);
}

using KenkoPortal.Pdf.Writing;

namespace KenkoPortal.Pdf;

/// <summary>
/// What is the same on many pages, drawn once. Its bytes stand in the file once, too; each page that is made with it
/// (<see cref="PdfDocument.AddPage"/>) has structure elements of its own for it. It can be drawn on until its first use.
/// </summary>
public sealed class PdfStencil : PdfCanvas
{
    private int _objectNumber;

    internal PdfStencil(PdfDocument document, PageSize size)
        : base(document, size, new ByteBuffer(), firstMark: 0)
    {
        Content.Raw("q\n"u8);
    }

    internal PdfDocument Owner => Document;

    internal IReadOnlyList<StructureNode> Nodes => RootNodes;

    /// <summary>The number of its content stream, which is written at the first use.</summary>
    internal int Seal(ObjectWriter objects)
    {
        if (_objectNumber == 0)
        {
            Finish();
            Content.Raw("Q\n"u8);
            _objectNumber = objects.Reserve();
            objects.WriteCompressed(_objectNumber, "", Content.Span);
            Content.Clear(keepAtMost: 0);
        }
        return _objectNumber;
    }
}

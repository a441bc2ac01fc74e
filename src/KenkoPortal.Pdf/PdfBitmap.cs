namespace KenkoPortal.Pdf;

/// <summary>A black and white picture of a document, as <see cref="PdfDocument.AddBitmap"/> returns it; it may be drawn any number of times.</summary>
public sealed class PdfBitmap
{
    internal PdfBitmap(PdfDocument document, int index, int objectNumber)
    {
        Document = document;
        Index = index;
        ObjectNumber = objectNumber;
    }

    internal PdfDocument Document { get; }

    internal int Index { get; }

    internal int ObjectNumber { get; }
}

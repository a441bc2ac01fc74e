namespace KenkoPortal.Pdf;

/// <summary>A picture made of black squares, as <see cref="PdfDocument.AddBitmap"/> returns it; it may be drawn any number of times.</summary>
public sealed class PdfBitmap
{
    internal PdfBitmap(PdfDocument document, int index, int objectNumber, int columns, int rows)
    {
        Document = document;
        Index = index;
        ObjectNumber = objectNumber;
        (Columns, Rows) = (columns, rows);
    }

    internal PdfDocument Document { get; }

    internal int Index { get; }

    internal int ObjectNumber { get; }

    internal int Columns { get; }

    internal int Rows { get; }
}

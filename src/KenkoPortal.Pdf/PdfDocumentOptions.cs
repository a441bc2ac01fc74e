using System.IO.Compression;

namespace KenkoPortal.Pdf;

/// <summary>What a document says about itself.</summary>
public sealed record PdfDocumentOptions
{
    /// <summary>The title, which viewers show in place of the file's name.</summary>
    public required string Title { get; init; }

    /// <summary>The moment of creation. The library asks no clock: the same input gives the same bytes.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The language of the text (RFC 5646).</summary>
    public string Language { get; init; } = "ja-JP";

    /// <summary>Who made it; null writes nothing.</summary>
    public string? Author { get; init; }

    /// <summary>Words by which a program finds the document: ASCII letters, digits, blanks and hyphens, in the clear. Null writes nothing.</summary>
    public string? Keywords { get; init; }

    /// <summary>Asks the print dialogue for both sides of the sheet, turned over the long edge, and for no scaling.</summary>
    public bool PrintOnBothSides { get; init; }

    /// <summary>How hard to compress.</summary>
    public CompressionLevel Compression { get; init; } = CompressionLevel.Optimal;
}

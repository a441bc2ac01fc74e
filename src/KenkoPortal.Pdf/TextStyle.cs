using KenkoPortal.Pdf.Fonts;

namespace KenkoPortal.Pdf;

/// <summary>How text is drawn.</summary>
/// <param name="Fonts">Where the characters come from.</param>
/// <param name="Size">The type size in points.</param>
/// <param name="Color">Black by default.</param>
/// <param name="Spacing">Points between glyphs. Readers of the text see a blank from about a tenth of the size on.</param>
public sealed record TextStyle(FontStack Fonts, double Size, PdfColor Color = default, double Spacing = 0)
{
    /// <summary>The width of a line in points.</summary>
    public double Measure(ReadOnlySpan<char> text) => Fonts.Measure(text, Size, Spacing);
}

/// <summary>Which point of a line stands at the x that is given.</summary>
public enum TextAlignment
{
    /// <summary>Its beginning.</summary>
    Left,

    /// <summary>Its middle.</summary>
    Center,

    /// <summary>Its end.</summary>
    Right,
}

namespace KenkoPortal.Pdf.Fonts;

/// <summary>A font file cannot be embedded: damaged, not TrueType outlines, or its maker forbids embedding.</summary>
public sealed class FontFormatException(string fontName, string reason)
    : Exception($"The font {fontName} cannot be used: {reason}.")
{
    /// <summary>The file's name without its folder.</summary>
    public string FontName { get; } = fontName;
}

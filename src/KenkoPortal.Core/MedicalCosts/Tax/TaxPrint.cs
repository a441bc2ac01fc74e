using KenkoPortal.Core.Common;
using KenkoPortal.Core.Printing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Pdf;

namespace KenkoPortal.Core.MedicalCosts.Tax;

/// <summary>
/// The yearly 医療費通知 as PDF for a tax return, on A4: the six items of the law (National Tax Agency, Tax Answer 1119), the society's name and seal,
/// what it covers and what not, and the caveats. Opens the fonts at the first use and keeps them; safe for several threads.
/// </summary>
public sealed class TaxPrint : IDisposable
{
    private readonly Lock _opening = new();
    private LetterFonts? _fonts;

    /// <summary>Opens the fonts; they may be installed while the portal runs.</summary>
    public Func<LetterFonts> OpenFonts { get; set; } = () => LetterFonts.Open();

    /// <param name="pack">Who and what.</param>
    /// <param name="society">Who issues it.</param>
    /// <param name="now">The moment of creation.</param>
    /// <exception cref="LetterFontsMissingException">The fonts are not installed.</exception>
    public byte[] Write(TaxPack pack, Society society, DateTimeOffset now)
    {
        using var output = new MemoryStream();
        var document = new PdfDocument(output, new PdfDocumentOptions
        {
            Title = $"{TaxText.Title} {TaxSheets.YearOf(pack.Year)}",
            Author = society.Name,
            Created = now.ToOffset(JapanTime.Offset),
        });
        new TaxSheets(document, Fonts(), pack, society, JapanTime.DateOf(now)).Draw();
        document.Finish();
        return output.ToArray();
    }

    public void Dispose() => _fonts?.Dispose();

    private LetterFonts Fonts()
    {
        lock (_opening)
        {
            return _fonts ??= OpenFonts();
        }
    }
}

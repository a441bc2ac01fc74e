using KenkoPortal.Core.Printing;
using KenkoPortal.Pdf;
using QRCoder;

namespace KenkoPortal.Core.Letters;

/// <summary>
/// Writes registration letters into one PDF for printing on both sides of A4: a front with the addressee, the QR code and a block a person, a back with
/// the steps of registration. At most five people stand on a front; more go on to further sheets, so the pages of a letter are always even and letters
/// never mix. Letters are written as they come; memory does not grow with their number but for a few bytes each.
/// </summary>
/// <remarks>Nothing is written to the stream but by Flush, Finish and their asynchronous twins. The stream stays the caller's. Not safe for several threads.</remarks>
public sealed class RegistrationLetterPdf
{
    private const int FlushAt = 1 << 16;

    // One society and date have one set of stencils; a run over many societies must not keep them all at hand.
    private const int StencilSetsKept = 16;

    private readonly PdfDocument _document;
    private readonly LetterSheets _sheets;
    private readonly Dictionary<(LetterSociety Society, DateOnly IssuedOn, DateOnly ValidUntil, bool IsRecovery), StencilSet> _stencils = [];
    private readonly Dictionary<string, PdfBitmap> _codes = new(StringComparer.Ordinal);
    private readonly List<int> _firstPages = [];

    /// <param name="output">Where the document goes.</param>
    /// <param name="fonts">The fonts; they stay the caller's.</param>
    /// <param name="created">The moment of creation, which stands in the document's properties.</param>
    /// <param name="portalTitle">The product's title for the document's own title; null for the standard one.</param>
    /// <param name="isRecovery">It holds a 再設定のご案内 and nothing else.</param>
    public RegistrationLetterPdf(Stream output, LetterFonts fonts, DateTimeOffset created, string? portalTitle = null, bool isRecovery = false)
    {
        _document = new PdfDocument(output, new PdfDocumentOptions
        {
            Title = LetterWords.Format(isRecovery ? LetterText.RecoveryTitle : LetterText.Title, portalTitle ?? LetterText.StandardPortalTitle),
            Created = created,
            Keywords = LetterMark.Keyword,
            PrintOnBothSides = true,
        });
        _sheets = new LetterSheets(_document, fonts);
    }

    /// <summary>The letters so far.</summary>
    public int Letters => _firstPages.Count;

    /// <summary>The bytes that wait for <see cref="Flush"/>.</summary>
    public int Waiting => _document.Waiting;

    /// <summary>Writes all letters, flushing as it goes, and finishes the document.</summary>
    /// <param name="output">Where the document goes; only written asynchronously.</param>
    /// <param name="fonts">The fonts.</param>
    /// <param name="created">The moment of creation.</param>
    /// <param name="letters">The letters; at least one.</param>
    /// <param name="progress">Told the number of letters written, about every 64 KiB.</param>
    /// <param name="isRecovery">It is a 再設定のご案内.</param>
    /// <param name="cancellationToken">Stops between two letters; the document is then incomplete.</param>
    /// <exception cref="InvalidOperationException">There was no letter.</exception>
    public static async Task<RegistrationLetterReport> WriteAsync(
        Stream output,
        LetterFonts fonts,
        DateTimeOffset created,
        IAsyncEnumerable<RegistrationLetter> letters,
        IProgress<int>? progress = null,
        bool isRecovery = false,
        CancellationToken cancellationToken = default)
    {
        var pdf = new RegistrationLetterPdf(output, fonts, created, isRecovery: isRecovery);
        await foreach (var letter in letters.WithCancellation(cancellationToken))
        {
            pdf.Add(letter);
            if (pdf.Waiting >= FlushAt)
            {
                await pdf.FlushAsync(cancellationToken);
                progress?.Report(pdf.Letters);
            }
        }
        var report = await pdf.FinishAsync(cancellationToken);
        progress?.Report(report.Letters);
        return report;
    }

    /// <summary>Adds a letter. Nothing of it is kept but its glyphs and its place.</summary>
    /// <exception cref="ArgumentException">It names no person.</exception>
    public void Add(RegistrationLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        if (letter.Persons.Count == 0)
        {
            throw new ArgumentException("A letter is for at least one person.", nameof(letter));
        }
        var stencils = StencilsFor(letter);
        _firstPages.Add(_document.PageCount);
        var sheets = _sheets.Distribute(letter);
        using (_document.Begin(PdfTag.Part))
        {
            for (var sheet = 0; sheet < sheets.Count; sheet++)
            {
                var front = sheet == 0 ? stencils.First : stencils.Continued ??= _sheets.Front(letter, CodeFor(letter.Society), isContinued: true);
                using (var page = _document.AddPage(PageSize.A4, front))
                {
                    _sheets.DrawFront(page, letter, sheets, sheet);
                }
                using (_document.AddPage(PageSize.A4, stencils.Back))
                {
                    // The back is the same for all.
                }
            }
        }
    }

    /// <summary>Writes the letters that are finished to the stream.</summary>
    public void Flush() => _document.Flush();

    /// <inheritdoc cref="Flush"/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _document.FlushAsync(cancellationToken);

    /// <summary>Writes the fonts and the end of the document.</summary>
    /// <exception cref="InvalidOperationException">There is no letter.</exception>
    public RegistrationLetterReport Finish()
    {
        _document.Finish();
        return Report();
    }

    /// <inheritdoc cref="Finish"/>
    public async ValueTask<RegistrationLetterReport> FinishAsync(CancellationToken cancellationToken = default)
    {
        await _document.FinishAsync(cancellationToken);
        return Report();
    }

    /// <summary>
    /// What the QR code holds: a mail to the registration address with one harmless line as subject and as body (RFC 6068, UTF-8 percent-encoded).
    /// </summary>
    public static string MailLink(string registrationAddress)
    {
        var at = registrationAddress.LastIndexOf('@');
        if (at <= 0 || at == registrationAddress.Length - 1)
        {
            throw new ArgumentException("A registration address has a local part and a domain.", nameof(registrationAddress));
        }
        var local = Uri.EscapeDataString(registrationAddress[..at]);
        var domain = registrationAddress[(at + 1)..];
        return $"mailto:{local}@{domain}?subject={Uri.EscapeDataString(LetterText.MailSubject)}&body={Uri.EscapeDataString(LetterText.MailBody)}";
    }

    private StencilSet StencilsFor(RegistrationLetter letter)
    {
        var key = (letter.Society, letter.IssuedOn, letter.ValidUntil, letter.IsRecovery);
        if (!_stencils.TryGetValue(key, out var set))
        {
            if (_stencils.Count == StencilSetsKept)
            {
                _stencils.Clear();
            }
            set = new StencilSet(_sheets.Front(letter, CodeFor(letter.Society), isContinued: false), _sheets.Back(letter));
            _stencils.Add(key, set);
        }
        return set;
    }

    private PdfBitmap CodeFor(LetterSociety society)
    {
        if (!_codes.TryGetValue(society.RegistrationAddress, out var bitmap))
        {
            using var code = QRCodeGenerator.GenerateQrCode(MailLink(society.RegistrationAddress), QRCodeGenerator.ECCLevel.M);
            var rows = code.ModuleMatrix;
            var modules = new bool[rows.Count, rows.Count];
            for (var y = 0; y < rows.Count; y++)
            {
                for (var x = 0; x < rows.Count; x++)
                {
                    modules[y, x] = rows[y][x];
                }
            }
            bitmap = _document.AddBitmap(modules);
            _codes.Add(society.RegistrationAddress, bitmap);
        }
        return bitmap;
    }

    private RegistrationLetterReport Report() => new(
        _firstPages.Count,
        _document.PageCount,
        [.. _document.MissingCharacters.Select(missing => new MissingLetterCharacter(
            missing.Character,
            [.. missing.Pages.Select(LetterOfPage).Distinct()]))]);

    private int LetterOfPage(int page)
    {
        var found = _firstPages.BinarySearch(page);
        return found >= 0 ? found : ~found - 1;
    }

    private sealed class StencilSet(PdfStencil first, PdfStencil back)
    {
        public PdfStencil First { get; } = first;

        public PdfStencil Back { get; } = back;

        public PdfStencil? Continued { get; set; }
    }
}

/// <summary>What came of a run. It names letters by their place only.</summary>
/// <param name="Letters">How many letters.</param>
/// <param name="Pages">How many pages; twice the sheets of paper.</param>
/// <param name="MissingCharacters">The characters that no font has, in the order of their first appearance; they are printed as 〓.</param>
public sealed record RegistrationLetterReport(int Letters, int Pages, IReadOnlyList<MissingLetterCharacter> MissingCharacters);

/// <param name="Character">The character, one code point.</param>
/// <param name="Letters">The letters that it stands in, by their place in the run from 0, ascending.</param>
public sealed record MissingLetterCharacter(string Character, IReadOnlyList<int> Letters);

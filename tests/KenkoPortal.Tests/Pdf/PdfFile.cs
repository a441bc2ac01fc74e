using KenkoPortal.Pdf;
using KenkoPortal.Pdf.Fonts;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Pdf;

/// <summary>A document on disk, where the programs that judge it can read it. It goes when the test is over.</summary>
public sealed class PdfFile : IDisposable
{
    public static readonly DateTimeOffset Created = new(2026, 11, 22, 9, 30, 0, TimeSpan.FromHours(9));

    private readonly string _folder = Directory.CreateTempSubdirectory("kenko-pdf-").FullName;

    public PdfFile(byte[] bytes)
    {
        Path = System.IO.Path.Combine(_folder, "test.pdf");
        File.WriteAllBytes(Path, bytes);
    }

    public string Path { get; }

    public static PdfDocumentOptions Options { get; } = new() { Title = "試験", Created = Created };

    /// <summary>A document with what is drawn in the callback on its only page.</summary>
    public static byte[] Draw(Action<PdfPage> draw)
    {
        using var output = new MemoryStream();
        var document = new PdfDocument(output, Options);
        using (var page = document.AddPage(PageSize.A4))
        {
            draw(page);
        }
        document.Finish();
        return output.ToArray();
    }

    public string Text(int? page = null) => page is { } number
        ? Output("pdftotext", "-layout", "-f", $"{number}", "-l", $"{number}", Path, "-")
        : Output("pdftotext", "-layout", Path, "-");

    public static string Output(string program, params string[] arguments)
    {
        Assert.SkipUnless(Tool.Exists(program), $"{program} is not installed");
        var result = Tool.Run(program, arguments);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    public void RequireSound()
    {
        Assert.SkipUnless(Tool.Exists("qpdf"), "qpdf is not installed");
        // 3 would be warnings.
        var result = Tool.Run("qpdf", "--check", Path);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    /// <summary>The QR codes on a page as a scanner of the resolution sees them.</summary>
    public string ScannedCodes(int page, int dotsPerInch)
    {
        Assert.SkipUnless(Tool.Exists("zbarimg"), "zbarimg is not installed");
        var picture = System.IO.Path.Combine(_folder, "page");
        Output("pdftoppm", "-r", $"{dotsPerInch}", "-png", "-singlefile", "-f", $"{page}", "-l", $"{page}", Path, picture);
        return Tool.Run("zbarimg", "-q", "--raw", picture + ".png").Output.TrimEnd('\n');
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>The two fonts, where they are installed.</summary>
public sealed class InstalledFonts : IDisposable
{
    private readonly TrueTypeFont? _gothic = Open("BIZUDPGothic-Regular.ttf");
    private readonly TrueTypeFont? _mincho = Open("ipamjm.ttf");

    public TrueTypeFont Gothic => _gothic ?? throw Skipped("BIZ UDGothic");

    public TrueTypeFont Mincho => _mincho ?? throw Skipped("IPAmj Mincho");

    public void Dispose()
    {
        _gothic?.Dispose();
        _mincho?.Dispose();
    }

    private static TrueTypeFont? Open(string file) => new FontFolders().Find(file) is { } path ? TrueTypeFont.Open(path) : null;

    private static InvalidOperationException Skipped(string font)
    {
        Assert.Skip($"the font {font} is not installed");
        return new InvalidOperationException();
    }
}

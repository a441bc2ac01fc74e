using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Printing;
using KenkoPortal.Pdf.Fonts;
using KenkoPortal.Tests.Pdf;

namespace KenkoPortal.Tests.Letters;

/// <summary>Letters of every size in one document, printed once for all tests that look at it.</summary>
public sealed class PrintedLetters : IDisposable
{
    private static readonly string[] Names = ["横浜　太郎", "横浜　花子", "𠮷田　一郎", "髙橋　さくら", "山﨑　健太", "渡邉　スミ", "MARIA FERNANDA DA SILVA SANTOS OLIVEIRA DE ALMEIDA"];
    private static readonly string[] Nicknames = ["ご本人", "妻", "長男", "長女", "次男", "母", "父"];

    private readonly LetterFonts? _fonts;
    private readonly PdfFile? _file;
    private int _number;

    public PrintedLetters()
    {
        if (new FontFolders().Find("BIZUDGothic-Bold.ttf") is null)
        {
            return;
        }
        _fonts = LetterFonts.Open();
        using var output = new MemoryStream();
        var pdf = new RegistrationLetterPdf(output, _fonts, PdfFile.Created);
        Letters = [.. Enumerable.Range(1, 12).Select(Letter)];
        foreach (var letter in Letters)
        {
            pdf.Add(letter);
        }
        Report = pdf.Finish();
        _file = new PdfFile(output.ToArray());
    }

    public IReadOnlyList<RegistrationLetter> Letters { get; } = [];

    public RegistrationLetterReport Report { get; } = new(0, 0, []);

    public LetterFonts Fonts => Found(_fonts);

    public PdfFile File => Found(_file);

    public static LetterSociety Society { get; } = new(
        "港湾運送健康保険組合",
        "2310003",
        "神奈川県横浜市中区北仲通四丁目44番地 港湾会館8階",
        "045-000-0000",
        "健康マイポータル",
        "https://portal.kowan-kenpo.example.jp",
        "touroku@portal.kowan-kenpo.example.jp");

    /// <summary>A letter for so many people with credentials that no other letter has.</summary>
    public RegistrationLetter Letter(int persons) => new(
        Society,
        new DateOnly(2026, 11, 22),
        new DateOnly(2027, 5, 21),
        new LetterAddressee("231-0801", "神奈川県横浜市中区新山下三丁目12番地の5 ハーバービュー山下公園東館1203号室", "横浜　太郎"),
        [.. Enumerable.Range(0, persons).Select(i => Person(Names[i % Names.Length], Nicknames[i % Nicknames.Length]))]);

    public LetterPerson Person(string name, string nickname)
    {
        const string symbols = "abcdefghjkmnpqrstuvwxyz23456789";
        _number++;
        var id = $"{(10_000_019L * _number) % 100_000_000:00000000}";
        var password = string.Concat(Enumerable.Range(0, 12).Select(i => symbols[(_number * (i + 7)) % symbols.Length]));
        return new LetterPerson(name, nickname, id, $"{password[..4]}-{password[4..8]}-{password[8..]}");
    }

    public PdfFile Print(params RegistrationLetter[] letters) => Print(out _, letters);

    public PdfFile Print(out RegistrationLetterReport report, params RegistrationLetter[] letters)
    {
        using var output = new MemoryStream();
        var pdf = new RegistrationLetterPdf(output, Fonts, PdfFile.Created);
        foreach (var letter in letters)
        {
            pdf.Add(letter);
        }
        report = pdf.Finish();
        return new PdfFile(output.ToArray());
    }

    public void Dispose()
    {
        _fonts?.Dispose();
        _file?.Dispose();
    }

    private static T Found<T>(T? value) where T : class
    {
        Assert.SkipWhen(value is null, "the font BIZ UDGothic is not installed");
        return value!;
    }
}

using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using KenkoPortal.Core.Letters;
using KenkoPortal.Tests.Pdf;

namespace KenkoPortal.Tests.Letters;

public sealed partial class RegistrationLetterPdfTests(PrintedLetters printed) : IClassFixture<PrintedLetters>
{
    [Fact]
    public void The_document_is_sound() => printed.File.RequireSound();

    [Fact]
    public void Every_person_finds_ID_and_password_as_unbroken_runs_in_order()
    {
        var found = Credentials().Matches(printed.File.Text())
            .Select(match => (match.Groups["id"].Value, match.Groups["password"].Value));
        Assert.Equal(
            printed.Letters.SelectMany(letter => letter.Persons).Select(person => (person.ProvisionalId, person.ProvisionalPassword)),
            found);
    }

    [Fact]
    public void Readings_stand_under_the_credentials()
    {
        var text = Blank().Replace(printed.File.Text(), "");
        Assert.All(printed.Letters.SelectMany(letter => letter.Persons), person =>
        {
            Assert.Contains(person.ProvisionalId + ProvisionalReading.Of(person.ProvisionalId) + "仮パスワード", text, StringComparison.Ordinal);
            Assert.Contains(person.ProvisionalPassword + ProvisionalReading.Of(person.ProvisionalPassword), text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void No_other_run_of_eight_digits_stands_on_a_sheet()
    {
        var ids = printed.Letters.SelectMany(letter => letter.Persons).Select(person => person.ProvisionalId);
        Assert.Equal(ids, EightDigits().Matches(printed.File.Text()).Select(match => match.Value), StringComparer.Ordinal);
    }

    [Fact]
    public void A_long_number_in_the_data_is_spaced_out()
    {
        var letter = printed.Letter(1) with
        {
            Society = PrintedLetters.Society with { Telephone = "0450000000", Address = "横浜市中区１２３４５６７８９" },
            Addressee = new LetterAddressee("2310801", "神奈川県横浜市中区12345678", "横浜　太郎"),
        };
        using var file = printed.Print(letter);
        Assert.Equal([letter.Persons[0].ProvisionalId], EightDigits().Matches(file.Text()).Select(match => match.Value), StringComparer.Ordinal);
        Assert.Contains("〒231-0801", file.Text(), StringComparison.Ordinal);
        Assert.Contains("04 5000 0000", file.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_letter_has_an_even_number_of_pages_and_at_most_five_people_on_a_front()
    {
        var page = 1;
        foreach (var letter in printed.Letters)
        {
            var sheets = 0;
            for (var rest = letter.Persons.Select(person => person.ProvisionalId).ToList(); rest.Count > 0; sheets++)
            {
                var ids = Credentials().Matches(printed.File.Text(page)).Select(match => match.Groups["id"].Value).ToList();
                Assert.InRange(ids.Count, 1, 5);
                Assert.Equal(rest[..ids.Count], ids);
                rest.RemoveRange(0, ids.Count);
                Assert.Contains("◆新規登録の流れ◆", printed.File.Text(page + 1), StringComparison.Ordinal);
                Assert.Empty(Credentials().Matches(printed.File.Text(page + 1)));
                page += 2;
            }
            Assert.InRange(sheets, (letter.Persons.Count + 4) / 5, letter.Persons.Count);
        }
        Assert.Equal(page - 1, printed.Report.Pages);
        Assert.Equal(printed.Letters.Count, printed.Report.Letters);
        Assert.Contains($"Pages:           {page - 1}\n", PdfFile.Output("pdfinfo", printed.File.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Five_people_of_ordinary_names_share_one_sheet()
    {
        using var file = printed.Print(out var report, printed.Letters[4]);
        Assert.Equal(2, report.Pages);
        Assert.DoesNotContain("枚目", file.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wwww-wwww-wwww")]
    [InlineData("qqqq-qqqq-qqqq")]
    public void The_longest_readings_still_fit(string password)
    {
        var person = new LetterPerson("横浜　太郎", "ご本人", "99999999", password);
        using var file = printed.Print(out var report, printed.Letter(1) with { Persons = [person, person, person, person, person] });
        Assert.InRange(report.Pages, 2, 4);
        Assert.Equal(5, Credentials().Count(file.Text()));
        Assert.All(Words(file, 1), word => Assert.InRange(word.Bottom, 0, 293));
        Assert.All(Words(file, 1), word => Assert.InRange(word.Right, 0, 191));
    }

    [Fact]
    public void More_than_five_people_go_on_to_a_sheet_with_number_and_addressee()
    {
        using var file = printed.Print(out var report, printed.Letters[5]);
        Assert.Equal(4, report.Pages);
        Assert.Contains("1／2枚目", file.Text(1), StringComparison.Ordinal);
        Assert.Contains("2／2枚目", file.Text(3), StringComparison.Ordinal);
        Assert.Matches("横浜 +太郎 +様", file.Text(3));
        Assert.Single(Credentials().Matches(file.Text(3)));
    }

    [Fact]
    public void Each_front_says_where_to_go_and_until_when()
    {
        var text = printed.File.Text(1);
        Assert.Contains("健康マイポータルへの登録について", text, StringComparison.Ordinal);
        Assert.Contains("https://portal.kowan-kenpo.example.jp", text, StringComparison.Ordinal);
        Assert.Contains("2026年（令和8年）11月22日", text, StringComparison.Ordinal);
        Assert.Contains("2027年（令和9年）5月21日まで", text, StringComparison.Ordinal);
        Assert.Contains("港湾運送健康保険組合", text, StringComparison.Ordinal);
        Assert.Contains("〒231-0003", text, StringComparison.Ordinal);
        Assert.Contains("045-000-0000", text, StringComparison.Ordinal);
        Assert.Matches("仮ニックネーム +ご本人", text);
    }

    [Fact]
    public void The_first_year_of_an_era_is_called_gannen()
    {
        using var file = printed.Print(printed.Letter(1) with { IssuedOn = new DateOnly(2019, 5, 1) });
        Assert.Contains("2019年（令和元年）5月1日", file.Text(1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(150)]
    public void A_telephone_reads_the_code_even_from_a_coarse_print(int dotsPerInch)
    {
        var wanted = RegistrationLetterPdf.MailLink(PrintedLetters.Society.RegistrationAddress);
        Assert.Equal(wanted, printed.File.ScannedCodes(1, dotsPerInch));
        Assert.Equal(wanted, printed.File.ScannedCodes(printed.Report.Pages - 1, dotsPerInch));
    }

    [Fact]
    public void A_long_registration_address_can_still_be_read()
    {
        var address = new string('a', 64) + "@registration.portal.kowan-kenpo.example.jp";
        using var file = printed.Print(printed.Letter(1) with { Society = PrintedLetters.Society with { RegistrationAddress = address } });
        Assert.Equal(RegistrationLetterPdf.MailLink(address), file.ScannedCodes(1, 150));
    }

    [Theory]
    [InlineData("横浜市中区一丁目1番1号", "横浜　太郎")]
    [InlineData("神奈川県横浜市中区新山下三丁目12番地の5 ハーバービュー山下公園東館1203号室", "MARIA FERNANDA DA SILVA SANTOS OLIVEIRA DE ALMEIDA PEREIRA")]
    [InlineData("東京都港区港南一丁目二番地三\n港湾運送第一ビルディング\n東棟１２階１２３４号室\n横浜太郎様方", "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末")]
    public void The_addressee_stands_in_the_window(string address, string name)
    {
        using var file = printed.Print(printed.Letter(1) with { Addressee = new LetterAddressee("231-0801", address, name) });
        // Whatever could show in the window: all that is left of the sender and above the title.
        var words = Words(file, 1).Where(word => word.Left < 112 && word.Top < 50).OrderBy(word => word.Top).ToList();
        Assert.Equal("〒231-0801", words[0].Text);
        Assert.EndsWith("様", words[^1].Text, StringComparison.Ordinal);
        Assert.Equal(
            "〒231-0801" + Blank().Replace(address + name, "") + "様",
            string.Concat(words.OrderBy(word => Math.Round(word.Top, 1)).ThenBy(word => word.Left).Select(word => word.Text)));
        Assert.All(words, word =>
        {
            Assert.InRange(word.Left, 20, 110);
            Assert.InRange(word.Right, 20, 112);
            Assert.InRange(word.Top, 20, 45);
            Assert.InRange(word.Bottom, 20, 45);
        });
        Assert.InRange(words[0].Left, 20, 30);
    }

    [Fact]
    public void Rare_characters_of_names_come_out()
    {
        using var file = printed.Print(out var report, printed.Letters[4]);
        Assert.SkipUnless(printed.Fonts.HasRareCharacters, "the font IPAmj Mincho is not installed");
        Assert.Empty(report.MissingCharacters);
        var text = file.Text(1);
        Assert.Contains("𠮷田", text, StringComparison.Ordinal);
        Assert.Contains("髙橋", text, StringComparison.Ordinal);
        Assert.Contains("山﨑", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_character_that_no_font_has_is_reported_with_its_letters()
    {
        var strange = printed.Person("山\uE123　一郎", "ご本人");
        using var file = printed.Print(
            out var report,
            printed.Letter(6),
            printed.Letter(1) with { Persons = [strange] },
            printed.Letter(1),
            printed.Letter(7) with { Persons = [.. printed.Letter(5).Persons, strange, strange] });
        var missing = Assert.Single(report.MissingCharacters);
        Assert.Equal("\uE123", missing.Character);
        Assert.Equal([1, 3], missing.Letters);
        file.RequireSound();
    }

    [Fact]
    public void Screen_readers_find_headings_and_blocks()
    {
        using var file = printed.Print(printed.Letters[1]);
        var structure = PdfFile.Output("pdfinfo", "-struct-text", file.Path);
        Assert.Matches(@"(?s)Document\s+Part\s.+H1[^\n]*\s+""健康マイポータルへの登録について""", structure);
        Assert.Matches(@"(?s)Sect\s+H2[^\n]*\s+""氏名 横浜　太郎 様 ?""", structure);
        Assert.Contains($"\"仮ログインID {printed.Letters[1].Persons[0].ProvisionalId}\"", structure, StringComparison.Ordinal);
        Assert.Contains("Figure", structure, StringComparison.Ordinal);
        Assert.Contains("\"◆新規登録の流れ◆\"", structure, StringComparison.Ordinal);
        var json = PdfFile.Output("qpdf", "--json=2", "--json-key=qpdf", file.Path);
        Assert.Contains("\"/Alt\": \"u:空メールを送るためのQRコード。", json, StringComparison.Ordinal);
        Assert.Contains("\"/Duplex\": \"/DuplexFlipLongEdge\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Societies_and_dates_do_not_mix()
    {
        var other = PrintedLetters.Society with { Name = "青空健康保険組合", RegistrationAddress = "aozora@kenpo.example.jp" };
        using var file = printed.Print(printed.Letter(1), printed.Letter(1) with { Society = other, ValidUntil = new DateOnly(2027, 6, 1) }, printed.Letter(1));
        Assert.Equal(RegistrationLetterPdf.MailLink("aozora@kenpo.example.jp"), file.ScannedCodes(3, 150));
        Assert.Contains("青空健康保険組合", file.Text(3), StringComparison.Ordinal);
        Assert.Contains("6月1日まで", file.Text(3), StringComparison.Ordinal);
        Assert.Contains("青空健康保険組合", file.Text(4), StringComparison.Ordinal);
        Assert.DoesNotContain("青空", file.Text(5), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_written_as_it_comes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var output = new MemoryStream();
        var told = new List<int>();
        var report = await RegistrationLetterPdf.WriteAsync(output, printed.Fonts, PdfFile.Created, Letters(), new Told(told), cancellationToken: cancellation);
        Assert.Equal(300, report.Letters);
        Assert.Equal(600, report.Pages);
        Assert.Equal(300, told[^1]);
        Assert.True(told.Count > 2 && told.SequenceEqual(told.Order()));
        using var file = new PdfFile(output.ToArray());
        file.RequireSound();

        async IAsyncEnumerable<RegistrationLetter> Letters()
        {
            for (var i = 0; i < 300; i++)
            {
                await Task.Yield();
                yield return printed.Letter(2);
            }
        }
    }

    [Fact]
    public void A_letter_for_nobody_is_refused()
    {
        var pdf = new RegistrationLetterPdf(Stream.Null, printed.Fonts, PdfFile.Created);
        Assert.Throws<ArgumentException>(() => pdf.Add(printed.Letter(0)));
        Assert.Throws<InvalidOperationException>(() => pdf.Finish());
    }

    private static List<Word> Words(PdfFile file, int page)
    {
        var xml = PdfFile.Output("pdftotext", "-bbox", "-f", $"{page}", "-l", $"{page}", file.Path, "-");
        return [.. WordBox().Matches(xml).Select(match => new Word(
            WebUtility.HtmlDecode(match.Groups["text"].Value),
            Millimetres(match.Groups["left"]),
            Millimetres(match.Groups["top"]),
            Millimetres(match.Groups["right"]),
            Millimetres(match.Groups["bottom"])))];

        static double Millimetres(Group points) => double.Parse(points.ValueSpan, CultureInfo.InvariantCulture) * 25.4 / 72;
    }

    [GeneratedRegex(@"仮ログインID +(?<id>\d{8})(?!\d).+?仮パスワード +(?<password>[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})(?!\S)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"\d{8,}", RegexOptions.None, 10_000)]
    private static partial Regex EightDigits();

    [GeneratedRegex(@"\s+", RegexOptions.None, 10_000)]
    private static partial Regex Blank();

    [GeneratedRegex("""<word xMin="(?<left>[\d.]+)" yMin="(?<top>[\d.]+)" xMax="(?<right>[\d.]+)" yMax="(?<bottom>[\d.]+)">(?<text>[^<]*)</word>""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex WordBox();

    private sealed record Word(string Text, double Left, double Top, double Right, double Bottom);

    private sealed class Told(List<int> numbers) : IProgress<int>
    {
        public void Report(int value) => numbers.Add(value);
    }
}

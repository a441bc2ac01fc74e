using System.Diagnostics;
using System.Text;
using KenkoPortal.Claims;
using KenkoPortal.Core.MedicalCosts.Tax;
using KenkoPortal.Core.Printing;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Pdf;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.MedicalCosts;

/// <summary>The files for a tax return.</summary>
public sealed class TaxFilesTests
{
    private static Society Minato(string? taxNote = null) => new()
    {
        Key = "minato", InsurerNumber = "06139992", Name = "みなと港運健康保険組合", Host = "localhost", Origin = "https://localhost", MailFrom = "a@minato.test",
        RegistrationAddress = "b@minato.test", PostalCode = "231-9900", Address = "架空県みなと市汐見町一丁目1番1号 港運会館3階", Tel = "045-000-0123", TaxNote = taxNote,
    };

    private static readonly string[] Cover = ["対象：2026年1月〜7月診療分", "2026年8月診療分は、2026年10月20日ごろに掲載する予定です。"];

    [Fact]
    public void CSV_has_the_national_portals_columns_and_leaves_an_unknown_amount_blank()
    {
        var bytes = TaxCsv.Write(Pack(Person("港　太郎", "本人", Row(1, "みなと病院", CareKind.MedicalInpatient, 120_000, 36_000, meal: 1_380), Row(2, "=内科,東", CareKind.MedicalOutpatient, 5_000, null))));
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), bytes[..3]);
        Assert.Equal(
            [
                "診療年月,診療区分,日数,医療機関等名称,医療費の総額,保険者の負担額,その他の公費の負担額,窓口相当負担額,食事・生活療養標準負担額,受診者,備考",
                "2026年1月,医科入院,2,みなと病院,120000,84000,0,36000,1380,港　太郎,",
                "2026年2月,医科外来,2,\"'=内科,東\",5000,,,,,港　太郎,要確認、公費あり",
                "",
            ],
            Encoding.UTF8.GetString(bytes[3..]).Split("\r\n"));
    }

    [Fact]
    public void The_form_takes_columns_B_to_J_cut_to_its_cells_without_unknown_amounts()
    {
        var bytes = TaxForm.Write(Pack(Person(
            "港　太郎左衛門之助長政", "本人",
            Row(1, "架空県立みなと総合医療センター附属汐見町分院内科", CareKind.MedicalInpatient, 120_000, 36_000, meal: 1_380),
            Row(2, "みなと薬局", CareKind.Pharmacy, 5_000, 1_500),
            Row(3, "公費内科", CareKind.MedicalOutpatient, 5_000, null))));
        Assert.Equal(
            [
                "港　太郎左衛門之助長\t架空県立みなと総合医療センター附属汐見町\t該当する\t\t\t\t37380\t\t",
                "港　太郎左衛門之助長\tみなと薬局\t\t該当する\t\t\t1500\t\t",
                "",
            ],
            Encoding.UTF8.GetString(bytes[3..]).Split("\r\n"));
    }

    [Fact]
    public void A_name_that_begins_with_a_quotation_mark_is_pasted_as_it_is_and_fits_its_cell()
    {
        var bytes = TaxForm.Write(Pack(Person("\"港\"　太郎左衛門之助長政", "本人", Row(1, "\"みなと\"内科", CareKind.MedicalOutpatient, 5_000, 1_500))));
        Assert.Equal("'\"港\"　太郎左衛門\t'\"みなと\"内科\t該当する\t\t\t\t1500\t\t\r\n", Encoding.UTF8.GetString(bytes[3..]));
    }

    [Fact]
    public void The_form_holds_995_rows_and_no_character_is_cut_in_two()
    {
        var rows = Enumerable.Range(0, 1_200).Select(i => Row((i % 12) + 1, new string('科', 19) + "𠮷野", CareKind.MedicalOutpatient, 1_000, 300)).ToArray();
        var lines = Encoding.UTF8.GetString(TaxForm.Write(Pack(Person("港　太郎", "本人", rows)))[3..]).TrimEnd().Split("\r\n");
        Assert.Equal(TaxForm.MostRows, lines.Length);
        Assert.Equal(new string('科', 19), lines[0].Split('\t')[1]);
    }

    [Fact]
    public void The_print_has_the_laws_six_items_its_cover_and_caveats_and_neither_insurer_number_nor_card()
    {
        using var pdf = Print(Pack(
            Person("港　太郎", "本人", Row(1, "みなと病院", CareKind.MedicalInpatient, 120_000, 36_000, meal: 1_380), Row(2, "公費内科", CareKind.MedicalOutpatient, 5_000, null)),
            Person("港　花子", "妻", Row(3, "汐見薬局", CareKind.Pharmacy, 4_000, 1_200))));
        var text = WordsOf(pdf);
        foreach (var words in new[]
        {
            "医療費通知", "2026年（令和8年）診療分", "被保険者等の氏名", "港太郎様", "療養を受けた年月", "2026年1月", "療養を受けた者", "港花子（妻）", "病院・診療所・薬局等の名称",
            "みなと病院", "汐見薬局", "支払った医療費の額", "37,380円", "1,200円", "38,580円", "要確認", "支払った医療費の額の合計（要確認1件を除く）", "港太郎（本人）（要確認1件を除く）", "保険者等の名称", "みなと港運健康保険組合", "対象：2026年1月〜7月診療分",
            "2026年10月20日ごろに掲載する予定です。", "領収書を5年間保管", "公費などのため負担額が分からない",
        })
        {
            Assert.Contains(words, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("06139992", text, StringComparison.Ordinal);
        Assert.DoesNotContain("記号", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_print_is_a_sound_tagged_document_with_tables_and_a_named_seal()
    {
        using var pdf = Print(Pack(Person("港　太郎", "本人", [.. Enumerable.Range(0, 100).Select(i => Row((i / 9) + 1, $"みなと内科クリニック第{i}", CareKind.MedicalOutpatient, 1_000, 300))])));
        Assert.SkipUnless(Tool.Exists("qpdf"), "qpdf is not installed");
        Assert.Equal(0, Tool.Run("qpdf", "--check", pdf.Path).ExitCode);
        var structure = Tool.Run("pdfinfo", "-struct-text", pdf.Path).Output;
        foreach (var tag in new[] { "H1", "H2", "Table", "TR", "TH", "TD", "Figure", "LI" })
        {
            Assert.Contains(tag, structure, StringComparison.Ordinal);
        }

        Assert.Equal(100, Enumerable.Range(0, 100).Count(i => pdf.Text().Contains($"第{i}", StringComparison.Ordinal)));
        Assert.Contains("（続き）", pdf.Text(), StringComparison.Ordinal);
        Assert.Contains("1/4", WordsOf(pdf), StringComparison.Ordinal);
    }

    /// <summary>Finding A4 of the members' pages: a page with the total alone tells the reader nothing of what it sums.</summary>
    [Fact]
    public void The_total_stands_with_two_lines_at_least_and_a_short_person_on_one_page()
    {
        for (var count = 20; count <= 80; count++)
        {
            using var pdf = Print(Pack(
                Person("港　太郎", "本人", [.. Enumerable.Range(0, count).Select(i => Row(1, $"第{i}号医院", CareKind.MedicalOutpatient, 1_000, 300))]),
                Person("港　花子", "妻", [.. Enumerable.Range(0, 5).Select(i => Row(2, $"花{i}号医院", CareKind.MedicalOutpatient, 1_000, 300))])));
            var pages = pdf.Text().Split('\f');
            var totals = pages.Where(p => p.Split('\n').Any(l => l.StartsWith("合計", StringComparison.Ordinal))).ToList();
            Assert.All(totals, page => Assert.True(page.Split("号医院").Length - 1 >= 2, $"{count} lines: a total stands with fewer than two lines"));
            Assert.Single(pages, page => page.Contains("花0号医院", StringComparison.Ordinal) && page.Contains("花4号医院", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_print_says_on_its_first_page_what_it_covers_and_promises_nothing_that_the_society_did_not_say()
    {
        var pack = Pack(Person("港　太郎", "本人", [.. Enumerable.Range(0, 90).Select(i => Row(1, $"第{i}号医院", CareKind.MedicalOutpatient, 1_000, 300))]));
        using var pdf = Print(pack);
        var first = string.Concat(pdf.Text().Split('\f')[0].Where(c => !char.IsWhiteSpace(c)));
        Assert.Contains("対象：2026年1月〜7月診療分", first, StringComparison.Ordinal);
        Assert.Contains("2026年8月診療分は、2026年10月20日ごろに掲載する予定です。", first, StringComparison.Ordinal);
        Assert.Contains("税務署にご確認ください。領収書は5年間保管してください。", first, StringComparison.Ordinal);
        Assert.DoesNotContain("領収書の代わり", WordsOf(pdf), StringComparison.Ordinal);
        Assert.DoesNotContain("添えることができます", WordsOf(pdf), StringComparison.Ordinal);

        using var own = Print(pack, Minato("当組合が発行する医療費通知です。"));
        Assert.Contains("当組合が発行する医療費通知です。", WordsOf(own), StringComparison.Ordinal);
        Assert.DoesNotContain("税務署にご確認ください", WordsOf(own), StringComparison.Ordinal);
    }

    /// <summary>Any number of lines breaks into pages without a line lost or a page without end.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(74)]
    public void Every_line_stands_on_a_page(int count)
    {
        using var pdf = Print(Pack(Person("港　太郎", "本人", [.. Enumerable.Range(0, count).Select(i => Row(1, $"第{i}号医院", CareKind.MedicalOutpatient, 1_000, 300))])));
        var text = pdf.Text();
        Assert.Equal(count, Enumerable.Range(0, count).Count(i => text.Contains($"第{i}号医院", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_name_of_thousands_of_characters_or_a_rare_one_does_no_harm()
    {
        using var pdf = Print(Pack(Person(new string('港', 200), "本人", Row(1, new string('海', 300), CareKind.MedicalOutpatient, int.MaxValue, int.MaxValue), Row(2, "𠮷野内科", CareKind.MedicalOutpatient, 1, 0))));
        Assert.Contains("2026年1月", pdf.Text(), StringComparison.Ordinal);
    }

    private static PdfFile Print(TaxPack pack, Society? society = null)
    {
        Assert.SkipUnless(Tool.Exists("pdftotext"), "pdftotext is not installed");
        using var print = new TaxPrint();
        try
        {
            return new PdfFile(print.Write(pack, society ?? Minato(), PdfFile.Created));
        }
        catch (LetterFontsMissingException)
        {
            Assert.Skip("BIZ UDGothic is not installed");
            throw new UnreachableException();
        }
    }

    /// <summary>Every character of the print, without the blanks and line ends between them.</summary>
    private static string WordsOf(PdfFile pdf) => string.Concat(Tool.Run("pdftotext", "-raw", pdf.Path, "-").Output.Where(c => !char.IsWhiteSpace(c)));

    private static TaxPack Pack(params TaxPerson[] people) => new(2026, "港　太郎", people, Cover);

    private static TaxPerson Person(string name, string relationship, params MedicalCostRow[] rows) => new(name, relationship, rows);

    private static MedicalCostRow Row(int month, string institution, CareKind care, int total, int? patient, int? meal = null, int? mealTotal = null) => new(
        Guid.Empty, Guid.CreateVersion7(), Guid.Empty, new TreatmentMonth(2026, month), care, institution, 2, new ClaimAmounts
        {
            TotalYen = total, InsurerYen = total - patient, PublicFundsYen = patient is null ? null : 0, PatientYen = patient, UpperBoundYen = total,
            MealTotalYen = mealTotal ?? meal, MealShareYen = meal, CorrectionYen = 0, HasPublicFunds = patient is null,
        });
}

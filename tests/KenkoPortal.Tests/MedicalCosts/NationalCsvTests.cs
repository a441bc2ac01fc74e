using System.IO.Compression;
using System.Text;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.MedicalCosts.Tax;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Tests.MedicalCosts;

/// <summary>Q7: the file that readers of the national portal's CSV take.</summary>
public sealed class NationalCsvTests
{
    private static readonly DateOnly Today = new(2026, 12, 1);

    private static readonly IReadOnlyList<TreatmentMonth> Months = [new(2026, 1), new(2026, 2), new(2026, 3)];

    [Fact]
    public void The_file_has_the_national_portals_sections_in_their_order_with_every_field_quoted()
    {
        var text = Encoding.UTF8.GetString(Write(
            Row(1, "みなと病院", CareKind.MedicalInpatient, 120_000, 36_000), Row(2, "公費内科", CareKind.MedicalOutpatient, 5_000, null), Row(3, "汐見\"薬局\"", CareKind.Pharmacy, 4_000, 1_200)));
        Assert.Equal(
            """"
            "わたしの情報"
            "医療費通知情報"

            "項目名","内容"
            "作成日","2026年12月01日"
            "資格情報"
            "氏名カナ","ﾐﾅﾄ ﾋﾞﾊﾞﾘ"
            "氏名","港　美羽里"
            "生年月日","1985年03月05日"
            "性別","女性"
            "年齢","41歳"
            "保険者等番号","06139992"
            "被保険者証等記号","310"
            "被保険者証等番号","5"
            "枝番","01"
            "医療費明細一覧の概要"
            "一覧表示の範囲","2026年3月まで"
            "医療費の合計"
            "期間","2026年1月～2026年3月"
            "医療費の総額（円）","124,000"
            "保険者の負担額（円）","86,800"
            "その他の公費の負担額（円）","0"
            "窓口相当負担額（円）","37,200"
            "年間の合計"
            "期間","2026年"
            "医療費の総額（円）","124,000"
            "保険者の負担額（円）","86,800"
            "その他の公費の負担額（円）","0"
            "窓口相当負担額（円）","37,200"
            "医療費情報明細"
            "診療年月","2026年1月"
            "診療区分","医科入院"
            "日数","2"
            "医療機関等名称","みなと病院"
            "医療費の総額（円）","120,000"
            "保険者の負担額（円）","84,000"
            "その他の公費の負担額（円）","0"
            "窓口相当負担額（円）","36,000"
            "診療年月","2026年3月"
            "診療区分","調剤"
            "日数","2"
            "医療機関等名称","汐見""薬局"""
            "医療費の総額（円）","4,000"
            "保険者の負担額（円）","2,800"
            "その他の公費の負担額（円）","0"
            "窓口相当負担額（円）","1,200"
            "保険者情報"
            "保険者の名称","みなと港運健康保険組合"
            "医療費情報明細の範囲","2026年3月まで"

            """".ReplaceLineEndings("\r\n"),
            text);
    }

    /// <summary>Readers walk down the rows: a section's name alone, then pairs; where a section's first name comes again, the next line of it begins.</summary>
    [Fact]
    public void A_reader_of_the_national_portals_file_finds_each_line_and_the_sums()
    {
        var rows = Enumerable.Range(0, 40).Select(i => Row((i % 3) + 1, $"第{i}号\n医院", CareKind.MedicalOutpatient, 1_000 + (i * 10), 300 + i)).ToArray();
        var sections = new Dictionary<string, List<Dictionary<string, string>>>();
        List<Dictionary<string, string>>? section = null;
        foreach (var cells in Encoding.UTF8.GetString(Write(rows)).Split("\r\n").Skip(5).Where(l => l.Length > 0).Select(l => l[1..^1].Split("\",\"")))
        {
            if (cells is [var name])
            {
                sections[name] = section = [[]];
                continue;
            }

            if (section![^1].Count > 0 && section[^1].First().Key == cells[0])
            {
                section.Add([]);
            }

            section[^1][cells[0]] = cells[1];
        }

        var lines = sections["医療費情報明細"];
        Assert.Equal(40, lines.Count);
        Assert.Equal("第7号 医院", lines.Single(l => l["医療機関等名称"].StartsWith("第7号", StringComparison.Ordinal))["医療機関等名称"]);
        Assert.Equal(rows.Sum(r => r.Amounts.PatientYen!.Value), lines.Sum(l => int.Parse(l["窓口相当負担額（円）"].Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(NoticeWords.Number(rows.Sum(r => r.Amounts.PatientYen!.Value)), sections["年間の合計"][0]["窓口相当負担額（円）"]);
    }

    [Fact]
    public void A_family_is_a_zip_with_a_file_for_each()
    {
        var now = new DateTimeOffset(2026, 11, 30, 23, 5, 6, 7, TimeSpan.Zero);
        using var zip = new ZipArchive(new MemoryStream(NationalCsv.Zip([Write(), Write(Row(1, "みなと病院", CareKind.MedicalOutpatient, 1_000, 300))], now)));
        Assert.Equal(["医療費情報_20261201080506007.csv", "医療費情報_20261201080506008.csv"], zip.Entries.Select(e => e.FullName));
    }

    [Theory]
    [InlineData("ヴァイオリン　ゲンジロウ", "ｳﾞｧｲｵﾘﾝ ｹﾞﾝｼﾞﾛｳ")]
    [InlineData("みなと　ぱぴこ", "ﾐﾅﾄ ﾊﾟﾋﾟｺ")]
    [InlineData("ﾐﾅﾄ ﾀﾛｳ", "ﾐﾅﾄ ﾀﾛｳ")]
    [InlineData("NGUYEN ・ヴー", "NGUYEN ･ｳﾞｰ")]
    public void A_reading_in_half_width_has_its_sound_marks_as_characters_of_their_own(string kana, string half) => Assert.Equal(half, KanaName.HalfWidth(kana));

    private static byte[] Write(params MedicalCostRow[] rows) => NationalCsv.Write(
        new NationalPerson("港　美羽里", "ミナト　ビバリ", new DateOnly(1985, 3, 5), Sex.Female, "310", "5", "01", rows), ("06139992", "みなと港運健康保険組合"), Months, Today);

    private static MedicalCostRow Row(int month, string institution, CareKind care, int total, int? patient) => new(
        Guid.Empty, Guid.CreateVersion7(), Guid.Empty, new TreatmentMonth(2026, month), care, institution, 2, new ClaimAmounts
        {
            TotalYen = total, InsurerYen = total - patient, PublicFundsYen = patient is null ? null : 0, PatientYen = patient, UpperBoundYen = total,
            CorrectionYen = 0, HasPublicFunds = patient is null,
        });
}

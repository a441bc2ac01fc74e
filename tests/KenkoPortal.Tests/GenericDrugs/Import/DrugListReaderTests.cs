using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.GenericDrugs.Import;
using static KenkoPortal.Tests.GenericDrugs.Import.DrugListSample;

namespace KenkoPortal.Tests.GenericDrugs.Import;

public sealed class DrugListReaderTests
{
    [Fact]
    public void The_price_list_reads_alike_in_UTF8_CP932_and_Excel()
    {
        foreach (var file in new[] { InUtf8(Prices), [0xEF, 0xBB, 0xBF, .. InUtf8(Prices)], InCp932(Prices), Workbook(Prices) })
        {
            var read = ReadPrices(file);
            Assert.Empty(read.Errors);
            Assert.Equal(["2149044F6026", "2149044F6018", "2149044F6085"], read.Rows.Select(r => r.Code));
            Assert.Equal([31.9m, 10.4m, 20.2m], read.Rows.Select(r => r.Price));
            Assert.Equal(("オルメテックＯＤ錠２０ｍｇ", "オルメサルタンメドキソミル", "２０ｍｇ１錠"), (read.Rows[0].Name, read.Rows[0].Ingredient, read.Rows[0].Specification));
            Assert.Equal([null, null, new DateOnly(2026, 3, 31)], read.Rows.Select(r => r.UsableUntil));
        }
    }

    [Fact]
    public void The_availability_list_reads_each_flag()
    {
        var rows = new[] { "1", "2", "3", "☆", "★", "", "２" }.Select((flag, i) => $"2149044F60{i}0,成分,品名,{flag},,,,,");
        var read = ReadAvailability(InUtf8(Lines([AvailabilityHeadings, .. rows])));

        Assert.Empty(read.Errors);
        Assert.Equal(
            [
                GenericFlag.BrandWithoutGeneric, GenericFlag.BrandWithGeneric, GenericFlag.Generic, GenericFlag.BrandNotDearer, GenericFlag.GenericNotCheaper,
                GenericFlag.None, GenericFlag.BrandWithGeneric,
            ],
            read.Rows.Select(r => r.Flag));
        Assert.Equal(3, ReadAvailability(Workbook(Availability, "各先発医薬品の後発医薬品の有無に関する情報", isEmptySheetFirst: true)).Rows.Count);
    }

    [Fact]
    public void The_master_reads_without_headings_as_it_is_delivered_and_with_them()
    {
        var headings = string.Join(',', Enumerable.Range(0, 42).Select(i => i switch
        {
            1 => "マスター種別",
            2 => "医薬品コード",
            4 => "医薬品名・規格名漢字名称",
            9 => "単位漢字名称",
            11 => "新又は現金額",
            31 => "薬価基準収載医薬品コード",
            39 => "抗ＨＩＶ薬区分",
            40 => "長期収載品関連",
            _ => $"列{i}",
        }));
        foreach (var file in new[] { InCp932(Master), InUtf8(headings + "\r\n" + Master) })
        {
            var read = ReadMaster(file);
            Assert.Empty(read.Errors);
            Assert.Equal(
                [("622452901", "2149044F6026", 31.90m, null, false, "錠"), ("672452901", "2149044F6026", 28.97m, "622452901", false, "錠")],
                read.Rows.Select(r => (r.Code, r.PriceCode, r.Price, r.OriginalCode, r.IsAntiHiv, r.Unit)));
        }
    }

    [Fact]
    public void A_row_of_the_master_without_price_code_is_passed_over_and_counted()
    {
        var read = ReadMaster(InCp932(Master + MasterRow("620000001", "薬価なし", "1.00", "") + "\r\n"));

        Assert.Equal((2, 1, 0), (read.Rows.Count, read.PassedOver, read.ErrorCount));
    }

    [Theory]
    [InlineData(12, "高い", 3, 13, "薬価")]
    [InlineData(12, "-1", 3, 13, "薬価")]
    [InlineData(12, "", 3, 13, "薬価")]
    [InlineData(1, "2149044F601", 3, 2, "薬価基準収載医薬品コード")]
    [InlineData(1, "2149044F6026", 3, 2, "薬価基準収載医薬品コード")]
    [InlineData(13, "いつか", 3, 14, "経過措置による使用期限")]
    [InlineData(13, "R8.2.30まで", 3, 14, "経過措置による使用期限")]
    [InlineData(7, "", 3, 8, "品名")]
    public void A_wrong_cell_is_named_by_line_column_and_heading(int cell, string text, int line, int column, string heading)
    {
        var row = PriceRows[1].Split(',');
        row[cell] = text;
        foreach (var (file, above) in new[] { (InUtf8(Csv()), 0), (Workbook(Csv()), 2) })
        {
            var read = ReadPrices(file);
            var error = Assert.Single(read.Errors);
            Assert.Equal((line + above, column, heading), (error.Line, error.Column, error.Header));
            Assert.Contains($"list:{line + above}:{column}（{heading}）: ", error.Render("list"), StringComparison.Ordinal);
            Assert.Equal(2, read.Rows.Count);
        }

        string Csv() => Lines([PriceHeadings, PriceRows[0], string.Join(',', row), PriceRows[2]]);
    }

    [Fact]
    public void Rows_above_the_headings_are_passed_over_and_line_breaks_in_headings_do_not_count()
    {
        var csv = "薬価基準収載品目リスト,,\r\n令和7年7月16日適用\r\n" + Prices.Replace("経過措置による使用期限", "\"経過措置\nによる使用期限\"", StringComparison.Ordinal);

        Assert.Equal((3, 0), (ReadPrices(InUtf8(csv)).Rows.Count, ReadPrices(InUtf8(csv)).ErrorCount));
    }

    [Fact]
    public void Another_list_is_refused_with_the_columns_that_it_lacks()
    {
        var error = Assert.Single(ReadPrices(InUtf8(Availability)).Errors);
        Assert.Contains("薬価基準収載品目リストの列が足りません: 規格、薬価", error.Message, StringComparison.Ordinal);
        Assert.Contains("後発医薬品の有無に関する情報の列が足りません", Assert.Single(ReadAvailability(InUtf8(Prices)).Errors).Message, StringComparison.Ordinal);
        Assert.Contains("医薬品マスターの列が足りません", Assert.Single(ReadMaster(InUtf8(Prices)).Errors).Message, StringComparison.Ordinal);
        Assert.Contains("ではありません", Assert.Single(ReadPrices(InCp932(Master)).Errors).Message, StringComparison.Ordinal);
        Assert.Contains("ではありません", Assert.Single(ReadPrices(Workbook("甲,乙\r\n1,2\r\n")).Errors).Message, StringComparison.Ordinal);
        Assert.NotEmpty(ReadMaster(InCp932(MasterRow("620000001", "名", "1", "2149044F6026", kind: "S") + "\r\n")).Errors);
    }

    [Fact]
    public void A_file_that_is_none_of_these_is_refused_in_words()
    {
        Assert.Contains("何も書かれていません", Assert.Single(ReadPrices([]).Errors).Message, StringComparison.Ordinal);
        Assert.Contains("UTF-16", Assert.Single(ReadPrices([0xFF, 0xFE, 0x41, 0]).Errors).Message, StringComparison.Ordinal);
        Assert.Contains("ブック", Assert.Single(ReadPrices([.. "PK\u0003\u0004"u8, 1, 2, 3]).Errors).Message, StringComparison.Ordinal);
        Assert.Contains("行がありません", Assert.Single(ReadPrices(InUtf8(PriceHeadings)).Errors).Message, StringComparison.Ordinal);
        Assert.Contains("列「薬価」", Assert.Single(ReadPrices(InUtf8(Prices.Replace("備考", "薬価", StringComparison.Ordinal))).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_make_it_throw() => Prop.ForAll<byte[]>(file =>
        IsJudged(ReadPrices(file)) && IsJudged(ReadAvailability(file)) && IsJudged(ReadMaster(file))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_list_cut_anywhere_gives_whole_rows_or_an_error()
    {
        IsCutSafely(InUtf8(Prices), ReadPrices);
        IsCutSafely(InCp932(Prices), ReadPrices);
        IsCutSafely(InUtf8(Availability), ReadAvailability);
        IsCutSafely(InCp932(Master), ReadMaster);
    }

    [Fact]
    public void A_garbled_byte_never_throws_and_never_changes_another_row() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(
            Gen.Choose(0, InUtf8(PriceRows[1]).Length - 1).Zip(Gen.Choose(0, 255)).ToArbitrary(),
            garble =>
            {
                var row = InUtf8(PriceRows[1]);
                row[garble.Item1] = (byte)garble.Item2;
                var good = ReadPrices(InUtf8(Prices));
                var read = ReadPrices([.. InUtf8(PriceHeadings + "\r\n" + PriceRows[0] + "\r\n"), .. row, .. InUtf8("\r\n" + PriceRows[2] + "\r\n")]);
                var isSwallowing = garble.Item2 is '"' or '\r' or '\n';
                return IsJudged(read)
                    && (read.IsValid
                        ? read.Rows is [var first, _, var last] && first == good.Rows[0] && last == good.Rows[2]
                        : isSwallowing || (read.Rows.Contains(good.Rows[0]) && read.Rows.Contains(good.Rows[2])));
            }));

    [Fact]
    public void A_garbled_workbook_never_throws() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(
            Gen.Choose(0, 100_000).Zip(Gen.Choose(0, 255)).Zip(Gen.Choose(0, 1)).ToArbitrary(),
            garble =>
            {
                var file = Workbook(Prices);
                var place = garble.Item1.Item1 % file.Length;
                if (garble.Item2 == 0)
                {
                    file[place] = (byte)garble.Item1.Item2;
                    return IsJudged(ReadPrices(file));
                }

                return IsJudged(ReadPrices(file[..place]));
            }));

    [Theory]
    [InlineData("blanks", 30_000_000)]
    [InlineData("texts", 2_000_000)]
    [InlineData("long text", 40_000)]
    [InlineData("long tag", 3_000_000)]
    [InlineData("nesting", 100_000)]
    [InlineData("names", 20_000)]
    public void F5_A_workbook_that_unpacks_to_too_much_is_refused_in_words_and_in_little_memory(string what, int count)
    {
        var (sheet, texts) = what switch
        {
            "blanks" => (new string(' ', count), ""),
            "texts" => ("", string.Concat(Enumerable.Range(0, count).Select(i => $"<si><t>{i * 7919L}</t></si>"))),
            "long text" => ($"<row><c t=\"str\"><v>{Digits(count)}</v></c></row>", ""),
            "long tag" => ($"<row x=\"{Digits(count)}\"/>", ""),
            "nesting" => (Repeated("<a>", count) + Repeated("</a>", count), ""),
            _ => (string.Concat(Enumerable.Range(0, count).Select(i => $"<n{i}/>")), ""),
        };
        var file = PackedWorkbook(sheet, texts);
        (sheet, texts) = ("", "");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = ReadPrices(file);

        Assert.Contains("広げると大きくなりすぎる", Assert.Single(read.Errors).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 160L * 1024 * 1024);
    }

    [Fact]
    public void F5_A_row_of_too_many_cells_is_one_fault_and_the_other_rows_are_read()
    {
        var texts = string.Concat(PriceHeadings.Split(',').Concat(PriceRows[0].Split(',')).Select(t => $"<si><r><rPr/><t/></r><r><t>{t}</t></r><rPh><t>ヨミ</t></rPh></si>"));
        string Row(int first) => $"<row>{string.Concat(Enumerable.Range(first, 15).Select(i => $"<c t=\"s\"><v>{i}</v></c>"))}</row>";
        var file = PackedWorkbook(Row(0) + $"<row>{Repeated("<c><v>1</v></c>", 3_000_000)}</row>" + Row(15), texts);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = ReadPrices(file);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8L * 1024 * 1024);
        Assert.Contains("列が多すぎる", Assert.Single(read.Errors).Message, StringComparison.Ordinal);
        Assert.Equal("2149044F6026", Assert.Single(read.Rows).Code);
    }

    [Theory]
    [InlineData("\u0000")]
    [InlineData("\uFFFD")]
    [InlineData("\uE000")]
    public void A_damaged_character_is_never_taken(string character)
    {
        for (var column = 0; column < 15; column++)
        {
            var row = PriceRows[1].Split(',');
            row[column] += character;
            var read = ReadPrices(InUtf8(Lines([PriceHeadings, PriceRows[0], string.Join(',', row)])));
            Assert.True(read.Rows.Count == 1 || (character == "\uE000" && read.Rows.Count == 2), $"column {column}");
        }
    }

    private static void IsCutSafely<TRow>(byte[] whole, Func<byte[], DrugListFile<TRow>> read)
    {
        var good = read(whole).Rows;
        var errors = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = read(whole[..length]);
            Assert.True(IsJudged(cut));
            Assert.Equal(good.Take(cut.Rows.Count), cut.Rows);
            errors += cut.IsValid ? 0 : 1;
        }

        Assert.True(errors > whole.Length / 2);
    }

    private static string Repeated(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    /// <summary>Digits that do not pack to nothing.</summary>
    private static string Digits(int count) => string.Concat(Enumerable.Range(0, (count / 8) + 1).Select(i => (i * 7919L * 104_729 % 100_000_000).ToString("D8", System.Globalization.CultureInfo.InvariantCulture)));

    private static DrugListFile<PriceRow> ReadPrices(byte[] file) => DrugListReader.ReadPrices(new MemoryStream(file), TestContext.Current.CancellationToken);

    private static DrugListFile<AvailabilityRow> ReadAvailability(byte[] file) =>
        DrugListReader.ReadAvailability(new MemoryStream(file), TestContext.Current.CancellationToken);

    private static DrugListFile<MasterRow> ReadMaster(byte[] file) => DrugListReader.ReadMaster(new MemoryStream(file), TestContext.Current.CancellationToken);

    private static bool IsJudged<TRow>(DrugListFile<TRow> read) =>
        (read.ErrorCount == 0) == (read.Errors.Count == 0)
        && read.Errors.All(e => e is { Line: >= 1, Column: >= 1 } && !e.Message.Any(char.IsControl) && !e.Header.Any(char.IsControl))
        && (read.ErrorCount > 0 || read.Rows.Count > 0 || read.PassedOver > 0);
}

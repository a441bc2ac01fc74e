using System.Globalization;
using System.Text;
using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

public sealed class ClaimFaultTests
{
    [Theory]
    [InlineData("HO", 5, "4６", ClaimFaultKind.NotANumber, "合計点数")]
    [InlineData("HO", 5, "-1", ClaimFaultKind.NotANumber, "合計点数")]
    [InlineData("HO", 5, "123456789", ClaimFaultKind.NotANumber, "合計点数")]
    [InlineData("HO", 5, "", ClaimFaultKind.ValueMissing, "合計点数")]
    [InlineData("HO", 1, "06132014", ClaimFaultKind.NotAnInsurerNumber, "保険者番号")]
    [InlineData("HO", 1, "0613201", ClaimFaultKind.NotAnInsurerNumber, "保険者番号")]
    [InlineData("HO", 11, "1.5", ClaimFaultKind.NotANumber, "負担金額")]
    [InlineData("RE", 2, "1152", null, "")]
    [InlineData("RE", 2, "1162", ClaimFaultKind.NotAClaimType, "レセプト種別")]
    [InlineData("RE", 2, "3112", ClaimFaultKind.NotAClaimType, "レセプト種別")]
    [InlineData("RE", 5, "3", ClaimFaultKind.NotACode, "男女区分")]
    [InlineData("RE", 7, "101", ClaimFaultKind.NotANumber, "給付割合")]
    [InlineData("RE", 11, "012", ClaimFaultKind.NotACode, "特記事項")]
    [InlineData("KO", 1, "5413601", ClaimFaultKind.NotACode, "負担者番号")]
    [InlineData("SN", 6, "1", ClaimFaultKind.NotACode, "枝番")]
    [InlineData("IY", 3, "62000001", ClaimFaultKind.NotACode, "医薬品コード")]
    [InlineData("IY", 4, "1.123456", ClaimFaultKind.NotANumber, "使用量")]
    [InlineData("IY", 4, ".5", ClaimFaultKind.NotANumber, "使用量")]
    [InlineData("SY", 2, "20260431", ClaimFaultKind.NoSuchDay, "診療開始日")]
    public void A_value_that_is_none_is_told_with_line_column_and_name(string record, int index, string text, ClaimFaultKind? kind, string field)
    {
        var file = ClaimText.OfInsurer().Start("910000001").Own("IR");
        string[] records = ["RE", "HO", "KO", "SN", "SY", "IY"];
        foreach (var name in records)
        {
            file.Own(name, name == record ? [(index, text)] : []);
        }

        if (kind is null)
        {
            // 医保 with four public funds, of which one is there.
            Assert.Equal("KO", file.SingleFault().Expected);
            return;
        }

        var fault = file.SingleFault();
        Assert.Equal((kind, Array.IndexOf(records, record) + 3L, index + 4, field, "910000001"), (fault.Kind, fault.Line, fault.Column, fault.Field, fault.ClaimNumber));
        Assert.True(fault.SetsAside);
    }

    [Fact]
    public void Columns_count_as_the_file_has_them()
    {
        var fault = ClaimText.OfProvider().Own("IR").Own("RE").Own("HO", (5, "x")).Raw("GO,1,1000,99").SingleFault();
        Assert.Equal((3L, 6, "1"), (fault.Line, fault.Column, fault.ClaimNumber));
    }

    [Fact]
    public void A_fault_is_rendered_for_the_clerk_and_not_for_a_log()
    {
        var fault = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE").Own("HO", (5, "46７")).SingleFault();
        Assert.Equal(
            "11_RECODEINFO_MED.CSV:4:9（合計点数）: 数ではありません: 「46７」。8 桁までの整数のはずです。 レセプト 910000001 は取り込みません。",
            fault.Render("11_RECODEINFO_MED.CSV"));
        Assert.Equal("4:9 NotANumber", fault.ToString());
    }

    [Fact]
    public void Every_kind_of_fault_has_words() => Assert.All(
        Enum.GetValues<ClaimFaultKind>(), kind => Assert.NotNull(ClaimFaultText.ResourceManager.GetString(kind.ToString(), CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(new byte[] { 0x81 }, "no second byte")]
    [InlineData(new byte[] { 0x81, 0x3F }, "a second byte that is none")]
    [InlineData(new byte[] { 0x81, 0xAD }, "a code that the table lacks")]
    [InlineData(new byte[] { 0x80 }, "no first byte")]
    [InlineData(new byte[] { 0xA0 }, "no first byte")]
    [InlineData(new byte[] { 0xFD }, "no first byte")]
    [InlineData(new byte[] { 0xE3, 0x81, 0x82 }, "UTF-8 for あ")]
    public void Bytes_that_are_no_CP932_are_told_at_their_column(byte[] bytes, string why)
    {
        var file = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (4, "!!")).Own("HO").StartGood("910000002").Bytes();
        var at = file.AsSpan().IndexOf("!!"u8);
        var read = ReadClaims.From([.. file[..at], .. bytes, .. file[(at + 2)..]]);
        Assert.True(read.Numbers.SequenceEqual(["910000002"]), why);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.Undecodable, 3L, 8, "氏名", "910000001"), (fault.Kind, fault.Line, fault.Column, fault.Field, fault.ClaimNumber));
        Assert.Contains('〓', fault.Message);
    }

    [Fact]
    public void A_first_byte_does_not_swallow_the_comma_behind_it()
    {
        var file = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (4, "!")).Own("HO").Bytes();
        file[file.AsSpan().IndexOf((byte)'!')] = 0x83;
        Assert.Equal(8, Assert.Single(ReadClaims.From(file).Faults).Column);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x09)]
    [InlineData(0x0D)]
    [InlineData(0x1A)]
    [InlineData(0x7F)]
    public void Control_characters_are_no_text(byte value)
    {
        var file = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (4, "!")).Own("HO").Bytes();
        file[file.AsSpan().IndexOf((byte)'!')] = value;
        var fault = Assert.Single(ReadClaims.From(file).Faults);
        Assert.Equal((ClaimFaultKind.ControlCharacter, 3L, 8), (fault.Kind, fault.Line, fault.Column));
    }

    [Fact]
    public void A_missing_column_is_told_with_both_numbers()
    {
        var fault = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE").OwnLine("HO,06132013,12,345,1,1000,,,,,,,,").SingleFault();
        Assert.Equal((ClaimFaultKind.ColumnsMissing, 4L, "17", "18"), (fault.Kind, fault.Line, fault.Found, fault.Expected));
    }

    [Fact]
    public void Columns_too_many_are_told_unless_they_are_blank()
    {
        var blank = ClaimText.Good(ClaimKind.Medical, "HO") + ",,";
        ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE").OwnLine(blank).Single();
        Assert.Equal(ClaimFaultKind.ColumnsTooMany, ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE").OwnLine(blank + "x").SingleFault().Kind);
    }

    [Theory]
    [InlineData("x,5,0,SY", 1, "データ識別")]
    [InlineData("1,x,0,SY", 2, "行番号")]
    [InlineData("1,5,,SY", 3, "枝番号")]
    [InlineData("1,5", 3, "枝番号")]
    public void A_prefix_that_is_none_is_told(string line, int column, string field)
    {
        var read = ClaimText.OfInsurer().StartGood("910000001").Raw(line).StartGood("910000002").Read();
        Assert.Equal(["910000002"], read.Numbers);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.PrefixUnreadable, column, field), (fault.Kind, fault.Column, fault.Field));
    }

    [Theory]
    [InlineData("XX,1")]
    [InlineData("iy,1")]
    [InlineData("IYX,1")]
    [InlineData("CZ,1")]
    public void A_record_that_the_kind_does_not_have_sets_the_claim_aside(string record) =>
        Assert.Equal(ClaimFaultKind.UnknownRecord, ClaimText.OfInsurer().StartGood().OwnLine(record).SingleFault().Kind);

    [Theory]
    [InlineData("")]
    [InlineData("\u001A")]
    public void FindingQ1_An_empty_line_within_a_claim_is_nothing_and_counts_as_a_line(string line)
    {
        var read = ClaimText.OfInsurer().StartGood("910000001").Raw(line).Raw(line).Own("SY").StartGood("910000002").Read();
        Assert.Empty(read.Faults);
        Assert.Equal(["910000001", "910000002"], read.Numbers);
        Assert.Equal(8, read.Claims[1].Line);
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public void A_line_longer_than_any_is_passed_over(int length)
    {
        var read = ClaimText.OfInsurer().StartGood("910000001").OwnLine("SJ,01," + new string('x', length)).StartGood("910000002").Read();
        Assert.Equal(["910000002"], read.Numbers);
        Assert.Equal((ClaimFaultKind.LineTooLong, 5L), (Assert.Single(read.Faults).Kind, read.Faults[0].Line));
    }

    [Theory]
    [InlineData("RE")]
    [InlineData("HO")]
    [InlineData("SN")]
    [InlineData("KO")]
    [InlineData("IR")]
    public void A_record_that_comes_once_may_not_come_twice(string record)
    {
        var file = ClaimText.OfInsurer().Start("910000001");
        foreach (var name in new[] { "IR", "RE", "HO", "KO", "SN" })
        {
            file.Own(name);
            if (name == record)
            {
                file.Own(name);
            }
        }

        var read = file.StartGood("910000002").Read();
        Assert.Equal(["910000002"], read.Numbers);
        Assert.NotEmpty(read.Faults);
    }

    [Theory]
    [InlineData("IR", "IR")]
    [InlineData("RE", "RE")]
    [InlineData("HO", "HO")]
    public void A_record_without_which_there_is_no_claim_is_missed(string left, string told)
    {
        var file = ClaimText.OfInsurer().Start("910000001");
        foreach (var name in new[] { "IR", "RE", "HO" }.Where(name => name != left))
        {
            file.Own(name);
        }

        var fault = file.SingleFault();
        Assert.Equal((ClaimFaultKind.RecordMissing, told), (fault.Kind, fault.Expected));
    }

    [Fact]
    public void A_public_fund_that_the_type_promises_is_missed() =>
        Assert.Equal("KO", ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (2, "1122")).Own("HO").SingleFault().Expected);

    [Theory]
    [InlineData("2,1,0,MN", "cut off")]
    [InlineData("2,1,0,M", "cut in its name")]
    [InlineData("2,1", "cut in its prefix")]
    [InlineData("", "empty")]
    [InlineData("2,1,0,MK,910000002,x,13143005910000002,,,", "the name of another record")]
    [InlineData("2,1,0,MN,91000000x,x,13143005910000002,,,", "a number that is none")]
    [InlineData(null, "gone")]
    public void A_damaged_MN_costs_its_own_claim_only(string? mn, string why)
    {
        var file = ClaimText.OfInsurer().StartGood("910000001").Own("IY").StartGood("910000002").Own("IY").StartGood("910000003");
        var lines = file.Lines.ToList();
        var at = lines.FindIndex(line => line.Contains("910000002", StringComparison.Ordinal));
        if (mn is null)
        {
            lines.RemoveAt(at);
        }
        else
        {
            lines[at] = mn;
        }

        var damaged = ClaimText.OfInsurer();
        lines.ForEach(line => damaged.Raw(line));
        var read = damaged.Read();
        Assert.True(read.Numbers.SequenceEqual(["910000001", "910000003"]), why);
        Assert.NotEmpty(read.Faults);
        Assert.Equal(1, read.File.ClaimsSetAside);
        Assert.Equal(ClaimJson.Line(file.Read().Claims[0]), ClaimJson.Line(read.Claims[0]));
    }

    [Theory]
    [InlineData("XE,2")]
    [InlineData("R")]
    [InlineData(null)]
    public void A_damaged_RE_costs_its_own_claim_only(string? re)
    {
        var file = ClaimText.OfProvider().Own("IR").Billed("1", 100).Own("SY").Own("IY");
        _ = re is null ? file : file.Raw(re);
        var read = file.Own("HO", (5, "200")).Own("SY").Billed("3", 300).Raw("GO,3,600,99").Read();
        Assert.Equal(["1", "3"], read.Numbers);
        Assert.NotEmpty(read.Faults);
        Assert.Equal(1, read.File.ClaimsSetAside);
    }

    [Theory]
    [InlineData("IY", "IR")]
    [InlineData("SN", "MN")]
    [InlineData("SI", "SN")]
    [InlineData("CO", "HO")]
    [InlineData("CO", "KO")]
    [InlineData("CO", "GO")]
    [InlineData("IY", "IR", ClaimSide.Provider)]
    [InlineData("SI", "SN", ClaimSide.Provider)]
    [InlineData("CO", "HO", ClaimSide.Provider)]
    [InlineData("CO", "KO", ClaimSide.Provider)]
    [InlineData("CO", "GO", ClaimSide.Provider)]
    public void A_record_that_got_another_name_neither_ends_its_claim_early_nor_costs_another(string record, string other, ClaimSide side = ClaimSide.Insurer)
    {
        var isInsurers = side == ClaimSide.Insurer;
        var file = isInsurers ? ClaimText.OfInsurer().StartGood("910000001").StartGood("910000002") : ClaimText.OfProvider().Own("IR").Billed("910000001").Billed("910000002");
        file.Own("SN").Own("SY").OwnLine(other + ClaimText.Good(ClaimKind.Medical, record)[2..]).Own("IY");
        _ = isInsurers ? file.StartGood("910000003") : file.Billed("910000003").Raw("GO,3,3000,99");
        var read = file.Read();
        Assert.Equal(["910000001", "910000003"], read.Numbers);
        Assert.All(read.Faults, fault => Assert.Equal("910000002", fault.ClaimNumber));
        Assert.Equal(1, read.File.ClaimsSetAside);
    }

    [Fact]
    public void Lines_may_be_numbered_through_the_file()
    {
        var file = ClaimText.OfInsurer().StartGood("910000001").Own("IY");
        var rows = file.Lines.Count;
        var through = ClaimText.OfInsurer();
        foreach (var line in file.Lines)
        {
            through.Raw(line);
        }

        foreach (var line in ClaimText.OfInsurer().StartGood("910000002").Lines)
        {
            var parts = line.Split(',', 3);
            through.Raw($"{parts[0]},{++rows},{parts[2]}");
        }

        var read = through.Read();
        Assert.Empty(read.Faults);
        Assert.Equal(["910000001", "910000002"], read.Numbers);
    }

    [Fact]
    public void Another_record_that_became_GO_does_not_end_the_file()
    {
        var read = ClaimText.OfProvider().Own("IR").Own("RE").OwnLine("G" + ClaimText.Good(ClaimKind.Medical, "HO")[1..]).Billed("2").Raw("GO,2,2000,99").Read();
        Assert.Equal(["2"], read.Numbers);
    }

    [Theory]
    [InlineData("GO,1,1000")]
    [InlineData("G")]
    [InlineData("XO,1,1000,99")]
    public void A_damaged_GO_costs_no_claim(string go)
    {
        var read = ClaimText.OfProvider().Own("IR").Billed("1").Raw(go).Read();
        Assert.Equal(["1"], read.Numbers);
        Assert.Equal(ClaimFaultKind.EndMissing, Assert.Single(read.Faults).Kind);
    }

    [Fact]
    public void Without_its_header_an_institutions_file_has_no_claims()
    {
        var read = ClaimText.OfProvider().Own("IR", (4, "12345")).Billed("1").Raw("GO,1,1000,99").Read();
        Assert.Empty(read.Claims);
        Assert.Equal([ClaimFaultKind.NotACode, ClaimFaultKind.RecordMissing], read.Faults.Select(f => f.Kind));
        Assert.Equal([false, true], read.Faults.Select(f => f.SetsAside));
    }

    [Fact]
    public void A_row_written_twice_in_a_row_is_remarked_and_the_claim_delivered()
    {
        var read = ClaimText.OfProvider().Own("IR").Billed("1").Own("IY").Own("IY").Raw("GO,1,1000,99").Read();
        Assert.Equal(["1"], read.Numbers);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.LineRepeated, 5L, false), (fault.Kind, fault.Line, fault.SetsAside));
    }

    [Fact]
    public void Faults_of_a_long_or_odd_value_are_short_and_printable()
    {
        var fault = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE").Own("HO", (5, new string('長', 5000))).SingleFault();
        Assert.Equal(40, fault.Found!.Length);
        Assert.DoesNotContain(fault.Message, char.IsControl);
        Assert.True(Encoding.UTF8.GetByteCount(fault.Message) < 600);
    }
}

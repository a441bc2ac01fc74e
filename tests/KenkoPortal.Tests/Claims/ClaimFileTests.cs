using System.Text;
using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

public sealed class ClaimFileTests
{
    [Fact]
    public void A_claim_of_the_insurers_side_is_read_field_by_field()
    {
        var delivered = ClaimText.OfInsurer().Start("910000001").Own("IR")
            .Own("RE", (7, "80"), (11, "0128"))
            .Own("HO", (8, "3840"), (11, "5000"), (12, "1"), (13, "20"), (14, "100"))
            .Own("KO", (6, "300")).Own("SN", (6, "03")).Own("SY").Own("IY", (4, "1.50"), (6, "7")).Single();
        var claim = delivered.AsExamined;
        Assert.Equal("910000001", claim.Number);
        Assert.Equal("13143005910000001", claim.Key);
        Assert.Equal((ClaimKind.Medical, "1112", false), (claim.Kind, claim.Type.Code, claim.IsInpatient));
        Assert.Equal(new TreatmentMonth(2026, 4), claim.Month);
        Assert.Equal(new Institution("13", "1", "1234567", "港中央病院"), claim.Institution);
        Assert.Equal(("06132013", "１２", "３４５", "03"), (claim.InsurerNumber, claim.CardSymbol, claim.CardNumber, claim.BranchNumber));
        Assert.Equal((new DateOnly(1985, 4, 1), ClaimSex.Male, "山田　太郎", "ヤマダ　タロウ"), (claim.BirthDate, claim.Sex, claim.Name, claim.Kana));
        Assert.Equal((2, 1000, 10000, 3840, 5000), (claim.Days, claim.Points, claim.TotalYen, claim.MealTotal, claim.PatientAmount));
        Assert.Equal((80, 1, 20, 100), (claim.BenefitPercent, claim.ReductionClass, claim.ReductionPercent, claim.ReductionAmount));
        Assert.Equal(["01", "28"], claim.SpecialNotes);
        Assert.Equal(new PublicFund("54136015", "1234567", 2, 1000, 300), Assert.Single(claim.PublicFunds));
        Assert.Equal(new ClaimDrug("620000001", 1.5m, 7, "1"), Assert.Single(claim.Drugs));
        Assert.Same(delivered.AsBilled, claim);
        Assert.Equal(1, delivered.Line);
    }

    [Fact]
    public void An_institutions_file_has_one_header_for_all_claims_and_totals_that_agree()
    {
        var read = ClaimText.OfProvider().Own("IR").Billed("1", 300).Own("SY").Billed("2", 700).Raw("GO,2,1000,99").Read();
        Assert.Empty(read.Faults);
        Assert.Equal(["1", "2"], read.Numbers);
        Assert.All(read.Claims, claim => Assert.Equal("港中央病院", claim.AsExamined.Institution.Name));
        Assert.Null(read.Claims[0].AsExamined.Key);
        Assert.Equal((ClaimKind.Medical, ClaimSide.Provider, 7L, 2L, 0L), (read.File.Kind, read.File.Side, read.File.LinesRead, read.File.ClaimsRead, read.File.ClaimsSetAside));
    }

    [Theory]
    [InlineData("GO,3,1000,99", ClaimFaultKind.CountDiffers, 2)]
    [InlineData("GO,2,1001,99", ClaimFaultKind.PointsDiffer, 3)]
    public void Totals_that_do_not_agree_are_told_and_the_claims_delivered(string go, ClaimFaultKind kind, int column)
    {
        var read = ClaimText.OfProvider().Own("IR").Billed("1", 300).Billed("2", 700).Raw(go).Read();
        Assert.Equal(["1", "2"], read.Numbers);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((kind, 6L, column, false), (fault.Kind, fault.Line, fault.Column, fault.SetsAside));
    }

    [Fact]
    public void A_claim_set_aside_counts_for_GO()
    {
        var read = ClaimText.OfProvider().Own("IR").Billed("1", 300).Own("SY", (2, "20261301")).Billed("2", 700).Raw("GO,2,1000,99").Read();
        Assert.Equal(["2"], read.Numbers);
        Assert.Equal(ClaimFaultKind.NoSuchDay, Assert.Single(read.Faults).Kind);
    }

    [Fact]
    public void An_institutions_file_without_GO_may_be_cut_off_and_says_so()
    {
        var read = ClaimText.OfProvider().Own("IR").Billed("1").Read();
        Assert.Equal(["1"], read.Numbers);
        Assert.Equal((ClaimFaultKind.EndMissing, 3L), (Assert.Single(read.Faults).Kind, read.Faults[0].Line));
        Assert.True(read.File.IsCutShort);
    }

    [Fact]
    public void FindingF4_What_stands_behind_GO_without_a_header_is_told_counted_and_not_read()
    {
        var read = ClaimText.OfProvider().Own("IR").Billed("1").Raw("GO,1,1000,99").Billed("2").Read();
        Assert.Equal(["1"], read.Numbers);
        Assert.Equal((ClaimFaultKind.AfterEnd, 5L), (Assert.Single(read.Faults).Kind, read.Faults[0].Line));
        Assert.Equal(2, read.File.LinesUnread);
    }

    [Fact]
    public void On_the_insurers_side_each_GO_sums_what_stands_before_it_and_the_rest_is_read()
    {
        var file = ClaimText.OfInsurer().StartGood("910000001").Raw("1,5,0,GO,1,1000,99").StartGood("910000002").Raw("1,5,0,GO,1,1001,99").Read();
        Assert.Equal(["910000001", "910000002"], file.Numbers);
        Assert.Equal((ClaimFaultKind.PointsDiffer, 10L), (Assert.Single(file.Faults).Kind, file.Faults[0].Line));
    }

    [Fact]
    public void The_insurers_side_needs_no_GO() => ClaimText.OfInsurer().StartGood().Single();

    [Theory]
    [InlineData(ClaimKind.Medical, "IR")]
    [InlineData(ClaimKind.Dpc, "IR")]
    [InlineData(ClaimKind.Dental, "UK")]
    [InlineData(ClaimKind.Pharmacy, "YK")]
    [InlineData(ClaimKind.Nursing, "HM")]
    public void Each_kind_is_known_by_its_records_on_both_sides(ClaimKind kind, string header)
    {
        var insurers = ClaimText.OfInsurer(kind).StartGood().Read();
        Assert.Empty(insurers.Faults);
        Assert.Equal((kind, ClaimSide.Insurer), (insurers.File.Kind, insurers.File.Side));
        Assert.Equal(kind, Assert.Single(insurers.Claims).AsExamined.Kind);
        var providers = ClaimText.OfProvider(kind).Own(header).Billed("1").Raw("GO,1,1000,99").Read();
        Assert.Empty(providers.Faults);
        Assert.Equal((kind, ClaimSide.Provider), (providers.File.Kind, providers.File.Side));
        Assert.Equal(kind, Assert.Single(providers.Claims).AsExamined.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("保険者番号,記号,番号\r\n06132013,12,345\r\n")]
    [InlineData("GO,0,0,99\r\n")]
    public void A_file_of_something_else_has_one_fault_and_no_claims(string text)
    {
        var read = ReadClaims.From(CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(text));
        Assert.Empty(read.Claims);
        Assert.Equal((ClaimFaultKind.UnknownFile, null), (Assert.Single(read.Faults).Kind, read.File.Kind));
    }

    [Theory]
    [InlineData("\r\n", "")]
    [InlineData("\n", "")]
    [InlineData("\r\n", "\u001A")]
    [InlineData("\n", "\u001A")]
    [InlineData("\r\n", "\u001A\r\n\r\n")]
    [InlineData("\r\n", "\r\n\r\n")]
    public void Line_ends_and_the_mark_of_the_end_do_not_matter(string lineBreak, string end)
    {
        byte[] file = [.. ClaimText.OfProvider().Own("IR").Billed("1").Raw("GO,1,1000,99").Bytes(lineBreak), .. Encoding.ASCII.GetBytes(end)];
        var read = ReadClaims.From(file);
        Assert.Empty(read.Faults);
        Assert.Equal(["1"], read.Numbers);
    }

    [Fact]
    public void The_last_line_needs_no_end_and_may_carry_the_mark()
    {
        var file = ClaimText.OfProvider().Own("IR").Billed("1").Raw("GO,1,1000,99").Bytes();
        Assert.Empty(ReadClaims.From(file[..^2]).Faults);
        Assert.Empty(ReadClaims.From([.. file[..^2], 0x1A]).Faults);
    }

    [Fact]
    public void NEC_and_IBM_characters_are_read_and_外字_kept()
    {
        var claim = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (4, "髙橋　﨑子①\uE000")).Own("HO").Single().AsExamined;
        Assert.Equal("髙橋　﨑子①\uE000", claim.Name);
    }

    [Theory]
    [InlineData("41804", 2006, 4, "4")] // not a month of four digits: 平成18年4月
    [InlineData("50804", 2026, 4, "5")]
    [InlineData("202604", 2026, 4, "")]
    [InlineData("43104", 2019, 4, "4")]
    [InlineData("50105", 2019, 5, "5")]
    [InlineData("36401", 1989, 1, "3")]
    [InlineData("40101", 1989, 1, "4")]
    public void Months_come_with_and_without_era(string month, int year, int ofYear, string era)
    {
        Assert.StartsWith(era, month, StringComparison.Ordinal);
        Assert.Equal(new TreatmentMonth(year, ofYear), ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (3, month)).Own("HO").Single().AsExamined.Month);
    }

    [Theory]
    [InlineData("1450729", 1912, 7, 29)]
    [InlineData("2010730", 1912, 7, 30)]
    [InlineData("2151224", 1926, 12, 24)]
    [InlineData("3011225", 1926, 12, 25)]
    [InlineData("3640107", 1989, 1, 7)]
    [InlineData("4010108", 1989, 1, 8)]
    [InlineData("4310430", 2019, 4, 30)]
    [InlineData("5010501", 2019, 5, 1)]
    [InlineData("5080229", 0, 0, 0)] // 2026 has none
    [InlineData("5060229", 2024, 2, 29)]
    [InlineData("19850401", 1985, 4, 1)]
    public void Days_come_with_and_without_era(string text, int year, int month, int day)
    {
        var file = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (6, text)).Own("HO");
        if (year == 0)
        {
            Assert.Equal(ClaimFaultKind.NoSuchDay, file.SingleFault().Kind);
            return;
        }

        Assert.Equal(new DateOnly(year, month, day), file.Single().AsExamined.BirthDate);
    }

    [Theory]
    [InlineData(3, "202613", ClaimFaultKind.NoSuchDay)]
    [InlineData(3, "50005", ClaimFaultKind.NoSuchDay)]
    [InlineData(3, "43105", ClaimFaultKind.OtherEra)]
    [InlineData(3, "50104", ClaimFaultKind.OtherEra)]
    [InlineData(3, "60104", ClaimFaultKind.NotADate)]
    [InlineData(3, "2604", ClaimFaultKind.NotADate)]
    [InlineData(3, "20260401", ClaimFaultKind.NotADate)]
    [InlineData(3, "2026-4", ClaimFaultKind.NotADate)]
    [InlineData(6, "19850431", ClaimFaultKind.NoSuchDay)]
    [InlineData(6, "00000101", ClaimFaultKind.NoSuchDay)]
    [InlineData(6, "3640108", ClaimFaultKind.OtherEra)]
    [InlineData(6, "4010107", ClaimFaultKind.OtherEra)]
    [InlineData(6, "850401", ClaimFaultKind.NotADate)]
    [InlineData(6, "1985040a", ClaimFaultKind.NotADate)]
    [InlineData(6, "", ClaimFaultKind.ValueMissing)]
    [InlineData(8, "20260230", ClaimFaultKind.NoSuchDay)]
    public void What_is_no_date_is_told_at_its_column(int index, string text, ClaimFaultKind kind)
    {
        var fault = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (index, text)).Own("HO").SingleFault();
        Assert.Equal((kind, 3L, index + 4), (fault.Kind, fault.Line, fault.Column));
    }

    [Theory]
    [InlineData("06132013", "06132013")]
    [InlineData("01130012", "01130012")]
    [InlineData("34130021", "34130021")]
    [InlineData("  138057", "138057")]
    public void An_insurer_number_has_a_check_digit_and_may_be_padded(string text, string number) =>
        Assert.Equal(number, ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE").Own("HO", (1, text)).Single().AsExamined.InsurerNumber);

    [Theory]
    [InlineData("00", "00")]
    [InlineData("０２", "02")]
    [InlineData("", null)]
    public void A_branch_that_is_not_told_is_unknown(string text, string? branch) =>
        Assert.Equal(branch, ClaimText.OfInsurer().StartGood().Own("SN", (6, text)).Single().AsExamined.BranchNumber);

    [Fact]
    public void The_branch_of_a_public_funds_SN_is_not_the_cards()
    {
        Assert.Null(ClaimText.OfInsurer().StartGood().Own("SN", (1, "2"), (6, "05")).Single().AsExamined.BranchNumber);
        Assert.Null(ClaimText.OfInsurer().StartGood().Single().AsExamined.BranchNumber);
    }

    [Fact]
    public void Without_insurance_the_first_public_fund_tells_days_and_points()
    {
        var claim = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (2, "1212")).Own("KO", (1, "12143210"), (4, "3"), (5, "431"), (6, "0")).Single().AsExamined;
        Assert.Equal((3, 431, null, null), (claim.Days, claim.Points, claim.InsurerNumber, claim.CardNumber));
    }

    [Fact]
    public void A_returned_or_re_examined_claim_is_marked()
    {
        Assert.True(ClaimText.OfInsurer().StartGood().ExaminerLine("MK,1,202603").Single().IsReExamined);
        var returned = ClaimText.OfInsurer().StartGood().ExaminerLine("HI,1,202603").ExaminerLine("HR,01").Single();
        Assert.True(returned.IsReturned);
        Assert.False(returned.IsReExamined);
    }

    [Fact]
    public void Records_of_the_examiners_own_use_are_carried()
    {
        var claim = ClaimText.OfInsurer().StartGood().ExaminerLine("ON,1").ExaminerLine("EX,XX").ExaminerLine("RC,00FF").ExaminerLine("MD").ExaminerLine("RT,1").ExaminerLine("JR,1").ExaminerLine("HG,1").Single();
        Assert.Same(claim.AsBilled, claim.AsExamined);
    }

    [Theory]
    [InlineData("1111", true, ClaimAgeClass.Insured, 30)]
    [InlineData("1112", false, ClaimAgeClass.Insured, 30)]
    [InlineData("1113", true, ClaimAgeClass.Preschool, 20)]
    [InlineData("1114", false, ClaimAgeClass.Preschool, 20)]
    [InlineData("1115", true, ClaimAgeClass.Dependent, 30)]
    [InlineData("1116", false, ClaimAgeClass.Dependent, 30)]
    [InlineData("1117", true, ClaimAgeClass.Elderly, 20)]
    [InlineData("1118", false, ClaimAgeClass.Elderly, 20)]
    [InlineData("1119", true, ClaimAgeClass.ElderlyHighIncome, 30)]
    [InlineData("1110", false, ClaimAgeClass.ElderlyHighIncome, 30)]
    public void The_last_digit_of_the_type_tells_in_or_outpatient_and_whose_claim_it_is(string code, bool isInpatient, ClaimAgeClass ageClass, int percent)
    {
        var claim = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (2, code)).Own("HO").Single().AsExamined;
        Assert.Equal((isInpatient, ageClass, percent), (claim.IsInpatient, claim.Type.AgeClass, claim.Type.PatientPercent));
    }

    [Fact]
    public void A_file_is_read_once()
    {
        var file = ClaimFile.Read(new MemoryStream(ClaimText.OfInsurer().StartGood().Bytes()));
        Assert.Single(file);
        Assert.Throws<InvalidOperationException>(() => file.Count());
    }

    [Fact]
    public void A_stream_that_gives_a_byte_at_a_time_gives_the_same_claims()
    {
        var bytes = ClaimText.OfInsurer().StartGood("910000001").Own("IY").StartGood("910000002").Own("CO").Bytes();
        var claims = ClaimFile.Read(new DribblingStream(bytes), fault => Assert.Fail(fault.ToString())).Select(ClaimJson.Line);
        Assert.Equal(ReadClaims.From(bytes).Claims.Select(ClaimJson.Line), claims);
    }

    [Fact]
    public void Claims_larger_than_the_buffer_are_read_whole()
    {
        var file = ClaimText.OfInsurer();
        for (var claim = 0; claim < 3; claim++)
        {
            file.StartGood($"91000000{claim}");
            for (var i = 0; i < 10_000; i++)
            {
                file.Own("IY", (4, $"{i}"));
            }
        }

        var read = file.Read();
        Assert.Empty(read.Faults);
        Assert.All(read.Claims, claim => Assert.Equal(10_000, claim.AsExamined.Drugs.Count));
        Assert.Equal(9_999m, read.Claims[2].AsExamined.Drugs[^1].Quantity);
    }

    [Fact]
    public void A_claim_larger_than_any_is_set_aside_and_the_next_is_read()
    {
        var file = ClaimText.OfInsurer().StartGood("910000001");
        var line = new string('x', 60_000);
        for (var i = 0; i < 200; i++)
        {
            file.OwnLine("SJ,01," + line);
        }

        var read = file.StartGood("910000002").Read();
        Assert.Equal(["910000002"], read.Numbers);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.ClaimTooLarge, 1L, "910000001"), (fault.Kind, fault.Line, fault.ClaimNumber));
    }

    /// <summary>As slow a stream as may be.</summary>
    private sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}

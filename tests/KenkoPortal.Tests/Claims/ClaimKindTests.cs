using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

public sealed class ClaimKindTests
{
    private static string Share(int code) => $"{197000000 + code}";

    [Fact]
    public void 医科_meals_are_the_標準負担額_rows_of_診療識別_97()
    {
        var claim = Inpatient().Own("HO", (8, "4900"))
            .OwnLine(Service("60", "160000010", "500", "1"))
            .OwnLine(Service("97", Share(210), "670", "6"))
            .OwnLine(Service("97", Share(810), "490", "6"))
            .OwnLine(Service("97", Share(1910), "100", "2"))
            .Single().AsExamined;
        Assert.Equal((4900, (490 * 6) + 200), (claim.MealTotal, claim.MealShare));
    }

    [Fact]
    public void 診療識別_stands_on_the_first_row_of_a_block_only()
    {
        var claim = Inpatient().Own("HO", (8, "4900"))
            .OwnLine(Service("97", Share(210), "670", "6")).OwnLine(Service("", Share(810), "490", "6"))
            .OwnLine(Service("60", "160000010", "500", "1")).OwnLine(Service("", Share(810), "999", "1")).Single().AsExamined;
        Assert.Equal(490 * 6, claim.MealShare);
    }

    [Fact]
    public void 点数_stands_on_the_last_row_of_a_unit_only()
    {
        var claim = Inpatient().Own("HO", (8, "4900")).OwnLine(Service("97", Share(810), "", "6")).OwnLine(Service("", Share(910), "490", "6")).Single().AsExamined;
        Assert.Equal(490 * 6, claim.MealShare);
    }

    [Fact]
    public void A_unit_that_mixes_the_share_with_something_else_tells_no_share()
    {
        var claim = Inpatient().Own("HO", (8, "4900")).OwnLine(Service("97", Share(810), "", "6")).OwnLine(Service("", Share(210), "490", "6")).Single().AsExamined;
        Assert.Equal((4900, null), (claim.MealTotal, claim.MealShare));
    }

    [Fact]
    public void Meals_without_a_share_row_tell_no_share() =>
        Assert.Null(Inpatient().Own("HO", (8, "4900")).OwnLine(Service("97", Share(210), "670", "6")).Single().AsExamined.MealShare);

    [Fact]
    public void Without_meals_there_is_neither() =>
        Assert.Equal((null, null), (Inpatient().Own("HO").Single().AsExamined.MealTotal, Inpatient().Own("HO").Single().AsExamined.MealShare));

    [Theory]
    [InlineData(810, true)]
    [InlineData(910, true)]
    [InlineData(1010, true)]
    [InlineData(1110, true)]
    [InlineData(1210, true)]
    [InlineData(1310, false)]
    [InlineData(1810, false)]
    [InlineData(1910, true)]
    [InlineData(2510, true)]
    [InlineData(2610, false)]
    [InlineData(2710, false)]
    [InlineData(2810, true)]
    [InlineData(3010, true)]
    [InlineData(3110, false)]
    [InlineData(3210, false)]
    [InlineData(3310, true)]
    [InlineData(4110, true)]
    [InlineData(4210, false)]
    public void Only_the_listed_codes_are_the_patients(int code, bool isShare) =>
        Assert.Equal(isShare ? 460 : null, Inpatient().Own("HO", (8, "640")).OwnLine(Service("97", Share(code), "460", "1")).Single().AsExamined.MealShare);

    [Fact]
    public void A_corrected_meal_row_keeps_its_blocks_診療識別()
    {
        // Rows 5 and 6 are the block of 97; its first row goes, the second is replaced by one without 診療識別.
        var delivered = Inpatient().Own("HO", (8, "4900")).OwnLine(Service("97", Share(210), "670", "6")).OwnLine(Service("", Share(810), "490", "6"))
            .ExaminerLine(Service("", Share(810), "490", "5")).Remove(5).Correct(2, 6, 7).Single();
        Assert.Equal((490 * 6, 490 * 5), (delivered.AsBilled.MealShare, delivered.AsExamined.MealShare));
    }

    [Fact]
    public void DPC_meals_are_標準負担額_of_HO()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Dpc).Start("910000001").Own("IR").Own("RE").Own("HO", (8, "6400"), (15, "4600")).Own("BU").Single().AsExamined;
        Assert.Equal((ClaimKind.Dpc, true, 6400, 4600), (claim.Kind, claim.IsInpatient, claim.MealTotal, claim.MealShare));
    }

    [Fact]
    public void DPC_summaries_are_counted_and_their_details_are_not()
    {
        var file = ClaimText.OfProvider(ClaimKind.Dpc).Own("IR")
            .Own("RE", (1, "1"), (18, "1")).Own("HO", (5, "3000"))
            .Own("RE", (1, "1"), (18, "2")).Own("HO", (5, "1000")).Own("BU")
            .Own("RE", (1, "1"), (18, "3")).Own("HO", (5, "2000"))
            .Own("RE", (1, "2"), (18, "0")).Own("HO", (5, "500")).Own("BU")
            .Own("RE", (1, "3"), (18, "")).Own("HO", (5, "5")).Own("BU")
            .Raw("GO,3,3505,99").Read();
        Assert.Empty(file.Faults);
        Assert.Equal([(1, 3000), (0, 500), (0, 5)], file.Claims.Select(c => (c.AsExamined.SummaryClass, c.AsExamined.Points)));
        Assert.Equal((3L, 2L), (file.File.ClaimsRead, file.File.DetailsPassedOver));
    }

    [Fact]
    public void DPC_details_may_stand_in_the_claim_of_their_summary()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Dpc).Start("910000001").Own("IR").Own("RE", (18, "1")).Own("HO", (5, "3000"))
            .Own("RE", (18, "2")).Own("HO", (5, "1000")).Own("RE", (18, "3")).Own("HO", (5, "2000")).Single().AsExamined;
        Assert.Equal(3000, claim.Points);
    }

    [Fact]
    public void DPC_drugs_are_those_of_the_bundle_and_those_beside_it()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Dpc).StartGood().Own("BU").Own("CD").Own("CD", (5, "130000510")).Own("IY", (3, "620000002")).Single().AsExamined;
        Assert.Equal([new ClaimDrug("640000001", 1.5m, 2, null), new ClaimDrug("620000002", 2, 3, "1")], claim.Drugs);
    }

    [Fact]
    public void 歯科_has_meals_and_amount_in_columns_of_its_own()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Dental).Start("910000001").Own("IR").Own("RE", (2, "3111")).Own("HO", (6, "9"), (7, "5760"), (10, "1200"), (11, "1")).Own("IY").Single().AsExamined;
        Assert.Equal((5760, null, 1200, 1, true), (claim.MealTotal, claim.MealShare, claim.PatientAmount, claim.ReductionClass, claim.IsInpatient));
        Assert.Equal(new ClaimDrug("620000001", 2, 3, "1"), Assert.Single(claim.Drugs));
    }

    [Fact]
    public void 歯科_has_its_name_in_MN_on_the_insurers_side()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Dental).StartGood().Single().AsExamined;
        Assert.Equal((new Institution("13", "3", "7654321", "みなと歯科医院"), "13143005910000001"), (claim.Institution, claim.Key));
    }

    [Fact]
    public void 歯科_has_its_name_in_UK_where_MN_has_none()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Dental).Start("910000001", "MN,910000001,,東京都港区,13143005910000001,,,").Own("UK").Own("RE").Own("HO").Single().AsExamined;
        Assert.Equal("みなと歯科", claim.Institution.Name);
    }

    [Fact]
    public void 調剤_quantities_are_times_the_sum_of_調剤数量_of_the_prescription()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Pharmacy).StartGood()
            .Own("SH").Own("CZ", (5, "14")).Own("CZ", (5, "7")).Own("IY", (2, "620000001"), (3, "3")).Own("IY", (2, "620000002"), (3, "0.5"))
            .Own("SH", (2, "3")).Own("CZ", (5, "10")).Own("IY", (2, "620000003"), (3, "1")).Single().AsExamined;
        Assert.Equal([new ClaimDrug("620000001", 3, 21, "1"), new ClaimDrug("620000002", 0.5m, 21, "1"), new ClaimDrug("620000003", 1, 10, "1")], claim.Drugs);
    }

    [Fact]
    public void 調剤_corrections_keep_a_line_in_its_prescription()
    {
        // Rows: 5 SH, 6 CZ, 7 IY, 8 SH, 9 CZ, 10 IY. The second CZ becomes 5 days, a drug comes to the first prescription, the second SH goes.
        var delivered = ClaimText.OfInsurer(ClaimKind.Pharmacy).StartGood()
            .Own("SH").Own("CZ", (5, "14")).Own("IY", (2, "620000001")).Own("SH").Own("CZ", (5, "10")).Own("IY", (2, "620000002"))
            .Examiner("CZ", (5, "5")).Examiner("IY", (2, "620000009")).Correct(2, 9, 11).Correct(1, 7, 12).Remove(8).Single();
        Assert.Equal([("620000001", 14), ("620000002", 10)], delivered.AsBilled.Drugs.Select(d => (d.Code, d.Times)));
        Assert.Equal([("620000001", 14), ("620000009", 14), ("620000002", 5)], delivered.AsExamined.Drugs.Select(d => (d.Code, d.Times)));
    }

    [Fact]
    public void 調剤_names_who_prescribed()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Pharmacy).StartGood().Single().AsExamined;
        Assert.Equal(new Institution("13", "1", "1234567", "港中央病院"), claim.Prescriber);
        Assert.Equal("みなと薬局", claim.Institution.Name);
    }

    [Fact]
    public void 調剤_has_its_amounts_in_columns_of_its_own()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Pharmacy).Start("910000001").Own("YK").Own("RE", (2, "4122"), (8, "01")).Own("HO", (9, "800"), (11, "2"))
            .Own("KO", (5, "900"), (6, "1"), (7, "300")).Single().AsExamined;
        Assert.Equal((800, 2, 900, 300, "01"), (claim.PatientAmount, claim.ReductionClass, claim.PublicFunds[0].Points, claim.PublicFunds[0].PatientAmount, claim.SpecialNotes[0]));
    }

    [Fact]
    public void 調剤_drugs_without_CZ_set_the_claim_aside()
    {
        var fault = ClaimText.OfInsurer(ClaimKind.Pharmacy).StartGood().Own("SH").Own("IY").SingleFault();
        Assert.Equal((ClaimFaultKind.RecordMissing, 6L, "CZ"), (fault.Kind, fault.Line, fault.Expected));
    }

    [Fact]
    public void 訪問看護_is_in_yen_and_its_kana_stands_before_the_sex()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Nursing).Start("910000001").Own("HM").Own("RE", (2, "6122"), (6, "2"), (10, "70"), (11, "01")).Own("HO", (5, "85500"), (8, "6000"))
            .Own("KO", (5, "85500"), (6, "2000")).OwnLine("XX,carried").Single().AsExamined;
        Assert.Equal((85500, 85500, 6000, 2000), (claim.Points, claim.TotalYen, claim.PatientAmount, claim.PublicFunds[0].PatientAmount));
        Assert.Equal(("ヤマダ　タロウ", ClaimSex.Female, 70), (claim.Kana, claim.Sex, claim.BenefitPercent));
        Assert.Equal("みなと訪問看護", claim.Institution.Name);
    }

    private static ClaimText Inpatient() => ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (2, "1111"));

    private static string Service(string service, string code, string points, string times) =>
        ClaimText.Record("SI", 44, (1, service), (2, "1"), (3, code), (5, points), (6, times));
}

using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

/// <summary>F1: what a blank column means, for every column that the layouts once required.</summary>
public sealed class ClaimBlankTests
{
    private static readonly (ClaimKind Kind, string[] Records)[] Claims =
    [
        (ClaimKind.Medical, ["IR", "RE", "HO", "KO", "SN", "JD", "SI", "IY", "TO"]),
        (ClaimKind.Dpc, ["IR", "RE", "HO", "KO", "SN", "JD", "BU", "CD", "SI", "IY", "TO"]),
        (ClaimKind.Dental, ["IR", "RE", "HO", "KO", "SN", "IY"]),
        (ClaimKind.Pharmacy, ["YK", "RE", "HO", "KO", "SN", "SH", "CZ", "IY"]),
        (ClaimKind.Nursing, ["HM", "RE", "HO", "KO", "SN"]),
    ];

    public static TheoryData<ClaimKind, string, int> Told => Pairs(
        (ClaimKind.Medical, "HO 4, KO 1, SN 1, JD 1, SI 3, IY 3, IY 4, IY 6, TO 3"),
        (ClaimKind.Dpc, "HO 4, KO 1, SN 1, JD 1, CD 5, CD 6, CD 9, SI 3, IY 3, IY 4, IY 6, TO 3"),
        (ClaimKind.Dental, "HO 4, KO 1, SN 1, IY 3, IY 4, IY 6"),
        (ClaimKind.Pharmacy, "HO 4, KO 1, SN 1, SH 1, CZ 5, IY 2, IY 3"),
        (ClaimKind.Nursing, "HO 4, KO 1, SN 1"));

    public static TheoryData<ClaimKind, string, int> SetAside => Pairs(
        (ClaimKind.Medical, "IR 4, RE 2, RE 3, RE 5, RE 6, HO 1, HO 5"),
        (ClaimKind.Dpc, "IR 4, RE 2, RE 3, RE 5, RE 6, HO 1, HO 5"),
        (ClaimKind.Dental, "IR 4, RE 2, RE 3, RE 5, RE 6, HO 1, HO 5"),
        (ClaimKind.Pharmacy, "YK 4, RE 2, RE 3, RE 5, RE 6, HO 1, HO 5"),
        (ClaimKind.Nursing, "HM 4, RE 2, RE 3, RE 6, RE 7, HO 1, HO 5"));

    public static TheoryData<ClaimKind> Kinds => [.. Enum.GetValues<ClaimKind>()];

    [Theory, MemberData(nameof(Told))]
    public void FindingF1_A_blank_that_a_notice_can_do_without_is_told_once_and_the_claim_delivered(ClaimKind kind, string record, int column)
    {
        var file = Blank(ClaimText.OfInsurer(kind), kind, record, column, "910000001");
        var read = Blank(file, kind, record, column, "910000002").Read();

        Assert.Equal(["910000001", "910000002"], read.Numbers);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.ValueUnusual, column + 4, "910000001", false), (fault.Kind, fault.Column, fault.ClaimNumber, fault.SetsAside));
    }

    [Theory, MemberData(nameof(SetAside))]
    public void FindingF1_A_blank_without_which_nobody_knows_whose_when_where_or_how_much_sets_the_claim_aside(ClaimKind kind, string record, int column)
    {
        var read = Blank(ClaimText.OfInsurer(kind).StartGood("910000009"), kind, record, column, "910000001").Read();
        Assert.Equal(["910000009"], read.Numbers);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.ValueMissing, column + 4, "910000001", true), (fault.Kind, fault.Column, fault.ClaimNumber, fault.SetsAside));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void FindingF1_A_claim_without_its_common_key_is_delivered_and_told(ClaimKind kind)
    {
        var mn = kind == ClaimKind.Dental ? "MN,910000001,みなと歯科医院,東京都港区,,,," : "MN,910000001,東京都港区,,,,";
        var text = ClaimText.OfInsurer(kind).Start("910000001", mn);
        foreach (var name in Claims[(int)kind].Records.Take(3))
        {
            text.Own(name);
        }

        var read = text.Read();
        Assert.Null(Assert.Single(read.Claims).AsExamined.Key);
        Assert.Equal((ClaimFaultKind.ValueUnusual, "レセプト共通キー"), (Assert.Single(read.Faults).Kind, read.Faults[0].Field));
    }

    /// <summary>Seven oral drugs of the institution itself, 840 points together, of which nine tenths are billed.</summary>
    [Theory]
    [InlineData(ClaimKind.Medical, true)]
    [InlineData(ClaimKind.Medical, false)]
    [InlineData(ClaimKind.Dpc, true)]
    [InlineData(ClaimKind.Dpc, false)]
    [InlineData(ClaimKind.Dental, true)]
    [InlineData(ClaimKind.Dental, false)]
    public void FindingF1_薬剤料逓減_has_no_使用量_and_is_no_drug(ClaimKind kind, bool isInsurers)
    {
        var file = isInsurers ? ClaimText.OfInsurer(kind).Start("910000001") : ClaimText.OfProvider(kind);
        if (!isInsurers && kind == ClaimKind.Dental)
        {
            file.Own("UK");
        }

        file.Own("IR").Own("RE").Own("HO", (5, "1256"));
        if (kind == ClaimKind.Dpc)
        {
            file.Own("BU");
        }

        file.OwnLine(kind == ClaimKind.Dental ? ClaimText.Record("SS", 78, (1, "12"), (3, "301001610"), (76, "500"), (77, "1")) : ClaimText.Good(kind, "SI", (1, "12"), (3, "112007410"), (4, ""), (5, "500"), (6, "1")));
        for (var i = 1; i <= 7; i++)
        {
            file.Own("IY", (3, $"62000000{i}"), (4, "1"), (5, i == 7 ? "30" : ""), (6, "28"));
        }

        file.Own("IY", (3, "630010002"), (4, ""), (5, "756"), (6, "1"));
        _ = isInsurers ? file.Start("910000002").Own("IR").Own("RE").Own("HO", (5, "500")) : (kind == ClaimKind.Dental ? file.Own("IR") : file).Billed("2", 500).Raw("GO,2,1756,99");
        var read = file.Read();

        Assert.Empty(read.Faults);
        Assert.Equal([1256, 500], read.Claims.Select(claim => claim.AsExamined.Points));
        Assert.Equal(Enumerable.Range(1, 7).Select(i => $"62000000{i}"), read.Claims[0].AsExamined.Drugs.Select(drug => drug.Code));
    }

    [Fact]
    public void FindingF1_A_drug_of_unknown_amount_is_none_and_the_others_stay()
    {
        var medical = ClaimText.OfInsurer().StartGood().Own("IY", (4, "")).Own("IY", (3, "620000002")).Own("IY", (3, "620000003"), (6, "")).Read();
        Assert.Equal(["620000002"], Assert.Single(medical.Claims).AsExamined.Drugs.Select(drug => drug.Code));
        var pharmacy = ClaimText.OfInsurer(ClaimKind.Pharmacy).StartGood()
            .Own("SH").Own("CZ").Own("CZ", (5, "")).Own("IY").Own("SH").Own("CZ", (5, "3")).Own("IY", (2, "620000002")).Read();
        Assert.Equal(new ClaimDrug("620000002", 3, 3, "1"), Assert.Single(Assert.Single(pharmacy.Claims).AsExamined.Drugs));
    }

    [Fact]
    public void FindingF1_A_meal_of_unknown_times_tells_no_share()
    {
        var read = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (2, "1111")).Own("HO", (8, "4900"))
            .OwnLine(ClaimText.Record("SI", 44, (1, "97"), (2, "1"), (3, "197000810"), (5, "490"))).Read();
        Assert.Equal((4900, null), (Assert.Single(read.Claims).AsExamined.MealTotal, read.Claims[0].AsExamined.MealShare));
        Assert.Equal((ClaimFaultKind.ValueUnusual, "回数"), (Assert.Single(read.Faults).Kind, read.Faults[0].Field));
    }

    [Fact]
    public void FindingF1_GO_of_a_volume_that_is_not_the_last_leaves_its_sums_blank() =>
        Assert.Empty(ClaimText.OfProvider().Own("IR").Billed("1").Raw("GO,,,01").Read().Faults);

    private static TheoryData<ClaimKind, string, int> Pairs(params (ClaimKind Kind, string Columns)[] columns)
    {
        var data = new TheoryData<ClaimKind, string, int>();
        foreach (var (kind, text) in columns)
        {
            foreach (var column in text.Split(", "))
            {
                data.Add(kind, column[..2], int.Parse(column[3..], System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return data;
    }

    private static ClaimText Blank(ClaimText text, ClaimKind kind, string record, int column, string number)
    {
        text.Start(number);
        foreach (var name in Claims[(int)kind].Records)
        {
            var line = name switch
            {
                "TO" => ClaimText.Record("TO", 48, (2, "1"), (3, "700000001"), (4, "1"), (5, "10"), (6, "1")),
                "JD" => ClaimText.Record("JD", 33, (1, "1")),
                _ => ClaimText.Good(kind, name),
            };
            var columns = line.Split(',');
            if (name == record)
            {
                columns[column] = "";
            }

            text.OwnLine(string.Join(',', columns));
        }

        return text;
    }
}

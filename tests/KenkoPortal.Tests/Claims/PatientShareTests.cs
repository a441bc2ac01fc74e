using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

public sealed class PatientShareTests
{
    private static readonly PublicFund Fund = new("54136015", "1234567", 2, 1234, null);

    [Theory]
    [InlineData("1112", 3702)]
    [InlineData("1114", 2468)]
    [InlineData("1116", 3702)]
    [InlineData("1118", 2468)]
    [InlineData("1110", 3702)]
    public void The_share_is_the_total_times_the_rate(string type, int share) =>
        Assert.Equal(new PatientShare(PatientShareRule.Rate, share, share, 0, 12340 - share), PatientShare.Of(Claim(type)));

    [Fact]
    public void HO_負担金額_is_what_the_patient_pays() => Assert.Equal(
        new PatientShare(PatientShareRule.InsuranceAmount, 1000, 1000, 0, 11340), PatientShare.Of(Claim() with { PatientAmount = 1000 }));

    [Theory]
    [InlineData(500)]
    [InlineData(null)]
    public void HO_負担金額_comes_before_KO_and_then_only_the_patients_part_is_certain(int? fund) => Assert.Equal(
        new PatientShare(PatientShareRule.InsuranceAmount, 1000, 1000, null, null),
        PatientShare.Of(Claim() with { PatientAmount = 1000, PublicFunds = [Fund with { PatientAmount = fund }] }));

    [Fact]
    public void An_amount_above_the_total_leaves_nobody_a_part_below_nothing()
    {
        Assert.Equal(new PatientShare(PatientShareRule.InsuranceAmount, 12341, 12341, null, null), PatientShare.Of(Claim() with { PatientAmount = 12341 }));
        Assert.Equal(
            new PatientShare(PatientShareRule.PublicFundAmount, 12341, 12341, null, null), PatientShare.Of(Claim("1122") with { PublicFunds = [Fund with { PatientAmount = 12341 }] }));
    }

    [Fact]
    public void HO_負担金額_of_nothing_is_nothing() => Assert.Equal(0, PatientShare.Of(Claim() with { PatientAmount = 0 }).Patient);

    [Fact]
    public void KO_負担金額_is_what_the_patient_pays() => Assert.Equal(
        new PatientShare(PatientShareRule.PublicFundAmount, 500, 500, 3202, 8638),
        PatientShare.Of(Claim("1122") with { PublicFunds = [Fund with { PatientAmount = 500 }] }));

    [Fact]
    public void A_blank_KO_負担金額_is_no_number()
    {
        var share = PatientShare.Of(Claim("1122") with { PublicFunds = [Fund] });
        Assert.Equal(new PatientShare(PatientShareRule.Unknown, null, 3702, null, null), share);
        Assert.Equal(UnknownShareReason.PublicFund, share.Unknown);
    }

    [Theory]
    [InlineData(1233, null)]
    [InlineData(1234, 500)]
    [InlineData(null, 500)]
    public void A_KO_for_a_part_of_the_points_leaves_the_share_unknown(int? points, int? share)
    {
        var of = PatientShare.Of(Claim("1122") with { PublicFunds = [Fund with { Points = points, PatientAmount = 500 }] });
        Assert.Equal(share, of.Patient);
        Assert.Equal(share ?? 3702, of.UpperBound);
        Assert.Equal(share is null, of.PublicFunds is null);
    }

    [Fact]
    public void A_second_KO_for_a_part_of_the_points_leaves_the_share_unknown() =>
        Assert.Null(PatientShare.Of(Claim("1132") with { PublicFunds = [Fund with { PatientAmount = 500 }, Fund with { PayerNumber = "83136019", Points = 100, PatientAmount = 0 }] }).Patient);

    [Fact]
    public void One_blank_KO_among_several_is_no_number() =>
        Assert.Null(PatientShare.Of(Claim("1132") with { PublicFunds = [Fund with { PatientAmount = 0 }, Fund with { PayerNumber = "83136019" }] }).Patient);

    [Theory]
    [InlineData(0, 500, 500)]
    [InlineData(500, 0, 500)]
    [InlineData(0, 0, 0)]
    [InlineData(2500, 500, null)]
    public void Several_KO_tell_the_share_where_one_at_most_leaves_something(int first, int second, int? share) => Assert.Equal(
        share,
        PatientShare.Of(Claim("1132") with { PublicFunds = [Fund with { PatientAmount = first }, Fund with { PayerNumber = "83136019", PatientAmount = second }] }).Patient);

    [Fact]
    public void Without_insurance_the_funds_pay_the_rest() => Assert.Equal(
        new PatientShare(PatientShareRule.PublicFundAmount, 0, 0, 12340, 0),
        PatientShare.Of(Claim("1212") with { InsurerNumber = null, PublicFunds = [Fund with { PatientAmount = 0 }] }));

    [Fact]
    public void 給付割合_is_respected() => Assert.Equal(2468, PatientShare.Of(Claim() with { BenefitPercent = 80 }).Patient);

    [Theory]
    [InlineData(1, 50, null, 1851)]
    [InlineData(1, null, 1000, 2702)]
    [InlineData(1, null, 9999, 0)]
    [InlineData(2, null, null, 0)]
    [InlineData(3, null, null, 3702)]
    public void 減額_is_respected(int reductionClass, int? percent, int? amount, int share) => Assert.Equal(
        share, PatientShare.Of(Claim() with { ReductionClass = reductionClass, ReductionPercent = percent, ReductionAmount = amount }).Patient);

    [Theory]
    [InlineData(5555, 1667)]
    [InlineData(5551, 1665)]
    public void Yen_of_訪問看護_are_not_multiplied_and_are_rounded(int yen, int share) =>
        Assert.Equal(share, PatientShare.Of(Claim("6112") with { Kind = ClaimKind.Nursing, Points = yen }).Patient);

    private static Claim Claim(string type = "1112")
    {
        Assert.True(ClaimType.TryParse(System.Text.Encoding.ASCII.GetBytes(type), out var parsed));
        return new Claim
        {
            Number = "1", Kind = ClaimKind.Medical, Type = parsed, Month = new TreatmentMonth(2026, 4), Institution = new Institution("13", "1", "1234567", null),
            InsurerNumber = "06132013", BirthDate = new DateOnly(1985, 4, 1), Sex = ClaimSex.Male, Days = 2, Points = 1234,
        };
    }
}

using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Letters;

namespace KenkoPortal.Tests.Letters;

public sealed class ProvisionalIdTests
{
    private const string Society = "06990014";
    private static readonly Arbitrary<int> Serials = Gen.Choose(0, 9_999_999).ToArbitrary();

    [Fact]
    public void Every_serial_gives_an_ID_that_reads_back() => Prop.ForAll(
        Serials, serial => ProvisionalId.TryParse(ProvisionalId.FromSerial(serial, Society).Value, Society) is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_single_wrong_digit_is_noticed() => Prop.ForAll(
        Serials, Gen.Choose(0, 7).ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (serial, place, shift) =>
        {
            var digits = ProvisionalId.FromSerial(serial, Society).Value.ToCharArray();
            digits[place] = (char)('0' + ((digits[place] - '0' + shift) % 10));
            return ProvisionalId.TryParse(new string(digits), Society) is null;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_check_digit_depends_on_the_society() =>
        Assert.Null(ProvisionalId.TryParse(ProvisionalId.FromSerial(1234567, Society).Value, "06139992"));

    [Fact]
    public void I1_No_login_ID_of_a_member_has_the_form_of_a_provisional_one() => Prop.ForAll(
        Serials, serial => LoginId.TryParse(ProvisionalId.FromSerial(serial, Society).Value, out _) == LoginIdFault.Provisional).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("１２３４５６７８", true)]
    [InlineData("1234-5678", true)]
    [InlineData("1234567", false)]
    [InlineData("minato12", false)]
    public void Its_form_is_known_without_a_look_up(string typed, bool expected) => Assert.Equal(expected, ProvisionalId.HasForm(typed));
}

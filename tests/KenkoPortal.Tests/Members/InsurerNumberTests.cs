using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Tests.Members;

public sealed class InsurerNumberTests
{
    private static readonly Arbitrary<string> SevenDigits =
        Gen.Choose(0, 9_999_999).Select(n => n.ToString("0000000", CultureInfo.InvariantCulture)).ToArbitrary();

    [Theory]
    [InlineData("06132013")]
    [InlineData("01130012")]
    [InlineData("34130021")]
    [InlineData(" ０６１３２０１３ ")]
    public void Numbers_of_real_insurers_pass(string text)
    {
        Assert.True(InsurerNumber.TryParse(text, out var number));
        Assert.Matches("^[0-9]{8}$", number.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("6132013")]
    [InlineData("061320130")]
    [InlineData("06132014")]
    [InlineData("0613201X")]
    [InlineData("06 132013")]
    public void Anything_else_is_refused(string text) => Assert.False(InsurerNumber.TryParse(text, out _));

    [Fact]
    public void One_check_digit_of_ten_is_right() => Prop.ForAll(
        SevenDigits, seven => Enumerable.Range(0, 10).Count(check => InsurerNumber.TryParse($"{seven}{check}", out _)) == 1)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_single_wrong_digit_is_found() => Prop.ForAll(
        SevenDigits, Gen.Choose(0, 6).ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (seven, place, shift) =>
        {
            var wrong = seven.ToCharArray();
            wrong[place] = (char)('0' + ((wrong[place] - '0' + shift) % 10));
            return !InsurerNumber.TryParse($"{new string(wrong)}{InsurerNumber.CheckDigit(seven)}", out _);
        }).QuickCheckThrowOnFailure();
}

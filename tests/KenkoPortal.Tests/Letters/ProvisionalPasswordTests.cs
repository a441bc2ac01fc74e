using KenkoPortal.Core.Letters;

namespace KenkoPortal.Tests.Letters;

public sealed class ProvisionalPasswordTests
{
    [Fact]
    public void A9_Its_alphabet_has_no_look_alikes_and_gives_59_bits()
    {
        Assert.DoesNotContain(ProvisionalPassword.Alphabet, c => "01oliO".Contains(c, StringComparison.Ordinal));
        Assert.Equal(ProvisionalPassword.Alphabet.Length, ProvisionalPassword.Alphabet.Distinct().Count());
        Assert.True(12 * Math.Log2(ProvisionalPassword.Alphabet.Length) >= 59);
    }

    [Fact]
    public void It_has_three_groups_of_four() =>
        Assert.Matches("^[a-hjkmnp-z2-9]{4}-[a-hjkmnp-z2-9]{4}-[a-hjkmnp-z2-9]{4}$", ProvisionalPassword.Create());

    [Theory]
    [InlineData("abcd-efgh-jkmn")]
    [InlineData("ABCD EFGH JKMN")]
    [InlineData("ａｂｃｄ－ｅｆｇｈ－ｊｋｍｎ")]
    [InlineData(" abcdefghjkmn　")]
    [InlineData("abcd‐efgh–jkmn")]
    public void What_is_typed_is_forgiven(string typed) => Assert.Equal("abcdefghjkmn", ProvisionalPassword.Normalize(typed));

    [Fact]
    public void From_the_same_bytes_comes_the_same_password()
    {
        var bytes = Enumerable.Range(0, 32).Select(i => (byte)(i * 37)).ToArray();
        Assert.Equal(ProvisionalPassword.FromBytes(bytes), ProvisionalPassword.FromBytes(bytes));
    }
}

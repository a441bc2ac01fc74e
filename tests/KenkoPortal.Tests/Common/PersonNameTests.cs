using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("\uFA19\u8C37 \u592A\u90CE")] // 神 as a compatibility ideograph, which NFC would replace
    [InlineData("\uFA10\u672C")]
    [InlineData("葛\U000E0100城")]
    [InlineData("ＮＧＵＹＥＮ　ＶＡＮ")]
    public void A_name_is_kept_as_it_was_listed(string text) =>
        Assert.Equal(text, PersonName.TryParse(text, out var name) ? name.Text : null);

    [Fact]
    public void Blanks_around_a_name_go() => Assert.Equal("山田　太郎", PersonName.TryParse(" 山田　太郎　", out var name) ? name.Text : null);

    [Theory]
    [InlineData("")]
    [InlineData("　 ")]
    [InlineData("山田\n太郎")]
    [InlineData("山田\u202E太郎")]
    [InlineData("山田\uE123")]
    public void A_text_that_is_no_name_is_refused(string text) => Assert.False(PersonName.TryParse(text, out _));

    [Fact]
    public void A_name_has_a_longest_length()
    {
        Assert.True(PersonName.TryParse(new string('あ', PersonName.MaxLength), out _));
        Assert.False(PersonName.TryParse(new string('あ', PersonName.MaxLength + 1), out _));
    }
}

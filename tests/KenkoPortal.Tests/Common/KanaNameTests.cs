using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

public sealed class KanaNameTests
{
    private static readonly Arbitrary<string> Kana =
        Gen.Elements("アイヤユヨツワカケギャュョッァィヵヮーヴプンぁかゃんャ 　・".ToCharArray()).NonEmptyListOf()
            .Select(chars => "ヤ" + string.Concat(chars)).Where(text => text.Length <= KanaName.MaxLength).ToArbitrary();

    [Theory]
    [InlineData("ヤマダ タロウ", "ﾔﾏﾀﾞﾀﾛｳ")]
    [InlineData("ヤマダ　タロウ", "やまだ たろう")]
    [InlineData("イッペイ", "イツペイ")]
    [InlineData("キョウコ", "キヨウコ")]
    [InlineData("シュンスケ", "ｼﾕﾝｽｹ")]
    [InlineData("マリー", "マリ－")]
    [InlineData("マリー", "マリ-")]
    [InlineData("サーモン", "ｻｰﾓﾝ")]
    [InlineData("ガンダ", "カ゛ンタ゛")]
    [InlineData("ヵヶ", "カケ")]
    [InlineData("ジョン・スミス", "ジヨンスミス")]
    [InlineData("NGUYEN VAN AN", "Ｎｇｕｙｅｎ　Ｖａｎ　Ａｎ")]
    [InlineData("O'NEIL", "ONEIL")]
    public void Readings_that_differ_in_notation_only_are_one(string left, string right)
    {
        Assert.True(KanaName.TryParse(left, out var a));
        Assert.True(KanaName.TryParse(right, out var b));
        Assert.Equal(a, b);
        Assert.Equal(a.Key, b.Key);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
    }

    [Theory]
    [InlineData("カトウ", "ガトウ")]
    [InlineData("ハタ", "バタ")]
    [InlineData("ヂ", "ジ")]
    [InlineData("オオノ", "オノ")]
    [InlineData("ユウタ", "ユータ")]
    public void Readings_that_sound_or_are_spelt_differently_are_two(string left, string right)
    {
        Assert.True(KanaName.TryParse(left, out var a));
        Assert.True(KanaName.TryParse(right, out var b));
        Assert.NotEqual(a, b);
    }

    [Theory]
    [InlineData("")]
    [InlineData("　")]
    [InlineData("・")]
    [InlineData("山田 太郎")]
    [InlineData("ヤマダ1")]
    [InlineData("ヤマダ\nタロウ")]
    [InlineData("ヤマダ\u200Bタロウ")]
    public void What_is_no_reading_is_refused(string text) => Assert.False(KanaName.TryParse(text, out _));

    [Fact]
    public void Half_width_is_shown_full_width() =>
        Assert.Equal("ヤマダ タロウ", KanaName.TryParse(" ﾔﾏﾀﾞ ﾀﾛｳ ", out var name) ? name.Text : null);

    [Fact]
    public void The_key_of_a_key_is_itself() => Prop.ForAll(
        Kana, text => KanaName.TryParse(text, out var name) && KanaName.TryParse(name.Key, out var again) && again.Key == name.Key)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void The_key_knows_no_small_kana_and_no_blank() => Prop.ForAll(
        Kana, text => KanaName.TryParse(text, out var name) && !name.Key.Any(c => "ァィゥェォッャュョヮヵヶ ・　".Contains(c, StringComparison.Ordinal)))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_makes_it_throw() =>
        Prop.ForAll<string?>(text => KanaName.TryParse(text, out var name) == name is not null).QuickCheckThrowOnFailure();
}

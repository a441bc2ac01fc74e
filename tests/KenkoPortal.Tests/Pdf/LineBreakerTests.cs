using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Pdf;
using KenkoPortal.Pdf.Fonts;

namespace KenkoPortal.Tests.Pdf;

public sealed class LineBreakerTests(InstalledFonts fonts) : IClassFixture<InstalledFonts>
{
    private TextStyle Style => new(new FontStack(fonts.Gothic), 10);

    [Fact]
    public void Nothing_is_lost_and_no_line_is_too_wide()
    {
        var style = Style;
        var texts = Gen.Elements("健", "康", "が", "ー", "ッ", "、", "。", "「", "」", "（", "a", "7", ".", " ", "ア", "か\u3099", "葛\U000E0100", "𠮷", "マ")
            .ListOf().Select(parts => string.Concat(parts)).ToArbitrary();
        Prop.ForAll(texts, Gen.Choose(12, 300).ToArbitrary(), (text, width) =>
        {
            var lines = LineBreaker.Break(text, style, width);
            return string.Concat(lines).Replace(" ", "", StringComparison.Ordinal) == text.Replace(" ", "", StringComparison.Ordinal)
                && lines.All(line => style.Measure(line) <= width + 1e-6);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_line_begins_with_a_stop_or_ends_with_an_opening_bracket()
    {
        var lines = LineBreaker.Break("健康保険組合、「健康」。健康（保険）の組合、健康。", Style, 61);
        Assert.True(lines.Count > 3);
        Assert.DoesNotContain(lines, line => "、。」）".Contains(line[0]));
        Assert.DoesNotContain(lines, line => "「（".Contains(line[^1]));
    }

    [Theory]
    [InlineData("健康健康 portal", "健康健康", "portal")]
    [InlineData("健康健康ポータル", "健康健康", "ポータル")]
    public void A_word_of_letters_or_katakana_stays_whole(string text, string first, string second) =>
        Assert.Equal([first, second], LineBreaker.Break(text, Style, 65));

    [Fact]
    public void A_word_wider_than_the_line_is_broken_inside()
    {
        var lines = LineBreaker.Break("https://portal.example.jp/a/long/address", Style, 60);
        Assert.True(lines.Count > 2);
        Assert.Equal("https://portal.example.jp/a/long/address", string.Concat(lines));
    }

    [Fact]
    public void A_line_feed_begins_a_new_line() =>
        Assert.Equal(["健康", "", "保険"], LineBreaker.Break("健康\n\r\n保険", Style, 100));
}

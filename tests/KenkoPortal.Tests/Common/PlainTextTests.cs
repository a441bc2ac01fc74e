using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("山田 太郎")]
    [InlineData("𠮷野　髙子﨑")]
    [InlineData("葛\U000E0100城")]
    [InlineData("辻\uFE00")]
    [InlineData("NGUYEN Thị Hương")]
    [InlineData("Señor O’Brien-Łukasz")]
    [InlineData("佐々木 〆子")]
    [InlineData("\U000323B0")]
    [InlineData("=HYPERLINK(1)")]
    public void Names_of_all_kinds_pass(string text) => Assert.Equal(TextFault.None, PlainText.FirstFault(text, out _));

    [Theory]
    [InlineData("山\r\nBcc: x", TextFault.Control, 1)]
    [InlineData("a\tb", TextFault.Control, 1)]
    [InlineData("\u001B[31m", TextFault.Control, 0)]
    [InlineData("a\u2028b", TextFault.Control, 1)]
    [InlineData("a\u0085b", TextFault.Control, 1)]
    [InlineData("abc\u202Edef", TextFault.Invisible, 3)]
    [InlineData("a\u200Bb", TextFault.Invisible, 1)]
    [InlineData("a\u200D", TextFault.Invisible, 1)]
    [InlineData("\uFEFFa", TextFault.Invisible, 0)]
    [InlineData("a\u00ADb", TextFault.Invisible, 1)]
    [InlineData("\u3164", TextFault.Invisible, 0)]
    [InlineData("\uFFA0", TextFault.Invisible, 0)]
    [InlineData("a\U000E0041", TextFault.Invisible, 1)]
    [InlineData("\uFE0F山", TextFault.Invisible, 0)]
    [InlineData("葛\U000E0100\U000E0101", TextFault.Invisible, 3)]
    [InlineData("1\uFE0F", TextFault.Invisible, 1)]
    [InlineData("山\uE000", TextFault.Unknown, 1)]
    [InlineData("\U000F0000", TextFault.Unknown, 0)]
    [InlineData("\uFDD0", TextFault.Unknown, 0)]
    [InlineData("\uFFFD", TextFault.Undecodable, 0)]
    [InlineData("山\uD842", TextFault.Undecodable, 1)]
    [InlineData("\uDFB7山", TextFault.Undecodable, 0)]
    public void What_is_not_seen_or_not_known_is_found(string text, TextFault fault, int index)
    {
        Assert.Equal(fault, PlainText.FirstFault(text, out var found));
        Assert.Equal(index, found);
    }

    [Theory]
    [InlineData("  山田 \u3000 太郎 ", "山田 太郎")]
    [InlineData("山田　太郎", "山田　太郎")]
    [InlineData("\u3000", "")]
    public void Tidy_trims_and_joins_blanks(string text, string expected) => Assert.Equal(expected, PlainText.Tidy(text));

    [Theory]
    [InlineData("短い", "短い")]
    [InlineData("0123456789012345678901", "01234567890123456789…")]
    [InlineData("a\u001B[31m", "a〓[31m")]
    [InlineData("𠮷𠮷", "𠮷𠮷")]
    public void Shown_is_short_and_harmless(string text, string expected) => Assert.Equal(expected, PlainText.Shown(text));

    [Fact]
    public void What_is_shown_is_always_plain() =>
        Prop.ForAll<string?>(text => PlainText.IsPlain(PlainText.Shown(text ?? ""))).QuickCheckThrowOnFailure();
}

using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("taro@example.jp")]
    [InlineData("Taro.Yamada+kenpo@Sub.Example.co.jp")]
    [InlineData("a..b@docomo.ne.jp")]
    [InlineData("abc.@ezweb.ne.jp")]
    [InlineData(".a@example.ne.jp")]
    [InlineData("o'neill=x@example.com")]
    [InlineData("a@xn--wgv71a.jp")]
    public void One_address_is_taken_as_typed(string text)
    {
        Assert.True(EmailAddress.TryParse($"  {text}\u3000", out var address, out var problem));
        Assert.Equal(text, address.Value);
        Assert.Equal(EmailAddressProblem.None, problem);
        Assert.Equal(address, EmailAddress.Parse(address.Value));
    }

    [Theory]
    [InlineData(null, EmailAddressProblem.Empty)]
    [InlineData(" \u3000", EmailAddressProblem.Empty)]
    [InlineData("a@example.jp,b@example.jp", EmailAddressProblem.SeveralAddresses)]
    [InlineData("a@example.jp;b@example.jp", EmailAddressProblem.SeveralAddresses)]
    [InlineData("a@example.jp@example.com", EmailAddressProblem.SeveralAddresses)]
    [InlineData("ａ＠ｅｘａｍｐｌｅ．ｊｐ", EmailAddressProblem.FullWidth)]
    [InlineData("taro＠example.jp", EmailAddressProblem.FullWidth)]
    [InlineData("t\u0430ro@example.jp", EmailAddressProblem.NotAscii)]
    [InlineData("\u212Aen@example.jp", EmailAddressProblem.NotAscii)]
    [InlineData("m\u0131ke@example.jp", EmailAddressProblem.NotAscii)]
    [InlineData("太郎@example.jp", EmailAddressProblem.NotAscii)]
    [InlineData("taro@例え.jp", EmailAddressProblem.NotAscii)]
    [InlineData("a\u200B@example.jp", EmailAddressProblem.NotAscii)]
    [InlineData("a@example.jp\r\n", EmailAddressProblem.Malformed)]
    [InlineData("a@example.jp\r\nBcc: b@example.jp", EmailAddressProblem.SeveralAddresses)]
    [InlineData("a\n@example.jp", EmailAddressProblem.Malformed)]
    [InlineData("a\0@example.jp", EmailAddressProblem.Malformed)]
    [InlineData("a b@example.jp", EmailAddressProblem.Malformed)]
    [InlineData("<a@example.jp>", EmailAddressProblem.Malformed)]
    [InlineData("\"a\"@example.jp", EmailAddressProblem.Malformed)]
    [InlineData("a%b@example.jp", EmailAddressProblem.Malformed)]
    [InlineData("b!a@example.jp", EmailAddressProblem.Malformed)]
    [InlineData("..@example.jp", EmailAddressProblem.Malformed)]
    [InlineData("@example.jp", EmailAddressProblem.Malformed)]
    [InlineData("example.jp", EmailAddressProblem.Malformed)]
    [InlineData("a@", EmailAddressProblem.Malformed)]
    [InlineData("a@example", EmailAddressProblem.Malformed)]
    [InlineData("a@example..jp", EmailAddressProblem.Malformed)]
    [InlineData("a@example.jp.", EmailAddressProblem.Malformed)]
    [InlineData("a@-example.jp", EmailAddressProblem.Malformed)]
    [InlineData("a@exa_mple.jp", EmailAddressProblem.Malformed)]
    [InlineData("a@192.0.2.1", EmailAddressProblem.Malformed)]
    [InlineData("a@[192.0.2.1]", EmailAddressProblem.Malformed)]
    public void Everything_else_is_refused_with_its_reason(string? text, EmailAddressProblem expected)
    {
        Assert.False(EmailAddress.TryParse(text, out var address, out var problem));
        Assert.Null(address);
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void The_longest_address_has_254_characters_and_64_before_the_at()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 3)) + ".jp";
        Assert.True(EmailAddress.TryParse(new string('a', 64) + "@" + domain, out _));
        Assert.False(EmailAddress.TryParse(new string('a', 65) + "@" + domain, out _, out var problem));
        Assert.Equal(EmailAddressProblem.TooLong, problem);
        Assert.False(EmailAddress.TryParse("a@" + new string('d', 60) + "." + domain + ".example.jp", out _, out problem));
        Assert.Equal(EmailAddressProblem.TooLong, problem);
    }

    [Fact]
    public void Case_does_not_count_for_comparing_and_neither_case_nor_tag_for_counting()
    {
        var one = EmailAddress.Parse("Taro+One@Example.JP");
        var other = EmailAddress.Parse("taro+one@example.jp");
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal("taro+one@example.jp", one.Folded);
        Assert.Equal("taro@example.jp", one.Canonical);
        Assert.Equal("example.jp", one.Domain);
        Assert.Equal("+tag@example.jp", EmailAddress.Parse("+tag@example.jp").Canonical);
        Assert.Equal("taroumi@gmail.com", EmailAddress.Parse("Ta.Ro.Umi+x@GoogleMail.com").Canonical);
        Assert.Equal("ta.ro@example.jp", EmailAddress.Parse("Ta.Ro@example.jp").Canonical);
        Assert.Equal("taro@icloud.com", EmailAddress.Parse("Taro+x@me.com").Canonical);
        Assert.Equal("taro@proton.me", EmailAddress.Parse("taro@pm.me").Canonical);
        Assert.NotEqual(one, EmailAddress.Parse("taro@example.jp"));
    }

    [Theory]
    [InlineData("a..b@docomo.ne.jp", "\"a..b\"@docomo.ne.jp")]
    [InlineData("abc.@EZWEB.ne.jp", "\"abc.\"@ezweb.ne.jp")]
    [InlineData("a.b@docomo.ne.jp", "a.b@docomo.ne.jp")]
    public void An_old_carrier_address_is_quoted_towards_other_servers_and_read_back(string value, string smtp)
    {
        Assert.Equal(smtp, EmailAddress.Parse(value).SmtpForm);
        Assert.True(EmailAddress.TryParseSmtp(smtp, oneLabel: false, out var back));
        Assert.Equal(EmailAddress.Parse(value), back);
    }

    [Theory]
    [InlineData("\"a b\"@example.jp")]
    [InlineData("\"a@b\"@example.jp")]
    [InlineData("\"a\\\"b\"@example.jp")]
    [InlineData("\"\"@example.jp")]
    [InlineData("\"a@example.jp")]
    [InlineData(" a@example.jp")]
    [InlineData("@relay.example:a@example.jp")]
    [InlineData("")]
    public void Other_quoted_forms_and_routes_are_refused(string mailbox) =>
        Assert.False(EmailAddress.TryParseSmtp(mailbox, oneLabel: true, out _));

    [Fact]
    public void An_operator_may_set_a_domain_of_one_label()
    {
        Assert.True(EmailAddress.TryParseSetting("portal@localhost", out var address));
        Assert.Equal("portal@localhost", address.Value);
    }

    [Fact]
    public void An_address_in_a_log_line_says_nothing() =>
        Assert.Equal("to [address]", $"to {EmailAddress.Parse("taro@example.jp")}");

    [Fact]
    public void M8_Whatever_is_taken_is_one_line_of_plain_characters()
    {
        var text = Gen.Elements("a.@@-+'\"<>(),;: \r\n\0%!\\[]１＠é".ToCharArray()).ArrayOf()
            .Select(c => new string(c) + "@example.jp").ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(text, t =>
            !EmailAddress.TryParse(t, out var a) || (a.Value.All(c => c is > ' ' and < (char)0x7F) && a.Value.Count(c => c == '@') == 1
                && !a.Value.Any(c => "<>(),;:\"\\[]".Contains(c, StringComparison.Ordinal)))));
    }
}

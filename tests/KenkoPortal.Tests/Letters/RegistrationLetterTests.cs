using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Printing;

namespace KenkoPortal.Tests.Letters;

public sealed class RegistrationLetterTests
{
    [Theory]
    [InlineData("1234567", "abcd-efgh-jkmn")]
    [InlineData("１２３４５６７８", "abcd-efgh-jkmn")]
    [InlineData("1234-678", "abcd-efgh-jkmn")]
    [InlineData("12345678", "abcdefghjkmn")]
    [InlineData("12345678", "abcd-efgh-jkml")]
    [InlineData("12345678", "Abcd-efgh-jkmn")]
    [InlineData("12345678", "abcd-efgh-jk1n")]
    [InlineData("12345678", "abcd-efghj-kmn")]
    public void Credentials_of_another_form_are_refused_and_not_repeated(string id, string password)
    {
        var fault = Assert.Throws<ArgumentException>(() => new LetterPerson("横浜 太郎", "ご本人", id, password));
        Assert.DoesNotContain(id, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("横浜", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_persons_text_form_gives_nothing_away() =>
        Assert.Equal("LetterPerson", new LetterPerson("横浜 太郎", "ご本人", "12345678", "abcd-efgh-jkmn").ToString());

    [Theory]
    [InlineData("touroku@portal.example.jp", "mailto:touroku@portal.example.jp?subject=%E7%99%BB%E9%8C%B2&body=%E7%99%BB%E9%8C%B2")]
    [InlineData("a?b&c=d@portal.example.jp", "mailto:a%3Fb%26c%3Dd@portal.example.jp?subject=%E7%99%BB%E9%8C%B2&body=%E7%99%BB%E9%8C%B2")]
    public void The_code_holds_a_mail_with_a_subject_and_a_body(string address, string link) =>
        Assert.Equal(link, RegistrationLetterPdf.MailLink(address));

    [Theory]
    [InlineData("")]
    [InlineData("touroku")]
    [InlineData("@portal.example.jp")]
    [InlineData("touroku@")]
    public void An_address_without_both_parts_makes_no_code(string address) =>
        Assert.Throws<ArgumentException>(() => RegistrationLetterPdf.MailLink(address));

    [Fact]
    public void Where_the_fonts_are_missing_the_message_says_what_to_install()
    {
        var fault = new LetterFontsMissingException(new IOException());
        Assert.Contains("fonts-morisawa-bizud-gothic", fault.Message, StringComparison.Ordinal);
        Assert.Contains("インストール", fault.Message, StringComparison.Ordinal);
    }
}

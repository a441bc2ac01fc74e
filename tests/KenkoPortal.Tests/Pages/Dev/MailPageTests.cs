using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Pages.Dev;

public sealed class MailPageTests
{
    [Fact]
    public async Task Development_shows_the_sent_mails_newest_first_and_production_has_no_such_page()
    {
        await using (var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite))
        {
            var folder = new EmlFolder(Path.Combine(portal.Database.Directory, "mail"), portal.Clock);
            foreach (var subject in new[] { "一通目", "二通目" })
            {
                await folder.SendAsync(
                    new MailMessage(
                        null, EmailAddress.Parse("portal@minato.test"), "組合", EmailAddress.Parse("hanako@example.jp"), subject,
                        "<b>https://minato.portal.test/c/TOKEN\n", "1@minato.test", portal.Clock.Now),
                    TestContext.Current.CancellationToken);
                portal.Clock.Advance(TimeSpan.FromSeconds(1));
            }

            var page = await portal.Visitor().OpenAsync("/dev/mail");
            Assert.Equal(["二通目", "一通目"], page.Document.QuerySelectorAll("article h3").Select(h => h.TextContent));
            Assert.Equal("https://minato.portal.test/c/TOKEN", page.Document.QuerySelector("article a")!.GetAttribute("href"));
            Assert.Null(page.Document.QuerySelector("article b"));
        }

        await using (var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite, new() { ["Mail:Inbound:Port"] = "1" }))
        {
            var form = await portal.Visitor().OpenAsync("/dev/mail");
            Assert.Equal(2, (await form.PressAsync("空メールを送信", ("差出人のメールアドレス", "not an address"))).Document.QuerySelectorAll(".kp-error, .kp-error-summary").Length);
            Assert.Contains("つながりません", (await form.PressAsync("空メールを送信", ("差出人のメールアドレス", "hanako@example.com"))).Text, StringComparison.Ordinal);
        }

        await using var production = await WebPortal.StartAsync(DatabaseKind.Sqlite, isProduction: true);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await production.Visitor().OpenAsync("/dev/mail")).Status);
    }
}

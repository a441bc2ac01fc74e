using FsCheck.Fluent;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Tests.Support;
using KenkoPortal.Web.Pages.Dev;

namespace KenkoPortal.Tests.Pages.Dev;

public sealed class MailFileTests
{
    [Fact]
    public async Task What_the_folder_holds_is_shown_as_it_was_written()
    {
        var clock = new FakeClock();
        var folder = Directory.CreateTempSubdirectory("kenko-test-");
        var subjects = Gen.Elements("健康マイポータル", "𠮷野家 髙島屋", "a", " ", "再発行のご案内", "=?", "ID").NonEmptyListOf().Select(words => string.Concat(words).Trim());
        foreach (var subject in subjects.Where(s => s.Length > 0).Sample(50))
        {
            var sent = new MailMessage(
                null, EmailAddress.Parse("portal@minato.test"), "みなと健康保険組合", EmailAddress.Parse("hanako@example.jp"), subject,
                "一行目\n\nhttps://minato.portal.test/c/TOKEN\n.最後", "1@minato.test", clock.Now);
            await new EmlFolder(folder.FullName, clock).SendAsync(sent, TestContext.Current.CancellationToken);
            var file = folder.EnumerateFiles("*.eml").Single();
            var read = await MailFile.ReadAsync(file.FullName, TestContext.Current.CancellationToken);

            Assert.Equal(("hanako@example.jp", subject, clock.Now), (read.To, read.Subject, read.Date));
            Assert.Equal(["一行目", "", "https://minato.portal.test/c/TOKEN", ".最後"], read.Lines.Select(l => string.Concat(l.Select(p => p.Text))));
            Assert.Equal("https://minato.portal.test/c/TOKEN", Assert.Single(read.Lines.SelectMany(l => l), p => p.IsLink).Text);
            file.Delete();
        }

        folder.Delete();
    }
}

using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;

namespace KenkoPortal.Tests.Mail;

public sealed class EmlFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kenko-eml-");

    [Fact]
    public async Task A_mail_becomes_a_whole_file_that_only_its_owner_reads()
    {
        var message = new MailMessage(
            EmailAddress.Parse("bounce+1@kenpo.example"), EmailAddress.Parse("portal@kenpo.example"), "", EmailAddress.Parse("taro@example.jp"),
            "x", "y", "1@kenpo.example", TimeProvider.System.GetUtcNow());
        var path = Path.Combine(_folder.FullName, "mail");
        var transport = new EmlFolder(path, TimeProvider.System);
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<DeliveryResult.Sent>(await transport.SendAsync(message with { MessageId = $"{i}@kenpo.example" }, TestContext.Current.CancellationToken));
        }

        var files = Directory.GetFiles(path).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(20, files.Count);
        for (var i = 0; i < files.Count; i++)
        {
            var text = await File.ReadAllTextAsync(files[i], Encoding.ASCII, TestContext.Current.CancellationToken);
            Assert.StartsWith("Return-Path: <bounce+1@kenpo.example>\r\nDate: ", text, StringComparison.Ordinal);
            Assert.Contains($"<{i}@kenpo.example>", text, StringComparison.Ordinal);
            Assert.EndsWith(".eml", files[i], StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(files[i]));
            }
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_defers()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        var message = new MailMessage(
            null, EmailAddress.Parse("portal@kenpo.example"), "", EmailAddress.Parse("taro@example.jp"), "x", "y", "1@kenpo.example",
            TimeProvider.System.GetUtcNow());
        var result = await new EmlFolder(file, TimeProvider.System).SendAsync(message, TestContext.Current.CancellationToken);
        Assert.Equal(new DeliveryResult.Deferred(DeliveryStep.Folder, 0, null), result);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

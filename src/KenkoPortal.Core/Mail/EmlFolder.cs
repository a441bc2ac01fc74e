using System.Globalization;
using System.Text;

namespace KenkoPortal.Core.Mail;

/// <summary>Puts each message into a folder as an <c>.eml</c> file: mail where no relay is configured. The envelope's sender is
/// the first line, <c>Return-Path</c>, as at any final delivery (RFC 5321 §4.4).</summary>
/// <remarks>A file appears whole or not at all, can be read by its owner only, and its name sorts by time of writing.</remarks>
public sealed class EmlFolder(string folder, TimeProvider clock) : IMailTransport
{
    public async Task<DeliveryResult> SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        var bytes = MimeWriter.Write(message);
        var now = clock.GetUtcNow();
        var name = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd'T'HHmmss.fffffff'Z'}-{Guid.CreateVersion7(now):N}");
        var unfinished = Path.Combine(folder, $".{name}.tmp");
        try
        {
            CreateFolder();
            await WriteAsync(unfinished, Encoding.ASCII.GetBytes($"Return-Path: <{message.ReturnPath?.SmtpForm}>\r\n"), bytes, cancellationToken);
            File.Move(unfinished, Path.Combine(folder, name + ".eml"));
            return new DeliveryResult.Sent();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DeliveryResult.Deferred(DeliveryStep.Folder, 0, null);
        }
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task WriteAsync(string path, byte[] head, byte[] message, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, options);
        await file.WriteAsync(head, cancellationToken);
        await file.WriteAsync(message, cancellationToken);
        file.Flush(flushToDisk: true);
    }
}

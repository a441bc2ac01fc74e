using System.Globalization;
using System.Net.Sockets;
using System.Text;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Web.Pages.Dev;

/// <summary>Sends an empty mail as a phone does, over the listener's own port. Not <see cref="Core.Mail.SmtpSender"/>: what that sends is marked as written by a machine.</summary>
internal static class EmptyMailPost
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>The listener's last reply code: 250 where it took the mail; 0 where nobody listens.</returns>
    public static async Task<int> SendAsync(string host, int port, EmailAddress from, EmailAddress to, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, both.Token);
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
            var code = await ReplyAsync(reader, both.Token);
            string[] commands =
            [
                "EHLO localhost",
                $"MAIL FROM:<{from.SmtpForm}>",
                $"RCPT TO:<{to.SmtpForm}>",
                "DATA",
                $"From: <{from.SmtpForm}>\r\nTo: <{to.SmtpForm}>\r\nSubject:\r\n\r\n.",
            ];
            foreach (var command in commands)
            {
                if (code is < 200 or >= 400)
                {
                    break;
                }

                await writer.WriteLineAsync(command.AsMemory(), both.Token);
                code = await ReplyAsync(reader, both.Token);
            }

            await writer.WriteLineAsync("QUIT".AsMemory(), both.Token);
            return code;
        }
        catch (Exception exception) when (exception is SocketException or IOException || limit.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<int> ReplyAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 3 || (line.Length > 3 && line[3] == ' '))
            {
                return int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0;
            }
        }

        return 0;
    }
}

using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace KenkoPortal.Core.Mail;

/// <summary>One connection to a relay, over which several messages may go, one after the other (RFC 5321 as a client).</summary>
public sealed class SmtpConnection : IAsyncDisposable
{
    private const int MaxReplyLine = 2000;
    private const int MaxReplyLines = 100;

    private readonly SmtpOptions options;
    private readonly TimeProvider clock;
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[4096];
    private Stream stream = Stream.Null;
    private int bufferedFrom;
    private int bufferedTo;
    private bool isEncrypted;
    private HashSet<string> extensions = [];
    private string authMechanisms = "";

    private SmtpConnection(SmtpOptions options, TimeProvider clock)
    {
        this.options = options;
        this.clock = clock;
    }

    /// <summary>False after a fault: where the dialogue stands is not known, and the connection must go.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Messages that were tried over this connection.</summary>
    public int Messages { get; private set; }

    /// <summary>Connects, encrypts and logs in as the options say. Null with the reason where it does not come to that.</summary>
    public static async Task<(SmtpConnection? Connection, DeliveryResult.Deferred? Failure)> OpenAsync(
        SmtpOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var connection = new SmtpConnection(options, clock);
        var step = DeliveryStep.Connect;
        try
        {
            await connection.ConnectAsync(cancellationToken);
            step = DeliveryStep.Tls;
            if (options.Tls is SmtpTls.Implicit)
            {
                await connection.EncryptAsync(cancellationToken);
            }

            step = DeliveryStep.Greeting;
            Expect(await connection.ReadReplyAsync(options.CommandTimeout, cancellationToken), 220);
            await connection.HelloAsync(cancellationToken);
            step = DeliveryStep.Tls;
            if (options.Tls is SmtpTls.StartTls)
            {
                await connection.StartTlsAsync(cancellationToken);
                await connection.HelloAsync(cancellationToken);
            }

            step = DeliveryStep.Login;
            if (options.User is not null)
            {
                await connection.LoginAsync(options.User, options.Password ?? "", cancellationToken);
            }

            return (connection, null);
        }
        catch (RefusedException refused)
        {
            await connection.DisposeAsync();
            return (null, new DeliveryResult.Deferred(step, refused.Reply.Code, refused.Reply.Status));
        }
        catch (Exception e) when (IsNetworkFault(e, cancellationToken))
        {
            await connection.DisposeAsync();
            return (null, new DeliveryResult.Deferred(step, 0, null));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one message. After a refusal the connection is reset and good for the next one.</summary>
    public async Task<DeliveryResult> SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        var data = DotStuffing.Encode(MimeWriter.Write(message));
        Messages++;
        var step = DeliveryStep.Sender;
        try
        {
            Expect(await CommandAsync($"MAIL FROM:<{message.ReturnPath?.SmtpForm}>", cancellationToken), 250);
            step = DeliveryStep.Recipient;
            Expect(await CommandAsync($"RCPT TO:<{message.To.SmtpForm}>", cancellationToken), 250, 251, 252);
            step = DeliveryStep.Data;
            Expect(await CommandAsync("DATA", cancellationToken), 354);
            await WriteAsync(data, options.CommandTimeout, cancellationToken);
            Expect(await ReadReplyAsync(options.DataTimeout, cancellationToken), 250);
            return new DeliveryResult.Sent();
        }
        catch (RefusedException refused)
        {
            var reply = refused.Reply;
            await ResetAsync(reply, cancellationToken);
            // What is wrong with our own sender address, or with our login (530), no recipient can help.
            return reply.Code is >= 500 and not 530 && step is not DeliveryStep.Sender
                ? new DeliveryResult.Rejected(step, reply.Code, reply.Status)
                : new DeliveryResult.Deferred(step, reply.Code, reply.Status);
        }
        catch (Exception e) when (IsNetworkFault(e, cancellationToken))
        {
            IsUsable = false;
            return new DeliveryResult.Deferred(step, 0, null);
        }
        catch
        {
            IsUsable = false;
            throw;
        }
    }

    /// <summary>Says QUIT where that still makes sense, without waiting for the answer, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsUsable && socket.Connected)
        {
            IsUsable = false;
            try
            {
                await WriteAsync("QUIT\r\n"u8.ToArray(), TimeSpan.FromSeconds(2), CancellationToken.None);
            }
            catch (Exception e) when (IsNetworkFault(e, CancellationToken.None))
            {
                // It is gone already.
            }
        }

        await stream.DisposeAsync();
        socket.Dispose();
    }

    private static bool IsNetworkFault(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && e is IOException or SocketException or AuthenticationException or OperationCanceledException;

    private static void Expect(Reply reply, params ReadOnlySpan<int> codes)
    {
        if (!codes.Contains(reply.Code))
        {
            throw new RefusedException(reply);
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await LimitedAsync(options.ConnectTimeout, token => socket.ConnectAsync(options.Host!, options.ActualPort, token).AsTask(), cancellationToken);
        stream = new NetworkStream(socket, ownsSocket: true);
    }

    private async Task HelloAsync(CancellationToken cancellationToken)
    {
        var reply = await CommandAsync($"EHLO {options.HeloName}", cancellationToken);
        Expect(reply, 250);
        extensions = reply.Lines.Skip(1).Select(l => l.Split(' ')[0].ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
        authMechanisms = $" {reply.Lines.Skip(1).FirstOrDefault(l => l.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase), "").ToUpperInvariant()} ";
    }

    private async Task StartTlsAsync(CancellationToken cancellationToken)
    {
        if (!extensions.Contains("STARTTLS"))
        {
            throw new AuthenticationException("The relay offers no STARTTLS.");
        }

        Expect(await CommandAsync("STARTTLS", cancellationToken), 220);
        if (bufferedFrom != bufferedTo)
        {
            // Somebody in between has put words into the relay's mouth.
            throw new AuthenticationException("The relay spoke on after STARTTLS.");
        }

        await EncryptAsync(cancellationToken);
    }

    private async Task EncryptAsync(CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = secure;
        var client = new SslClientAuthenticationOptions { TargetHost = options.Host };
        if (options.CaPath is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(options.CaPath);
            client.CertificateChainPolicy = policy;
        }

        await LimitedAsync(options.ConnectTimeout, token => secure.AuthenticateAsClientAsync(client, token), cancellationToken);
        isEncrypted = true;
    }

    private async Task LoginAsync(string user, string password, CancellationToken cancellationToken)
    {
        if (!isEncrypted && !(socket.RemoteEndPoint is IPEndPoint peer && IPAddress.IsLoopback(Unmapped(peer.Address))))
        {
            throw new AuthenticationException("A password is not sent without TLS.");
        }

        if (authMechanisms.Contains(" PLAIN ", StringComparison.Ordinal))
        {
            Expect(await CommandAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", cancellationToken), 235);
        }
        else if (authMechanisms.Contains(" LOGIN ", StringComparison.Ordinal))
        {
            Expect(await CommandAsync("AUTH LOGIN", cancellationToken), 334);
            Expect(await CommandAsync(Base64(user), cancellationToken), 334);
            Expect(await CommandAsync(Base64(password), cancellationToken), 235);
        }
        else
        {
            throw new AuthenticationException("The relay offers neither PLAIN nor LOGIN.");
        }
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task ResetAsync(Reply refusal, CancellationToken cancellationToken)
    {
        if (refusal.Code == 421)
        {
            IsUsable = false;
            return;
        }

        try
        {
            var reply = await CommandAsync("RSET", cancellationToken);
            IsUsable = reply.Code == 250;
        }
        catch (Exception e) when (e is RefusedException || IsNetworkFault(e, CancellationToken.None))
        {
            IsUsable = false;
        }
    }

    private async Task<Reply> CommandAsync(string line, CancellationToken cancellationToken)
    {
        await WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), options.CommandTimeout, cancellationToken);
        return await ReadReplyAsync(options.CommandTimeout, cancellationToken);
    }

    private Task WriteAsync(byte[] bytes, TimeSpan timeout, CancellationToken cancellationToken) =>
        LimitedAsync(
            timeout,
            async token =>
            {
                await stream.WriteAsync(bytes, token);
                await stream.FlushAsync(token);
            },
            cancellationToken);

    private async Task<Reply> ReadReplyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Reply? reply = null;
        await LimitedAsync(timeout, async token => reply = await ReadReplyAsync(token), cancellationToken);
        return reply!;
    }

    private async Task<Reply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < MaxReplyLines)
        {
            var line = await ReadLineAsync(cancellationToken);
            if (line.Length < 3
                || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                || code is < 200 or > 599
                || (line.Length > 3 && line[3] is not (' ' or '-')))
            {
                break;
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new Reply(code, lines);
            }
        }

        throw new IOException("The relay's reply is no SMTP.");
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (line.Length <= MaxReplyLine)
        {
            if (bufferedFrom == bufferedTo)
            {
                bufferedFrom = 0;
                bufferedTo = await stream.ReadAsync(buffer, cancellationToken);
                if (bufferedTo == 0)
                {
                    throw new IOException("The relay closed the connection.");
                }
            }

            var c = (char)buffer[bufferedFrom++];
            if (c == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(c);
        }

        throw new IOException("The relay's reply is too long.");
    }

    private async Task LimitedAsync(TimeSpan timeout, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await work(both.Token);
    }

    private sealed record Reply(int Code, IReadOnlyList<string> Lines)
    {
        /// <summary>The enhanced status code at the head of the text (RFC 2034), digits and dots only.</summary>
        public string? Status
        {
            get
            {
                var word = Lines[0].Split(' ')[0];
                var parts = word.Split('.');
                return parts.Length == 3 && parts[0] is "2" or "4" or "5" && Array.TrueForAll(parts, p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit))
                    ? word
                    : null;
            }
        }
    }

    private sealed class RefusedException(Reply reply) : Exception("The relay refused.")
    {
        public Reply Reply { get; } = reply;
    }
}

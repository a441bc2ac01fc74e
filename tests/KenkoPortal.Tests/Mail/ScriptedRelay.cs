using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KenkoPortal.Core.Mail;

namespace KenkoPortal.Tests.Mail;

/// <summary>A relay that answers what the test says, so that each refusal and each misbehaviour can be had.</summary>
internal sealed class ScriptedRelay : IAsyncDisposable
{
    /// <summary>What the script is asked when a connection opens.</summary>
    public const string Opening = "(opening)";

    /// <summary>What the script is asked when a message has come.</summary>
    public const string EndOfData = "(data)";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string?> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly bool _isImplicit;
    private readonly Task _work;

    /// <param name="answer">From a command to the reply without its last line end; null closes, and silence is <c>""</c>.</param>
    public ScriptedRelay(Func<string, string?> answer, X509Certificate2? certificate = null, bool isImplicit = false)
    {
        _answer = answer;
        _certificate = certificate;
        _isImplicit = isImplicit;
        _listener.Start();
        _work = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Commands { get; } = [];

    public ConcurrentQueue<string> Messages { get; } = [];

    public int Connections { get; private set; }

    /// <summary>A relay that takes everything.</summary>
    public static string? Agreeable(string command) => command.Split(' ')[0] switch
    {
        Opening => "220 relay",
        "EHLO" => "250-relay\r\n250 8BITMIME",
        "DATA" => "354 go",
        "STARTTLS" => "220 go",
        "AUTH" => "235 ok",
        "QUIT" => null,
        _ => "250 2.0.0 ok",
    };

    public SmtpOptions Options(Action<SmtpOptions>? configure = null)
    {
        var options = new SmtpOptions { Host = "localhost", Port = Port, Tls = SmtpTls.None, HeloName = "portal.kenpo.example" };
        configure?.Invoke(options);
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                talks.Add(TalkAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var owned = client;
        try
        {
            Stream stream = client.GetStream();
            if (_isImplicit)
            {
                stream = await EncryptAsync(stream);
            }

            var command = Opening;
            while (_answer(command) is { } reply)
            {
                if (reply.Length > 0)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), _stop.Token);
                }

                if (command == "STARTTLS" && reply.StartsWith("220", StringComparison.Ordinal))
                {
                    stream = await EncryptAsync(stream);
                }

                if (reply.StartsWith("354", StringComparison.Ordinal))
                {
                    Messages.Enqueue(await ReadToAsync(stream, "\r\n.\r\n"));
                    command = EndOfData;
                }
                else
                {
                    command = await ReadToAsync(stream, "\r\n");
                    Commands.Enqueue(command);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client left, as tests make it.
        }
    }

    private async Task<Stream> EncryptAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(_certificate!);
        return tls;
    }

    private async Task<string> ReadToAsync(Stream stream, string end)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                throw new IOException("closed");
            }

            text.Append((char)one[0]);
        }

        return text.ToString(0, text.Length - end.Length);
    }
}

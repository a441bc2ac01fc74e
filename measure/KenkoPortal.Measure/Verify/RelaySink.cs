using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace KenkoPortal.Measure.Verify;

/// <summary>How the relay behaves at the moment.</summary>
internal enum RelayMood
{
    /// <summary>Takes everything.</summary>
    Open,

    /// <summary>421 at the greeting.</summary>
    Refusing,

    /// <summary>Accepts the connection and says nothing.</summary>
    Silent,
}

/// <summary>A message that the relay said 250 to.</summary>
/// <param name="Bytes">As it came, without dot-stuffing.</param>
/// <param name="At">When the 250 was written, as <see cref="Stopwatch.GetTimestamp"/> tells it.</param>
internal sealed partial record RelayMail(string MessageId, string Recipient, byte[] Bytes, long At)
{
    private static readonly string[] Own = ["To:", "Message-ID:", "Date:"];

    /// <summary>The text of the mail's only part.</summary>
    /// <exception cref="FormatException">The message is not what the portal writes.</exception>
    public string Text
    {
        get
        {
            var message = Encoding.ASCII.GetString(Bytes);
            var head = message.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            return head > 0 && message.Contains("Content-Transfer-Encoding: base64\r\n", StringComparison.Ordinal)
                ? Encoding.UTF8.GetString(Convert.FromBase64String(message[(head + 4)..]))
                : throw new FormatException("No message of the portal's.");
        }
    }

    /// <summary>The path <c>/c/…</c> in the text; null where there is none.</summary>
    public string? Link => LinkPath().Match(Text) is { Success: true } match ? match.Value : null;

    /// <summary>Head and text without what is the mail's own: recipient, id, day and link.</summary>
    public string Words => string.Join('\n', Encoding.ASCII.GetString(Bytes).Split("\r\n\r\n")[0].Split("\r\n").Where(line => !Own.Any(own => line.StartsWith(own, StringComparison.Ordinal)))
        .Append(LinkPath().Replace(Text, "")));

    public string Digest => Convert.ToHexString(SHA256.HashData(Bytes));

    [GeneratedRegex("/c/[A-Za-z0-9_-]+", RegexOptions.None, 1000)]
    private static partial Regex LinkPath();
}

/// <summary>
/// The relay of a run: takes mail on loopback, keeps every message that it said 250 to, and behaves as badly as it is told. It can
/// do something right after a 250 is on the wire, which is where a sender must not be killed.
/// </summary>
internal sealed class RelaySink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<RelayMail> _mails = new();
    private readonly ConcurrentDictionary<string, RelayMail> _byRecipient = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _ids = new(StringComparer.Ordinal);
    private readonly Task _work;
    private int _accepted;
    private int _unheard;
    private volatile RelayMood _mood;

    public RelaySink()
    {
        _listener.Start(500);
        _work = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public RelayMood Mood
    {
        get => _mood;
        set => _mood = value;
    }

    /// <summary>How long it takes before each 250; told the number of the message, from 1.</summary>
    public Func<int, TimeSpan>? Delay { get; set; }

    /// <summary>Done when the 250 of a message is on the wire and before anything else; told the number of the message, from 1.</summary>
    public Action<int, RelayMail>? AfterAnswer { get; set; }

    /// <summary>Messages that were said 250 to, each as often as it came.</summary>
    public IReadOnlyCollection<RelayMail> Mails => _mails;

    /// <summary>Connections that were opened.</summary>
    public int Connections { get; private set; }

    /// <summary>Messages after which the sender said nothing more: it may not have heard the 250, and send them again.</summary>
    public int Unheard => Volatile.Read(ref _unheard);

    /// <summary>Messages by their Message-ID: each once.</summary>
    public int Distinct => _ids.Count;

    /// <summary>The newest mail to an address; null where none has come.</summary>
    public RelayMail? To(string recipient) => _byRecipient.GetValueOrDefault(recipient);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _work;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var talks = new ConcurrentDictionary<Task, bool>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                var talk = TalkAsync(client);
                talks.TryAdd(talk, true);
                _ = talk.ContinueWith(done => talks.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks.Keys);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var owned = client;
        var isHeard = true;
        try
        {
            client.NoDelay = true;
            await using var wire = new SmtpWire(client.GetStream(), _stop.Token);
            if (_mood is RelayMood.Refusing)
            {
                await wire.SayAsync("421 4.3.2 not now");
                return;
            }

            if (_mood is RelayMood.Silent)
            {
                await wire.WaitForEndAsync();
                return;
            }

            await wire.SayAsync("220 relay.test ESMTP");
            var recipient = "";
            while (await wire.ReadLineAsync() is { } line)
            {
                isHeard = true;
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        await wire.SayAsync("250-relay.test\r\n250 8BITMIME");
                        break;
                    case "RCPT":
                        recipient = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.LastIndexOf('>')];
                        await wire.SayAsync("250 2.1.5 ok");
                        break;
                    case "DATA":
                        await wire.SayAsync("354 go");
                        if (await wire.ReadMessageAsync() is not { } bytes)
                        {
                            return;
                        }

                        isHeard = false;
                        await TakeAsync(wire, recipient, bytes);
                        break;
                    case "QUIT":
                        await wire.SayAsync("221 2.0.0 bye");
                        return;
                    default:
                        await wire.SayAsync("250 2.0.0 ok");
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The sender left, or was killed.
        }
        finally
        {
            Interlocked.Add(ref _unheard, isHeard ? 0 : 1);
        }
    }

    private async Task TakeAsync(SmtpWire wire, string recipient, byte[] bytes)
    {
        var number = Interlocked.Increment(ref _accepted);
        if (Delay?.Invoke(number) is { } wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, TimeProvider.System, _stop.Token);
        }

        // Kept before it is said: whoever hears the 250 must find it here.
        var mail = new RelayMail(MessageIdOf(bytes), recipient, bytes, Stopwatch.GetTimestamp());
        _mails.Enqueue(mail);
        _ids.TryAdd(mail.MessageId, true);
        _byRecipient[recipient] = mail;
        await wire.SayAsync("250 2.6.0 taken");
        AfterAnswer?.Invoke(number, mail);
    }

    private static string MessageIdOf(byte[] bytes)
    {
        var text = Encoding.ASCII.GetString(bytes);
        var at = text.IndexOf("Message-ID: <", StringComparison.Ordinal);
        var end = at < 0 ? -1 : text.IndexOf('>', at);
        return end < 0 ? "" : text[(at + 13)..end];
    }
}

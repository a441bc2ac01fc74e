using System.Globalization;
using System.Net.Sockets;
using System.Text;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Societies;
using KenkoPortal.Smtp;
using KenkoPortal.Tests.Smtp;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Fuzzing;

/// <summary>Mutated mails: against the session alone, and over sockets against the listener and a database.</summary>
public static class SmtpFuzzer
{
    private const string Here = "toroku@minato.test";

    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            Mail("taro@example.jp", "Subject: x\r\n\r\nhello\r\n"),
            Mail("taro@example.jp", ""),
            Mail("", "Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"b\"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                + "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.jp\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n--b--\r\n"),
            Mail("MAILER-DAEMON@example.jp", "Subject: Undelivered\r\n\r\n<taro@example.jp>: host mx.example.jp said: 550 5.1.1 User unknown\r\n"),
            Mail("\"a..b\"@docomo.example.jp", "From: =?iso-2022-jp?b?GyRCOzNFRBsoQg==?= <a@b.jp>\r\nList-Id: <x>\r\nPrecedence: bulk\r\n\r\n..\r\n..dot\r\n"),
            Mail("taro@example.jp", "Content-Type: text/html; charset=iso-2022-jp\r\n\r\n" + new string('y', 900) + "\r\n\u001b$B\u001b(B\u00ff\r\n"),
            $"EHLO mail.example.jp\r\nMAIL FROM:<a@example.jp> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<{Here}>\r\nRCPT TO:<x@elsewhere.example>\r\nRSET\r\nNOOP x\r\nVRFY a\r\nHELP\r\nEXPN l\r\n"
                + $"MAIL FROM:<b@example.jp>\r\nRCPT TO:<{Here}>\r\nDATA\r\nSubject: 1\r\n\r\n.\r\nMAIL FROM:<c@example.jp>\r\nRCPT TO:<{Here}>\r\nDATA\r\n.\r\n",
            $"HELO c\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:<@x.example:{Here}>\r\nRCPT TO:<\"toroku\"@minato.test>\r\nRCPT TO:<{Here}>\r\nDATA\r\n.\r\nQUIT\r\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private static readonly byte[] Ending = Encoding.ASCII.GetBytes("\r\n.\r\nRSET\r\nQUIT\r\n");

    /// <summary>Mutated conversations against the session alone: some ten thousand a second.</summary>
    /// <param name="seed">Tells every input.</param>
    /// <param name="rounds">Mails to try.</param>
    /// <param name="progress">Told how many were tried, now and then.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static FuzzReport Run(ulong seed, long rounds, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var count = new FuzzCount("smtp session", seed, progress);
        for (var round = 0L; round < rounds && !cancellationToken.IsCancellationRequested; round++)
        {
            Try(count, round, InputOf(seed, round));
        }

        return count.Report();
    }

    /// <summary>One input again: a line of the corpus.</summary>
    public static FuzzReport Replay(byte[] input)
    {
        var count = new FuzzCount("smtp session", 0, null);
        Try(count, 0, input);
        return count.Report();
    }

    /// <summary>Mutated mails over sockets against the listener with a database behind it: every 250 must be its rows, and nothing else may be one.</summary>
    /// <param name="kind">The database.</param>
    /// <param name="seed">Tells every input.</param>
    /// <param name="rounds">Mails to try.</param>
    /// <param name="connections">Open at a time.</param>
    /// <param name="progress">Told how many were tried, now and then.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<FuzzReport> RunOverSocketsAsync(
        DatabaseKind kind, ulong seed, long rounds, int connections = 16, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var count = new FuzzCount($"smtp over sockets, {kind}", seed, progress);
        // One peer and a handful of domains send everything here.
        await using var portal = await TestPortal.StartAsync(kind, services => services.Configure<InboundRateOptions>(rates => (rates.PeerPerHour, rates.DomainPerHour) = (100_000_000, 100_000_000)));
        await portal.AddSocietyAsync();
        await using var door = await MailDoor.OpenAsync(portal.Services, ("LingerTimeout", "00:00:00.05"), ("MaxConnections", "10000"), ("MaxConnectionsPerAddress", "10000"));
        var (fewest, most, next) = (0L, 0L, -1L);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            for (long round; (round = Interlocked.Increment(ref next)) < rounds && !cancellationToken.IsCancellationRequested;)
            {
                var input = InputOf(seed, round);
                count.Tried();
                try
                {
                    var heard = await SayAsync(door.Port, [.. input, .. Ending]);
                    var (kept, atLeast, atMost) = Acknowledged(heard);
                    Interlocked.Add(ref fewest, atLeast);
                    Interlocked.Add(ref most, atMost);
                    count.Accepted(kept);
                    if (FaultIn(heard) is { } fault)
                    {
                        count.Crashed(round, fault, input);
                    }
                }
                catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
                {
                    count.Crashed(round, $"no end of the session: {exception.GetType().Name}", input);
                }
            }
        }));
        var rows = await RowsAsync(portal.Services);
        if (rows < fewest || rows > most)
        {
            count.HalfWritten(rounds, $"{fewest} to {most} rows were acknowledged, {rows} are there", []);
        }

        foreach (var line in door.Errors)
        {
            count.Crashed(-1, line, []);
        }

        return count.Report();
    }

    private static void Try(FuzzCount count, long round, byte[] input)
    {
        count.Tried();
        try
        {
            var dialogue = new Dialogue();
            var first = dialogue.Say(input.Replaced());
            if (dialogue.Next is SmtpNext.Read)
            {
                dialogue.Say(Ending);
            }

            var heard = dialogue.Replies;
            var (kept, _, _) = Acknowledged(heard);
            count.Accepted(kept);
            if (kept != dialogue.Envelopes.Count)
            {
                count.HalfWritten(round, $"{kept} acknowledged, {dialogue.Envelopes.Count} kept", input);
            }

            if (FaultIn("220 greeting\r\n" + heard) is { } fault)
            {
                count.Crashed(round, $"{fault} after {first.Length} characters", input);
            }

            if (dialogue.Envelopes.Exists(e => e.Recipients.Count == 0 || (e.MailFrom is { } from && from.SmtpForm.Any(c => char.IsControl(c) || c > '~'))))
            {
                count.Crashed(round, "an envelope that cannot be answered", input);
            }
        }
        catch (Exception exception)
        {
            count.Crashed(round, exception.ToString(), input);
        }
    }

    /// <summary>The address of the seeds is the dialogue's own.</summary>
    private static byte[] Replaced(this byte[] input) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(input).Replace(Here, Dialogue.Here, StringComparison.Ordinal));

    private static byte[] InputOf(ulong seed, long round)
    {
        var dice = Dice.ForRound(seed, round);
        return Mutation.OfBytes(dice, dice.Of(Seeds), Seeds);
    }

    private static string Mail(string sender, string text) => $"EHLO c\r\nMAIL FROM:<{sender}>\r\nRCPT TO:<{Here}>\r\nDATA\r\n{text}.\r\n";

    /// <summary>Messages that were acknowledged, and how many rows they must have left: the same recipient said twice is one.</summary>
    private static (int Kept, int AtLeast, int AtMost) Acknowledged(string heard)
    {
        var (kept, least, most, recipients) = (0, 0, 0, 0);
        foreach (var line in Lines(heard))
        {
            switch (line)
            {
                case "250 2.1.0 ok":
                    recipients = 0;
                    break;
                case "250 2.1.5 ok":
                    recipients++;
                    break;
                case "250 2.0.0 kept":
                    (kept, least, most) = (kept + 1, least + 1, most + recipients);
                    break;
            }
        }

        return (kept, least, most);
    }

    /// <summary>Every session is greeted, and ends with a reply that says so; replies are short lines of a known form.</summary>
    private static string? FaultIn(string heard)
    {
        var lines = Lines(heard);
        if (lines.Length < 2)
        {
            return "closed without a reply";
        }

        if (Array.Find(lines, l => l.Length is < 4 or > 80 || l[3] is not (' ' or '-') || !int.TryParse(l[..3], NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 220 or > 555) is { } odd)
        {
            return $"a reply of an unknown form, {odd.Length} characters";
        }

        // The database is there: what it refuses would be told as a fault that passes.
        if (lines.Any(l => l.StartsWith("451", StringComparison.Ordinal)))
        {
            return "told to come again";
        }

        return lines[^1][..3] is "221" or "421" or "521" or "500" or "501" or "502" or "503" or "552" or "554" ? null : $"ended with {lines[^1][..3]}";
    }

    private static string[] Lines(string heard) => heard.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> SayAsync(int port, byte[] input)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port, patience.Token);
        var heard = new StringBuilder();
        var hearing = Task.Run(
            async () =>
            {
                var buffer = new byte[4096];
                for (int length; (length = await socket.ReceiveAsync(buffer, patience.Token)) > 0;)
                {
                    heard.Append(Encoding.Latin1.GetString(buffer, 0, length));
                }
            },
            patience.Token);
        try
        {
            await socket.SendAsync(input, patience.Token);
            await hearing;
        }
        catch (SocketException)
        {
            // Closed while we spoke, or before all of it was read; what was said until then counts.
        }

        return heard.ToString();
    }

    private static async Task<long> RowsAsync(IServiceProvider services)
    {
        var rows = 0L;
        foreach (var society in await services.GetRequiredService<SocietyIndex>().AllAsync(CancellationToken.None))
        {
            await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, _ => { });
            var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
            rows += await db.MailAsks.LongCountAsync() + await db.BounceReports.LongCountAsync();
        }

        return rows;
    }
}

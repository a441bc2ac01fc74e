using System.Net;
using System.Net.Sockets;
using System.Text;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Tests.Smtp;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Security;

/// <summary>The rows M1–M8 of docs/security.md over a real socket, with the database behind it.</summary>
public sealed class MailRowTests
{
    private const string Toroku = "toroku@minato.test";

    [Theory, OnEveryDatabase]
    public async Task M1_M5_Machines_get_no_answer_unknown_recipients_hear_550_and_nothing_bounces(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await using var door = await MailDoor.OpenAsync(portal.Services);
        await using var peer = await SmtpListenerHost.Peer.ConnectAsync(door.Port);
        await peer.HearAsync();
        await peer.SayAsync("EHLO c");
        foreach (var (sender, head) in new[]
        {
            ("", ""), ("robot@example.jp", "Auto-Submitted: auto-replied"), ("robot@example.jp", "auto-submitted:\r\n auto-generated (it is)"),
            ("liste@example.jp", "List-Id: <x.example.jp>"), ("liste@example.jp", "LIST-UNSUBSCRIBE: <mailto:x@example.jp>"),
            ("masse@example.jp", "Precedence: bulk"), ("masse@example.jp", "Precedence: list"), ("masse@example.jp", "precedence: Junk"),
            ("MAILER-DAEMON@example.jp", ""), ("no-reply@example.jp", ""), ("noreply+12@example.jp", ""), ("hito@example.jp", "From: \"x\" <MAILER-DAEMON@example.jp>"),
            ("portal@minato.test", ""), (Toroku, ""), ("irgendwer@bounce.minato.test", ""),
        })
        {
            Assert.StartsWith("250", await SendAsync(peer, sender, head), StringComparison.Ordinal);
        }

        await portal.RunJobsAsync();
        Assert.Empty(portal.Mail.All);
        Assert.Equal(15, await portal.ReadAsync(society, db => db.MailAsks.CountAsync(a => a.Decision == AskDecision.SentByMachine)));

        // A person is answered; Auto-Submitted: no is a person.
        Assert.StartsWith("250", await SendAsync(peer, "hito@example.jp", "Auto-Submitted: no"), StringComparison.Ordinal);
        await peer.SayAsync("MAIL FROM:<hito2@example.jp>");
        foreach (var stranger in new[] { "dare@minato.test", "x@elsewhere.example", "toroku%elsewhere.example@minato.test", "@minato.test:x@elsewhere.example", "b-00000000000000000000000000000000ffffffffffffffffffff@bounce.minato.test" })
        {
            Assert.Matches("^5(50|53|01|55)", await peer.SayAsync($"RCPT TO:<{stranger}>"));
        }

        Assert.StartsWith("503", await peer.SayAsync("DATA"), StringComparison.Ordinal);
        await portal.RunJobsAsync();
        Assert.Equal(["hito@example.jp"], portal.Mail.All.Select(m => m.To.Value));
        Assert.Empty(door.Errors);
    }

    [Theory, OnEveryDatabase]
    public async Task M2_Two_portals_wired_to_each_other_exchange_at_most_one_mail_each(DatabaseKind kind)
    {
        await using var minato = await TestPortal.StartAsync(kind);
        await using var yama = await TestPortal.StartAsync(kind);
        await minato.AddSocietyAsync("minato");
        await yama.AddSocietyAsync("yama");
        await using var minatos = await MailDoor.OpenAsync(minato.Services);
        await using var yamas = await MailDoor.OpenAsync(yama.Services);

        // Each one's relay delivers to the other's door, whoever the mail is for.
        async Task<DeliveryResult> DeliverAsync(MailDoor door, MailMessage message)
        {
            await using var sender = new SmtpSender(new SmtpOptions { Host = "127.0.0.1", Port = door.Port, Tls = SmtpTls.None }, TimeProvider.System);
            return await sender.SendAsync(message, TestContext.Current.CancellationToken);
        }

        minato.Mail.Answer = m => DeliverAsync(yamas, m);
        yama.Mail.Answer = m => DeliverAsync(minatos, m);

        // Somebody writes to each under the other's registration address, and under a mailbox that forwards to it.
        await using (var peer = await SmtpListenerHost.Peer.ConnectAsync(minatos.Port))
        {
            await peer.HearAsync();
            await peer.SayAsync("EHLO c");
            Assert.StartsWith("250", await SendAsync(peer, "toroku@yama.test", ""), StringComparison.Ordinal);
        }

        await using (var peer = await SmtpListenerHost.Peer.ConnectAsync(yamas.Port))
        {
            await peer.HearAsync();
            await peer.SayAsync("EHLO c");
            Assert.StartsWith("250", await SendAsync(peer, Toroku, "", "toroku@yama.test"), StringComparison.Ordinal);
        }

        for (var turn = 0; turn < 6; turn++)
        {
            await minato.RunJobsAsync();
            await yama.RunJobsAsync();
            minato.Clock.Advance(TimeSpan.FromHours(1));
            yama.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal((1, 1), (minato.Mail.All.Count, yama.Mail.All.Count));
        Assert.Equal((1, 1), (minato.Mail.Tries, yama.Mail.Tries));
    }

    [Theory, OnEveryDatabase]
    public async Task M6_M7_Smuggled_oversized_and_endless_mails_leave_no_row_and_the_next_one_comes_in(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await using var door = await MailDoor.OpenAsync(portal.Services, ("LingerTimeout", "00:00:00.2"));
        foreach (var body in new[]
        {
            $"x\n.\nMAIL FROM:<b@example.jp>\nRCPT TO:<{Toroku}>\nDATA\n.\r\n.\r\n",
            $"x\r\n.\nMAIL FROM:<b@example.jp>\r\n.\r\n", "x\n.\r\n.\r\n", "x\r.\r\r\n.\r\n", "x\n\n.\n\r\n.\r\n", "x\r\n.\r.\r\n.\r\n",
        })
        {
            await using var peer = await InDataAsync(door);
            await peer.SendAsync(body);
            Assert.StartsWith("521", await peer.HearAsync(), StringComparison.Ordinal);
            Assert.Equal("", await peer.HearAsync());
        }

        await using (var peer = await InDataAsync(door))
        {
            await peer.SendAsync(string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 1100)) + ".\r\n");
            Assert.StartsWith("552", await peer.HearAsync(), StringComparison.Ordinal);
            await peer.SayAsync("MAIL FROM:<a@example.jp>");
            for (var i = 0; i < 10; i++)
            {
                Assert.StartsWith("250", await peer.SayAsync($"RCPT TO:<{(i == 0 ? Toroku : Toroku.ToUpperInvariant())}>"), StringComparison.Ordinal);
            }
        }

        Assert.Equal(0, await portal.ReadAsync(society, db => db.MailAsks.CountAsync()));
        await using var next = await InDataAsync(door);
        Assert.StartsWith("250", await next.SayAsync("."), StringComparison.Ordinal);
        Assert.Equal(1, await portal.ReadAsync(society, db => db.MailAsks.CountAsync()));
        Assert.Empty(door.Errors);
    }

    [Fact]
    public async Task M7_A_thousand_idle_sockets_hold_five_hundred_places_a_hundred_an_address_until_they_time_out()
    {
        await using var portal = await TestPortal.StartAsync(DatabaseKind.Sqlite);
        await portal.AddSocietyAsync();
        var clock = new FakeClock();
        await using var door = await MailDoor.OpenAsync(portal.Services, clock);
        var sockets = new List<Socket>();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        try
        {
            var greetings = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < 1000; i++)
            {
                // Seven addresses of this machine: the first takes more than its hundred.
                var from = new IPAddress(new byte[] { 127, 0, 1, (byte)(i < 150 ? 1 : 2 + (i % 6)) });
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(IPAddress.Loopback, door.Port, TestContext.Current.CancellationToken);
                var heard = (await HearAsync(socket))[..3];
                greetings[heard] = greetings.GetValueOrDefault(heard) + 1;
                if (i == 149)
                {
                    Assert.Equal((100, 50), (greetings["220"], greetings["421"]));
                }
            }

            Assert.Equal((500, 500), (greetings["220"], greetings["421"]));
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 64L << 20);

            // They are told to go, each of them, and the door is open again.
            var hearing = Task.WhenAll(sockets.Select(HearAsync));
            while (!hearing.IsCompleted)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                clock.Advance(TimeSpan.FromSeconds(61));
                await Task.Yield();
            }

            Assert.Equal(500, (await hearing).Count(last => last.StartsWith("421 4.4.2", StringComparison.Ordinal)));
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }

        await using var peer = await InDataAsync(door);
        Assert.StartsWith("250", await peer.SayAsync("."), StringComparison.Ordinal);
        Assert.Empty(door.Errors);
    }

    [Theory, OnEveryDatabase]
    public async Task M8_No_address_that_comes_by_mail_brings_a_line_end_into_a_header_or_envelope(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        await portal.AddSocietyAsync();
        await using var door = await MailDoor.OpenAsync(portal.Services, ("LingerTimeout", "00:00:00.1"), ("Session:MaxErrors", "100"));
        foreach (var sender in new[]
        {
            "a@example.jp>\rRCPT TO:<x@elsewhere.example", "\"a\\\r\nBcc: x\"@example.jp", "\"a b\"@example.jp", "a@example.jp\0", "a\u0085b@example.jp", "a@example.jp%0d%0aBcc:x",
            "=?utf-8?q?a=0D=0ABcc:x?=@example.jp", "a@exa\u2028mple.jp", "a@example.jp,b@example.jp", "a@[127.0.0.1]", "a..b@example.jp", "abc.@example.jp",
        })
        {
            await using var peer = await SmtpListenerHost.Peer.ConnectAsync(door.Port);
            await peer.HearAsync();
            await peer.SayAsync("EHLO c");
            if ((await peer.SayAsync($"MAIL FROM:<{sender}>")).StartsWith("250", StringComparison.Ordinal)
                && (await peer.SayAsync($"RCPT TO:<{Toroku}>")).StartsWith("250", StringComparison.Ordinal))
            {
                await peer.SayAsync("DATA");
                await peer.SayAsync(".");
            }
        }

        await portal.RunJobsAsync();
        Assert.Contains("a..b@example.jp", portal.Mail.All.Select(m => m.To.Value));
        Assert.Contains("abc.@example.jp", portal.Mail.All.Select(m => m.To.Value));
        foreach (var mail in portal.Mail.All)
        {
            Assert.DoesNotContain(mail.To.SmtpForm, c => char.IsControl(c) || c > '~');
            var lines = Encoding.ASCII.GetString(MimeWriter.Write(mail)).Split("\r\n\r\n")[0].Split("\r\n");
            Assert.Equal(9, lines.Count(l => !l.StartsWith(' ')));
            Assert.DoesNotContain(lines, l => l.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        }

        Assert.Empty(door.Errors);
    }

    private static async Task<string> SendAsync(SmtpListenerHost.Peer peer, string sender, string head, string recipient = Toroku)
    {
        Assert.StartsWith("250", await peer.SayAsync($"MAIL FROM:<{sender}>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await peer.SayAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await peer.SayAsync("DATA"), StringComparison.Ordinal);
        return await peer.SayAsync($"Subject: x\r\n{(head.Length > 0 ? head + "\r\n" : "")}\r\nhello\r\n.");
    }

    private static async Task<SmtpListenerHost.Peer> InDataAsync(MailDoor door)
    {
        var peer = await SmtpListenerHost.Peer.ConnectAsync(door.Port);
        await peer.HearAsync();
        await peer.SayAsync("EHLO c");
        await peer.SayAsync("MAIL FROM:<a@example.jp>");
        await peer.SayAsync($"RCPT TO:<{Toroku}>");
        Assert.StartsWith("354", await peer.SayAsync("DATA"), StringComparison.Ordinal);
        return peer;
    }

    private static async Task<string> HearAsync(Socket socket)
    {
        var bytes = new byte[200];
        try
        {
            return Encoding.ASCII.GetString(bytes.AsSpan(0, await socket.ReceiveAsync(bytes, TestContext.Current.CancellationToken)));
        }
        catch (SocketException)
        {
            return "";
        }
    }
}

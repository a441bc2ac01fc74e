using System.Net;
using KenkoPortal.Smtp;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Smtp;

/// <summary>Over a real socket, through Kestrel.</summary>
public sealed class SmtpListenerTests
{
    [Fact]
    public async Task A_mail_is_acknowledged_only_when_it_is_on_disk()
    {
        await using var host = await SmtpListenerHost.StartAsync();
        var disk = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        host.BeforeCommit = () =>
        {
            asked.TrySetResult();
            return disk.Task;
        };
        await using var peer = await host.ConnectAsync();
        var answer = peer.SendMailAsync();
        await asked.Task;
        Assert.False(answer.IsCompleted);
        disk.SetResult();
        Assert.Equal("250 2.0.0 kept", await answer);
        var received = Assert.Single(host.Envelopes);
        Assert.Equal("taro@example.jp", received.Envelope.MailFrom!.Value);
        Assert.Equal("221 2.0.0 bye", await peer.SayAsync("QUIT"));
        Assert.Equal("", await peer.HearAsync());
    }

    [Fact]
    public async Task Sessions_share_commits()
    {
        await using var host = await SmtpListenerHost.StartAsync();
        var disk = new TaskCompletionSource();
        host.BeforeCommit = () => disk.Task;
        var peers = new List<SmtpListenerHost.Peer>();
        for (var i = 0; i < 20; i++)
        {
            peers.Add(await host.ConnectAsync());
            await peers[i].SayAsync("EHLO c");
            await peers[i].SayAsync("MAIL FROM:<a@example.jp>");
            await peers[i].SayAsync($"RCPT TO:<{Dialogue.Here}>");
            await peers[i].SayAsync("DATA");
        }

        var answers = peers.ConvertAll(p => p.SayAsync("."));
        disk.SetResult();
        Assert.All(await Task.WhenAll(answers), a => Assert.StartsWith("250", a, StringComparison.Ordinal));
        Assert.Equal(20, host.Envelopes.Count);
        foreach (var peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    [Fact]
    public async Task M7_One_connection_too_many_hears_421_and_a_closed_one_makes_room()
    {
        await using var host = await SmtpListenerHost.StartAsync(("MaxConnectionsPerAddress", "3"));
        var first = await host.ConnectAsync();
        await using var second = await host.ConnectAsync();
        await using var third = await host.ConnectAsync();
        await using (var fourth = await SmtpListenerHost.Peer.ConnectAsync(host.Port))
        {
            Assert.StartsWith("421 4.7.0", await fourth.HearAsync(), StringComparison.Ordinal);
            Assert.Equal("", await fourth.HearAsync());
        }

        Assert.StartsWith("221", await first.SayAsync("QUIT"), StringComparison.Ordinal);
        Assert.Equal("", await first.HearAsync());
        await first.DisposeAsync();
        string greeting;
        do
        {
            await using var next = await SmtpListenerHost.Peer.ConnectAsync(host.Port);
            greeting = await next.HearAsync();
        }
        while (!greeting.StartsWith("220", StringComparison.Ordinal));
    }

    [Fact]
    public void M7_Addresses_of_one_ipv6_customer_count_together()
    {
        var gate = new SmtpConnectionGate(10, 2);
        using var one = gate.TryEnter(IPAddress.Parse("2001:db8:1:2::1"));
        var two = gate.TryEnter(IPAddress.Parse("2001:db8:1:2:ffff::9"));
        Assert.NotNull(one);
        Assert.NotNull(two);
        Assert.Null(gate.TryEnter(IPAddress.Parse("2001:db8:1:2::3")));
        using var other = gate.TryEnter(IPAddress.Parse("2001:db8:1:3::3"));
        Assert.NotNull(other);
        two.Dispose();
        two.Dispose();
        Assert.Equal(2, gate.Open);
        using var again = gate.TryEnter(IPAddress.Parse("2001:db8:1:2::3"));
        Assert.NotNull(again);
        using var mapped = gate.TryEnter(IPAddress.Parse("::ffff:192.0.2.1"));
        using var plain = gate.TryEnter(IPAddress.Parse("192.0.2.1"));
        Assert.Null(gate.TryEnter(IPAddress.Parse("::ffff:192.0.2.1")));
    }

    [Theory]
    [InlineData("CommandTimeout")]
    [InlineData("SessionTimeout")]
    public async Task M7_An_idle_client_hears_421(string limit)
    {
        await using var host = await SmtpListenerHost.StartAsync((limit, "00:00:00.1"));
        await using var peer = await host.ConnectAsync();
        Assert.StartsWith("421 4.4.2", await peer.HearAsync(), StringComparison.Ordinal);
        Assert.Equal("", await peer.HearAsync());
    }

    [Fact]
    public async Task M7_A_command_that_trickles_in_hears_421()
    {
        await using var host = await SmtpListenerHost.StartAsync(("CommandTimeout", "00:00:00.2"));
        await using var peer = await host.ConnectAsync();
        Assert.StartsWith("421 4.4.2", await TrickleAsync(peer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DataTimeout", "00:00:00.2")]
    [InlineData("DataGrace", "00:00:00.2")]
    public async Task M7_A_message_that_trickles_in_hears_421(string limit, string value)
    {
        await using var host = await SmtpListenerHost.StartAsync((limit, value), ("MinDataRate", "1000000"));
        await using var peer = await host.ConnectAsync();
        await peer.SayAsync("EHLO c");
        await peer.SayAsync("MAIL FROM:<a@example.jp>");
        await peer.SayAsync($"RCPT TO:<{Dialogue.Here}>");
        await peer.SayAsync("DATA");
        Assert.StartsWith("421 4.4.2", await TrickleAsync(peer), StringComparison.Ordinal);
        Assert.Empty(host.Envelopes);
    }

    [Fact]
    public async Task M7_A_hundred_megabytes_undeclared_are_cut_off_early()
    {
        await using var host = await SmtpListenerHost.StartAsync(("LingerTimeout", "00:00:00.2"));
        await using var peer = await host.ConnectAsync();
        await peer.SayAsync("EHLO c");
        await peer.SayAsync("MAIL FROM:<a@example.jp>");
        await peer.SayAsync($"RCPT TO:<{Dialogue.Here}>");
        await peer.SayAsync("DATA");
        var block = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 100)));
        var sent = 0;
        try
        {
            for (; sent < 1000; sent++)
            {
                await peer.SendAsync(block);
            }
        }
        catch (IOException)
        {
            // Cut off.
        }

        Assert.InRange(sent, 30, 300);
        Assert.Empty(host.Envelopes);
    }

    [Fact]
    public async Task M6_Smuggling_hears_521_and_the_second_mail_does_not_exist()
    {
        await using var host = await SmtpListenerHost.StartAsync();
        await using var peer = await host.ConnectAsync();
        await peer.SayAsync("EHLO c");
        await peer.SayAsync("MAIL FROM:<a@example.jp>");
        await peer.SayAsync($"RCPT TO:<{Dialogue.Here}>");
        await peer.SayAsync("DATA");
        var answer = await peer.SayAsync($"x\n.\nMAIL FROM:<b@example.jp>\nRCPT TO:<{Dialogue.Here}>\nDATA\n.\r\n.\r\n");
        Assert.StartsWith("521", answer, StringComparison.Ordinal);
        Assert.Equal("", await peer.HearAsync());
        Assert.Empty(host.Envelopes);
    }

    [Fact]
    public async Task A_mail_comes_in_over_starttls()
    {
        using var certificate = new TestCertificate();
        await using var host = await SmtpListenerHost.StartAsync(("CertificatePath", certificate.Path));
        await using var peer = await host.ConnectAsync();
        await peer.SayAsync("EHLO c");
        Assert.StartsWith("220", await peer.SayAsync("STARTTLS"), StringComparison.Ordinal);
        await peer.StartTlsAsync(certificate.Certificate);
        Assert.StartsWith("503", await peer.SayAsync("MAIL FROM:<a@example.jp>"), StringComparison.Ordinal);
        Assert.Equal("250 2.0.0 kept", await peer.SendMailAsync());
        Assert.StartsWith("221", await peer.SayAsync("QUIT"), StringComparison.Ordinal);
        Assert.Single(host.Envelopes);
    }

    [Fact]
    public async Task Words_behind_starttls_are_never_heard()
    {
        using var certificate = new TestCertificate();
        await using var host = await SmtpListenerHost.StartAsync(("CertificatePath", certificate.Path));
        await using var peer = await host.ConnectAsync();
        await peer.SayAsync("EHLO c");
        await peer.SendAsync($"STARTTLS\r\nEHLO c\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:<{Dialogue.Here}>\r\nDATA\r\n.\r\n");
        var heard = new List<string>();
        try
        {
            do
            {
                heard.Add(await peer.HearAsync());
            }
            while (heard[^1].Length > 0);
        }
        catch (IOException)
        {
            // A reset is as good as an end.
        }

        Assert.DoesNotContain(heard, h => h.StartsWith("250", StringComparison.Ordinal) || h.StartsWith("354", StringComparison.Ordinal));
        Assert.Empty(host.Envelopes);
    }

    [Fact]
    public async Task A_stop_says_421_to_who_is_connected()
    {
        await using var host = await SmtpListenerHost.StartAsync();
        await using var peer = await host.ConnectAsync();
        await peer.SayAsync("EHLO c");
        var stop = host.StopAsync();
        Assert.StartsWith("421 4.3.2", await peer.HearAsync(), StringComparison.Ordinal);
        await stop;
    }

    [Fact]
    public async Task G1_The_log_holds_no_address()
    {
        await using var host = await SmtpListenerHost.StartAsync(("LingerTimeout", "00:00:00.2"));
        host.BeforeCommit = () => throw new InvalidOperationException("row of taro@example.jp");
        await using (var peer = await host.ConnectAsync())
        {
            Assert.StartsWith("451", await peer.SendMailAsync(), StringComparison.Ordinal);
            await peer.SayAsync("MAIL FROM:<taro@example.jp>");
            await peer.SayAsync("RCPT TO:<taro@example.jp>");
            await peer.SendAsync("taro@example.jp\n");
            Assert.StartsWith("521", await peer.HearAsync(), StringComparison.Ordinal);
        }

        await host.StopAsync();
        Assert.Contains(host.Log, l => l.Contains("1 received envelopes could not be kept (InvalidOperationException)", StringComparison.Ordinal));
        Assert.Contains(host.Log, l => l.Contains("last reply 521", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log, l => l.Contains("example.jp", StringComparison.Ordinal) || l.Contains("kenpo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Swaks_delivers_and_hears_of_an_unknown_recipient()
    {
        Assert.SkipUnless(Tool.Exists("swaks"), "swaks is not installed");
        await using var host = await SmtpListenerHost.StartAsync();
        var known = await SwaksAsync(host, Dialogue.Here);
        Assert.True(known.ExitCode == 0, known.Output);
        var unknown = await SwaksAsync(host, "x@elsewhere.example");
        Assert.Contains("550 5.1.1", unknown.Output, StringComparison.Ordinal);
        Assert.Single(host.Envelopes);
    }

    [Fact]
    public async Task Swaks_delivers_over_tls()
    {
        Assert.SkipUnless(Tool.Exists("swaks"), "swaks is not installed");
        using var certificate = new TestCertificate();
        await using var host = await SmtpListenerHost.StartAsync(("CertificatePath", certificate.Path));
        var result = await SwaksAsync(host, Dialogue.Here, "--tls");
        Assert.SkipWhen(result.Error.Contains("TLS not available", StringComparison.Ordinal), "swaks knows no TLS here (Net::SSLeay)");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Single(host.Envelopes);
    }

    [Fact]
    public async Task Openssl_starts_tls()
    {
        Assert.SkipUnless(Tool.Exists("openssl"), "openssl is not installed");
        using var certificate = new TestCertificate();
        await using var host = await SmtpListenerHost.StartAsync(("CertificatePath", certificate.Path));
        var result = await Task.Run(() => Tool.Run(
            "openssl", "s_client", "-starttls", "smtp", "-connect", $"127.0.0.1:{host.Port}", "-CAfile", certificate.Path, "-verify_hostname", "localhost",
            "-verify_return_error", "-no_ign_eof"));
        Assert.True(result.Output.Contains("Verify return code: 0 (ok)", StringComparison.Ordinal), result.Output + result.Error);
    }

    [Fact]
    public async Task Five_hundred_mails_of_twenty_sessions_are_five_hundred_envelopes()
    {
        Assert.SkipUnless(Tool.Exists("smtp-source"), "smtp-source (postfix) is not installed");
        await using var host = await SmtpListenerHost.StartAsync();
        var result = await Task.Run(() => Tool.Run(
            "smtp-source", "-s", "20", "-m", "500", "-f", "taro@example.jp", "-t", Dialogue.Here, $"inet:127.0.0.1:{host.Port}"));
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(500, host.Envelopes.Count);
        Assert.Equal(500, host.Envelopes.Select(e => e.Id).Distinct().Count());
    }

    private static Task<ToolResult> SwaksAsync(SmtpListenerHost host, string recipient, params string[] args) => Task.Run(() => Tool.Run(
        "swaks", ["--server", $"127.0.0.1:{host.Port}", "--from", "taro@example.jp", "--to", recipient, "--helo", "c", "--timeout", "20", .. args]));

    private static async Task<string> TrickleAsync(SmtpListenerHost.Peer peer)
    {
        var heard = peer.HearAsync();
        while (!heard.IsCompleted)
        {
            try
            {
                await peer.SendAsync("x");
            }
            catch (IOException)
            {
                break;
            }

            await Task.WhenAny(heard, Task.Delay(TimeSpan.FromMilliseconds(10)));
        }

        return await heard;
    }
}

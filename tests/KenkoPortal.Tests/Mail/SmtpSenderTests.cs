using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Mail;

public sealed class SmtpSenderTests
{
    private static readonly MailMessage Message = new(
        EmailAddress.Parse("b+1@bounce.kenpo.example"), EmailAddress.Parse("portal@kenpo.example"), "健保", EmailAddress.Parse("a..b@docomo.ne.jp"),
        "件名", "本文\n.\n", "1@kenpo.example", new DateTimeOffset(2026, 4, 1, 9, 0, 0, TimeSpan.FromHours(9)));

    [Fact]
    public async Task The_envelope_has_its_own_sender_and_quotes_the_old_carrier_address()
    {
        await using var relay = new ScriptedRelay(ScriptedRelay.Agreeable);
        await using var sender = new SmtpSender(relay.Options(), TimeProvider.System);
        Assert.IsType<DeliveryResult.Sent>(await SendAsync(sender, Message));
        Assert.IsType<DeliveryResult.Sent>(await SendAsync(sender, Message with { ReturnPath = null }));
        string[] expected =
            [
                "EHLO portal.kenpo.example", "MAIL FROM:<b+1@bounce.kenpo.example>", "RCPT TO:<\"a..b\"@docomo.ne.jp>", "DATA",
                "MAIL FROM:<>", "RCPT TO:<\"a..b\"@docomo.ne.jp>", "DATA",
            ];
        Assert.Equal(expected, relay.Commands.ToArray());
        Assert.All(relay.Messages, m => Assert.Equal(Encoding.ASCII.GetString(MimeWriter.Write(Message)), m + "\r\n"));
        Assert.Equal(1, relay.Connections);
    }

    [Theory]
    [InlineData("MAIL", "550 5.7.1 <secret@example.jp> refused", DeliveryStep.Sender, 550, "5.7.1", false)]
    [InlineData("MAIL", "451 4.3.0 later", DeliveryStep.Sender, 451, "4.3.0", false)]
    [InlineData("RCPT", "550 5.1.1 <secret@example.jp> unknown", DeliveryStep.Recipient, 550, "5.1.1", true)]
    [InlineData("RCPT", "450-4.2.1 busy\r\n450 4.2.1 still", DeliveryStep.Recipient, 450, "4.2.1", false)]
    [InlineData("RCPT", "530 5.7.0 log in first", DeliveryStep.Recipient, 530, "5.7.0", false)]
    [InlineData("DATA", "554 no", DeliveryStep.Data, 554, null, true)]
    [InlineData(ScriptedRelay.EndOfData, "552 5.3.4 large", DeliveryStep.Data, 552, "5.3.4", true)]
    [InlineData(ScriptedRelay.EndOfData, "452 4.3.1 full", DeliveryStep.Data, 452, "4.3.1", false)]
    public async Task A_refusal_is_told_by_step_and_code_and_the_next_message_goes_over_the_same_connection(
        string command, string reply, DeliveryStep step, int code, string? status, bool isFinal)
    {
        var refuses = true;
        await using var relay = new ScriptedRelay(c => refuses && c.StartsWith(command, StringComparison.Ordinal) ? reply : ScriptedRelay.Agreeable(c));
        await using var sender = new SmtpSender(relay.Options(), TimeProvider.System);
        var result = await SendAsync(sender, Message);
        Assert.Equal(isFinal ? new DeliveryResult.Rejected(step, code, status) : new DeliveryResult.Deferred(step, code, status), result);
        Assert.DoesNotContain("secret", result.ToString(), StringComparison.Ordinal);
        Assert.Equal("RSET", relay.Commands.Last());
        refuses = false;
        Assert.IsType<DeliveryResult.Sent>(await SendAsync(sender, Message));
        Assert.Equal(1, relay.Connections);
    }

    [Theory]
    [InlineData(550, "5.1.1", true)]
    [InlineData(550, "5.2.1", true)]
    [InlineData(550, null, false)]
    [InlineData(550, "5.7.1", false)]
    [InlineData(552, "5.1.1", false)]
    [InlineData(550, "5.1.10", true)]
    [InlineData(552, "5.2.2", false)]
    [InlineData(554, null, false)]
    public void Only_a_refusal_of_the_mailbox_makes_an_address_dead(int code, string? status, bool isDead)
    {
        Assert.Equal(isDead, new DeliveryResult.Rejected(DeliveryStep.Recipient, code, status).IsAddressDead);
        Assert.False(new DeliveryResult.Rejected(DeliveryStep.Data, code, status).IsAddressDead);
    }

    [Theory]
    [InlineData(ScriptedRelay.Opening, "554 go away", DeliveryStep.Greeting, 554)]
    [InlineData(ScriptedRelay.Opening, "HTTP/1.1 400 Bad Request", DeliveryStep.Greeting, 0)]
    [InlineData("EHLO", "502 no", DeliveryStep.Greeting, 502)]
    [InlineData("MAIL", null, DeliveryStep.Sender, 0)]
    [InlineData("RCPT", null, DeliveryStep.Recipient, 0)]
    [InlineData(ScriptedRelay.EndOfData, null, DeliveryStep.Data, 0)]
    [InlineData(ScriptedRelay.EndOfData, "", DeliveryStep.Data, 0)]
    [InlineData("RCPT", "", DeliveryStep.Recipient, 0)]
    [InlineData("RCPT", "421 4.3.2 stopping", DeliveryStep.Recipient, 421)]
    public async Task A_relay_that_fails_hangs_or_talks_nonsense_defers(string command, string? reply, DeliveryStep step, int code)
    {
        await using var relay = new ScriptedRelay(c => c.StartsWith(command, StringComparison.Ordinal) ? reply : ScriptedRelay.Agreeable(c));
        await using var sender = new SmtpSender(
            relay.Options(o => o.CommandTimeout = o.DataTimeout = TimeSpan.FromMilliseconds(300)), TimeProvider.System);
        var result = Assert.IsType<DeliveryResult.Deferred>(await SendAsync(sender, Message));
        Assert.Equal((step, code), (result.Step, result.Code));
        Assert.Equal(1, relay.Connections);
    }

    [Theory]
    [InlineData(1, 100_000)]
    [InlineData(200, 10)]
    public async Task A_reply_without_end_is_cut_off(int lines, int length)
    {
        var reply = string.Join("\r\n", Enumerable.Repeat("250-" + new string('x', length), lines));
        await using var relay = new ScriptedRelay(c => c.StartsWith("EHLO", StringComparison.Ordinal) ? reply : ScriptedRelay.Agreeable(c));
        await using var sender = new SmtpSender(relay.Options(), TimeProvider.System);
        Assert.Equal(new DeliveryResult.Deferred(DeliveryStep.Greeting, 0, null), await SendAsync(sender, Message));
    }

    [Fact]
    public async Task No_relay_defers()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        await using var sender = new SmtpSender(new SmtpOptions { Host = "127.0.0.1", Port = port, Tls = SmtpTls.None }, TimeProvider.System);
        Assert.Equal(new DeliveryResult.Deferred(DeliveryStep.Connect, 0, null), await SendAsync(sender, Message));
    }

    [Fact]
    public async Task A_connection_that_went_stale_costs_no_message_its_try()
    {
        var mails = 0;
        await using var relay = new ScriptedRelay(c => c.StartsWith("MAIL", StringComparison.Ordinal) && ++mails == 2 ? null : ScriptedRelay.Agreeable(c));
        await using var sender = new SmtpSender(relay.Options(), TimeProvider.System);
        Assert.IsType<DeliveryResult.Sent>(await SendAsync(sender, Message));
        Assert.IsType<DeliveryResult.Sent>(await SendAsync(sender, Message));
        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task A_connection_is_renewed_after_its_share_of_messages()
    {
        await using var relay = new ScriptedRelay(ScriptedRelay.Agreeable);
        await using var sender = new SmtpSender(relay.Options(o => o.MaxMessagesPerConnection = 2), TimeProvider.System);
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<DeliveryResult.Sent>(await SendAsync(sender, Message));
        }

        Assert.Equal(3, relay.Connections);
    }

    [Theory]
    [InlineData(SmtpTls.StartTls)]
    [InlineData(SmtpTls.Implicit)]
    public async Task A_password_goes_over_tls_to_a_relay_with_a_good_certificate_only(SmtpTls tls)
    {
        using var certificate = new TestCertificate();
        await using var relay = new ScriptedRelay(
            c => c.StartsWith("EHLO", StringComparison.Ordinal) ? "250-relay\r\n250-STARTTLS\r\n250 AUTH LOGIN PLAIN" : ScriptedRelay.Agreeable(c),
            certificate.Certificate,
            isImplicit: tls is SmtpTls.Implicit);
        void Login(SmtpOptions o) => (o.Tls, o.User, o.Password, o.CaPath) = (tls, "u", "pässword", certificate.Path);
        await using var sender = new SmtpSender(relay.Options(Login), TimeProvider.System);
        Assert.IsType<DeliveryResult.Sent>(await SendAsync(sender, Message));
        var login = "AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes("\0u\0pässword"));
        Assert.Contains(relay.Commands, c => c == login);

        relay.Commands.Clear();
        SmtpOptions[] wrong =
        [
            relay.Options(o => (o.Tls, o.User, o.Password) = (tls, "u", "p")),
            relay.Options(o => (o.Tls, o.User, o.Password, o.CaPath, o.Host) = (tls, "u", "p", certificate.Path, "127.0.0.1")),
        ];
        foreach (var options in wrong)
        {
            await using var careful = new SmtpSender(options, TimeProvider.System);
            Assert.Equal(new DeliveryResult.Deferred(DeliveryStep.Tls, 0, null), await SendAsync(careful, Message));
        }

        Assert.DoesNotContain(relay.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Login_is_used_where_plain_is_not_offered_and_a_wrong_password_defers()
    {
        var taken = "334 ";
        await using var relay = new ScriptedRelay(c => c switch
        {
            "EHLO portal.kenpo.example" => "250 AUTH LOGIN",
            "AUTH LOGIN" => "334 VXNlcm5hbWU6",
            "dQ==" => taken,
            "cA==" => "235 ok",
            _ => ScriptedRelay.Agreeable(c),
        });
        // The first line of EHLO is the relay's name, whatever it looks like.
        await using var deaf = new SmtpSender(relay.Options(o => (o.User, o.Password) = ("u", "p")), TimeProvider.System);
        Assert.IsType<DeliveryResult.Deferred>(await SendAsync(deaf, Message));

        await using var second = new ScriptedRelay(c => c switch
        {
            "EHLO portal.kenpo.example" => "250-relay\r\n250 AUTH LOGIN CRAM-MD5",
            "AUTH LOGIN" => "334 VXNlcm5hbWU6",
            "dQ==" => taken,
            "cA==" => "235 ok",
            _ => ScriptedRelay.Agreeable(c),
        });
        await using var sender = new SmtpSender(second.Options(o => (o.User, o.Password) = ("u", "p")), TimeProvider.System);
        Assert.IsType<DeliveryResult.Sent>(await SendAsync(sender, Message));
        taken = "535 5.7.8 wrong";
        await using var again = new SmtpSender(second.Options(o => (o.User, o.Password) = ("u", "p")), TimeProvider.System);
        Assert.Equal(new DeliveryResult.Deferred(DeliveryStep.Login, 535, "5.7.8"), await SendAsync(again, Message));
    }

    [Theory]
    [InlineData("250 relay", "220 go")]
    [InlineData("250-relay\r\n250 STARTTLS", "454 4.7.0 no")]
    [InlineData("250-relay\r\n250 STARTTLS", "220 go\r\n250 injected")]
    public async Task Nothing_goes_in_the_clear_where_starttls_is_asked_for(string hello, string answer)
    {
        using var certificate = new TestCertificate();
        await using var relay = new ScriptedRelay(
            c => c.StartsWith("EHLO", StringComparison.Ordinal) ? hello : c == "STARTTLS" ? answer : ScriptedRelay.Agreeable(c), certificate.Certificate);
        await using var sender = new SmtpSender(relay.Options(o => (o.Tls, o.CaPath) = (SmtpTls.StartTls, certificate.Path)), TimeProvider.System);
        var result = Assert.IsType<DeliveryResult.Deferred>(await SendAsync(sender, Message));
        Assert.Equal(DeliveryStep.Tls, result.Step);
        Assert.DoesNotContain(relay.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("relay.example", SmtpTls.None, "u", "p", false)]
    [InlineData("localhost", SmtpTls.None, "u", "p", true)]
    [InlineData("relay.example", SmtpTls.StartTls, "u", "p", true)]
    [InlineData("relay.example", SmtpTls.StartTls, "u", null, false)]
    [InlineData("relay.example", SmtpTls.None, null, null, true)]
    [InlineData("relay example", SmtpTls.None, null, null, false)]
    public void Options_that_would_show_a_password_stop_the_start(string host, SmtpTls tls, string? user, string? password, bool isGood)
    {
        var options = new SmtpOptions { Host = host, Tls = tls, User = user, Password = password };
        Assert.Equal(isGood, !options.Validate(new(options)).Any());
    }

    [Fact]
    public async Task M9_Postfix_takes_what_we_send_and_python_reads_it()
    {
        Assert.SkipUnless(Tool.Exists("smtp-sink"), "smtp-sink (postfix) is not installed");
        Assert.SkipUnless(Tool.Exists("python3"), "python3 is not installed");
        var folder = Directory.CreateTempSubdirectory("kenko-sink-");
        var port = Ports.Free();
        // As root it insists on another user, who must be able to write.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_111_111);
        }

        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        using var sink = Tool.Start(
            "smtp-sink", [.. user, "-d", Path.Combine(folder.FullName, "%M."), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "10"]);
        try
        {
            await using var sender = new SmtpSender(
                new SmtpOptions { Host = "127.0.0.1", Port = port, Tls = SmtpTls.None }, TimeProvider.System);
            DeliveryResult first;
            do
            {
                first = await SendAsync(sender, Message);
            }
            while (first is DeliveryResult.Deferred { Step: DeliveryStep.Connect } && !sink.HasExited);

            Assert.IsType<DeliveryResult.Sent>(first);
            for (var i = 1; i < 20; i++)
            {
                Assert.IsType<DeliveryResult.Sent>(await SendAsync(sender, Message with { MessageId = $"{i}@kenpo.example" }));
            }

            var files = Directory.GetFiles(folder.FullName);
            Assert.Equal(20, files.Length);
            var result = Tool.Run(
                "python3",
                [
                    "-c",
                    "import sys,email,email.policy\n"
                    + "for p in sys.argv[1:]:\n"
                    + "    m = email.message_from_bytes(open(p,'rb').read(), policy=email.policy.default)\n"
                    + "    print(m['Subject'], m['From'].addresses[0].display_name, m['To'].addresses[0].username, m['X-Mail-Args'], m.get_content().strip().splitlines())\n",
                    .. files,
                ]);
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.All(
                result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                l => Assert.Equal("件名 健保 a..b <b+1@bounce.kenpo.example> ['本文', '.']", l));
        }
        finally
        {
            sink.Kill();
            await sink.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    private static Task<DeliveryResult> SendAsync(SmtpSender sender, MailMessage message) =>
        sender.SendAsync(message, TestContext.Current.CancellationToken);
}

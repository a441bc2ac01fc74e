using KenkoPortal.Core.Common;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Smtp;

namespace KenkoPortal.Tests.Smtp;

public sealed class SmtpSessionTests
{
    [Fact]
    public void An_empty_mail_leaves_its_envelope_and_nothing_else()
    {
        var dialogue = new Dialogue();
        var replies = dialogue.Say(
            $"EHLO phone.example\r\nMAIL FROM:<taro@example.jp> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<{Dialogue.Here}>\r\nDATA\r\n"
            + "Subject: secret\r\n\r\nsecret\r\n.\r\nQUIT\r\n");
        Assert.Equal("250 250 250 354 250 221", Dialogue.Codes(replies));
        Assert.Equal(SmtpNext.Close, dialogue.Next);
        var envelope = Assert.Single(dialogue.Envelopes);
        Assert.Equal(EmailAddress.Parse("taro@example.jp"), envelope.MailFrom);
        Assert.Equal([EmailAddress.Parse(Dialogue.Here)], envelope.Recipients);
        Assert.Equal(AutomaticMailSigns.None, envelope.Signs);
        Assert.Null(envelope.Report);
    }

    [Fact]
    public void Ehlo_names_what_is_offered_and_nothing_more()
    {
        Assert.Equal(
            "250-mx.kenpo.example\r\n250-PIPELINING\r\n250-SIZE 1048576\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n",
            new Dialogue().Say("EHLO c\r\n"));
        Assert.Contains("250-STARTTLS\r\n", new Dialogue(offersTls: true).Say("EHLO c\r\n"), StringComparison.Ordinal);
        Assert.Equal("250 mx.kenpo.example\r\n", new Dialogue().Say("HELO c\r\n"));
    }

    [Theory]
    [InlineData("EHLO\r\n", "501")]
    [InlineData("MAIL FROM:<a@example.jp>\r\n", "503")]
    [InlineData("EHLO c\r\nRCPT TO:<touroku@kenpo.example>\r\n", "250 503")]
    [InlineData("EHLO c\r\nDATA\r\n", "250 503")]
    [InlineData("EHLO c\r\nMAIL FROM:<a@example.jp>\r\nDATA\r\n", "250 250 503")]
    [InlineData("EHLO c\r\nMAIL FROM:<a@example.jp>\r\nMAIL FROM:<a@example.jp>\r\n", "250 250 503")]
    [InlineData("EHLO c\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:<touroku@kenpo.example>\r\nRSET\r\nDATA\r\n", "250 250 250 250 503")]
    [InlineData("EHLO c\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:<touroku@kenpo.example>\r\nEHLO c\r\nDATA\r\n", "250 250 250 250 503")]
    [InlineData("VRFY taro\r\nEXPN all\r\nHELP\r\nAUTH PLAIN AAAA\r\nNOOP x\r\nXYZZY\r\n\r\n", "252 502 502 502 250 500 500")]
    [InlineData("ehlo c\r\nmail from: <a@example.jp> body=7bit\r\nrcpt to:<Touroku@KENPO.example>\r\ndata\r\n", "250 250 250 354")]
    public void Commands_are_answered_by_the_table(string said, string codes) => Assert.Equal(codes, Dialogue.Codes(new Dialogue().Say(said)));

    [Theory]
    [InlineData("FROM:<>", "250")]
    [InlineData("FROM:<\"a..b\"@docomo.ne.jp>", "250")]
    [InlineData("FROM:<a..b@docomo.ne.jp>", "250")]
    [InlineData("FROM:<abc.@ezweb.ne.jp>", "250")]
    [InlineData("FROM:a@example.jp", "501")]
    [InlineData("FROM:<a@example.jp", "501")]
    [InlineData("FROM:", "501")]
    [InlineData("FROM:<a@example.jp>SIZE=1", "501")]
    [InlineData("TO:<a@example.jp>", "501")]
    [InlineData("FROM:<a b@example.jp>", "553")]
    [InlineData("FROM:<a@localhost>", "553")]
    [InlineData("FROM:<@relay.example:a@example.jp>", "553")]
    [InlineData("FROM:<a@[192.0.2.1]>", "553")]
    [InlineData("FROM:<a@example.jp> SIZE=2000000", "552")]
    [InlineData("FROM:<a@example.jp> SIZE=x", "555")]
    [InlineData("FROM:<a@example.jp> SMTPUTF8", "555")]
    [InlineData("FROM:<a@example.jp> RET=HDRS", "555")]
    [InlineData("FROM:<\u00E9@example.jp>", "500")]
    [InlineData("FROM:<a\0@example.jp>", "500")]
    [InlineData("FROM:<a\t@example.jp>", "500")]
    public void A_sender_is_one_address_that_can_be_answered_or_null(string argument, string code) =>
        Assert.Equal($"250 {code}", Dialogue.Codes(new Dialogue().Say($"EHLO c\r\nMAIL {argument}\r\n")));

    [Theory]
    [InlineData("<nobody@elsewhere.example>", "550")]
    [InlineData("<a%elsewhere.example@kenpo.example>", "550")]
    [InlineData("<@kenpo.example:a@elsewhere.example>", "550")]
    [InlineData("<\"a@elsewhere.example\"@kenpo.example>", "550")]
    [InlineData("<>", "550")]
    [InlineData("<busy@kenpo.example>", "451")]
    [InlineData("<touroku@kenpo.example> NOTIFY=NEVER", "555")]
    [InlineData("touroku@kenpo.example", "501")]
    public void M5_Nothing_is_relayed(string path, string code)
    {
        var dialogue = new Dialogue();
        Assert.Equal($"250 250 {code} 503", Dialogue.Codes(dialogue.Say($"EHLO c\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:{path}\r\nDATA\r\n")));
    }

    [Fact]
    public void A_refused_recipient_takes_nothing_from_the_others()
    {
        var dialogue = new Dialogue(o => o.MaxRecipients = 2);
        var replies = dialogue.Say(
            "EHLO c\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:<x@elsewhere.example>\r\nRCPT TO:<a@kenpo.example>\r\nRCPT TO:<A@kenpo.example>\r\n"
            + "RCPT TO:<b@kenpo.example>\r\nRCPT TO:<c@kenpo.example>\r\nDATA\r\n.\r\n");
        Assert.Equal("250 250 550 250 250 250 452 354 250", Dialogue.Codes(replies));
        Assert.Equal("a@kenpo.example b@kenpo.example", string.Join(' ', dialogue.Envelopes[0].Recipients.Select(r => r.Value)));
    }

    [Theory]
    [InlineData("EHLO c\n")]
    [InlineData("EHLO c\rMAIL")]
    [InlineData("EHLO c\r\r\n")]
    [InlineData("\n")]
    public void M6_A_bare_line_end_among_commands_closes(string said)
    {
        var dialogue = new Dialogue();
        Assert.Equal("521", Dialogue.Codes(dialogue.Say(said + "NOOP\r\n")));
        Assert.Equal(SmtpNext.Close, dialogue.Next);
    }

    [Theory]
    [InlineData("text\n.\r\n")]
    [InlineData("text\r\n.\nMAIL FROM:<b@example.jp>\r\n")]
    [InlineData("text\n.\nMAIL FROM:<b@example.jp>\r\n")]
    [InlineData("text\r\n.\rMAIL FROM:<b@example.jp>\r\n")]
    [InlineData("text\r.\r\n")]
    [InlineData("text\r\n\r.\r\n")]
    [InlineData("\n")]
    [InlineData(".\n")]
    public void M6_A_bare_line_end_in_a_message_closes_and_nothing_is_kept(string text)
    {
        var dialogue = Dialogue.InData();
        Assert.Equal("521", Dialogue.Codes(dialogue.Say(text)));
        Assert.Equal(SmtpNext.Close, dialogue.Next);
        Assert.Empty(dialogue.Envelopes);
    }

    [Theory]
    [InlineData("..\r\n.\r\n")]
    [InlineData(".x\r\n.\r\n")]
    [InlineData("x.\r\n.\r\n")]
    [InlineData(".\r\n")]
    [InlineData("\r\n.\r\n")]
    public void M6_Only_a_dot_alone_ends_a_message(string text)
    {
        var dialogue = Dialogue.InData();
        Assert.Equal("250", Dialogue.Codes(dialogue.Say(text)));
        Assert.Equal(SmtpState.Ready, dialogue.Session.State);
        Assert.Single(dialogue.Envelopes);
    }

    [Fact]
    public void M7_A_message_too_large_is_refused_while_it_comes()
    {
        var dialogue = Dialogue.InData(configure: o => o.MaxMessageBytes = 10_000);
        var line = new string('x', 98) + "\r\n";
        Assert.Equal("", dialogue.Say(string.Concat(Enumerable.Repeat(line, 150))));
        Assert.Equal("552", Dialogue.Codes(dialogue.Say(".\r\n")));
        Assert.Equal(SmtpNext.Read, dialogue.Next);

        Assert.Equal("250 250 354", Dialogue.Codes(dialogue.Say($"MAIL FROM:<>\r\nRCPT TO:<{Dialogue.Here}>\r\nDATA\r\n")));
        Assert.Equal("552", Dialogue.Codes(dialogue.Say(string.Concat(Enumerable.Repeat(line, 401)))));
        Assert.Equal(SmtpNext.Close, dialogue.Next);
        Assert.Empty(dialogue.Envelopes);
    }

    [Fact]
    public void M7_A_line_longer_than_the_limit_or_a_nul_spoils_a_message_and_not_the_session()
    {
        var dialogue = Dialogue.InData(configure: o => o.MaxLineBytes = 2000);
        Assert.Equal("554", Dialogue.Codes(dialogue.Say(new string('x', 2001) + "\r\n.\r\n")));
        dialogue.Say($"MAIL FROM:<>\r\nRCPT TO:<{Dialogue.Here}>\r\nDATA\r\n");
        Assert.Equal("554", Dialogue.Codes(dialogue.Say("a\0b\r\n.\r\n")));
        dialogue.Say($"MAIL FROM:<>\r\nRCPT TO:<{Dialogue.Here}>\r\nDATA\r\n");
        Assert.Equal("250", Dialogue.Codes(dialogue.Say(new string('x', 2000) + "\r\n.\r\n")));
        Assert.Single(dialogue.Envelopes);
    }

    [Fact]
    public void A_command_too_long_closes()
    {
        var dialogue = new Dialogue(o => o.MaxCommandBytes = 600);
        Assert.Equal("250", Dialogue.Codes(dialogue.Say("NOOP " + new string('x', 595) + "\r\n")));
        Assert.Equal("500", Dialogue.Codes(dialogue.Say("NOOP " + new string('x', 596) + "\r\n")));
        Assert.Equal(SmtpNext.Close, dialogue.Next);
    }

    [Fact]
    public void Too_many_errors_close()
    {
        var dialogue = new Dialogue(o => o.MaxErrors = 3);
        Assert.Equal("500 500 500 421", Dialogue.Codes(dialogue.Say("A\r\nB\r\nC\r\nD\r\n")));
        Assert.Equal(SmtpNext.Close, dialogue.Next);
    }

    [Fact]
    public void Too_many_commands_without_a_message_close_and_messages_begin_the_count_anew()
    {
        var dialogue = new Dialogue(o => o.MaxCommandsWithoutMessage = 10);
        dialogue.Say("EHLO c\r\n");
        for (var i = 0; i < 20; i++)
        {
            dialogue.Say($"MAIL FROM:<a@example.jp>\r\nRCPT TO:<{Dialogue.Here}>\r\nDATA\r\n.\r\n");
        }

        Assert.Equal(20, dialogue.Envelopes.Count);
        var replies = dialogue.Say(string.Concat(Enumerable.Repeat("NOOP\r\n", 11)));
        Assert.EndsWith("250 421", Dialogue.Codes(replies), StringComparison.Ordinal);
        Assert.Equal(SmtpNext.Close, dialogue.Next);
    }

    [Fact]
    public void What_is_not_kept_is_not_acknowledged()
    {
        var dialogue = new Dialogue(keeps: false);
        var replies = dialogue.Say($"EHLO c\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:<{Dialogue.Here}>\r\nDATA\r\n.\r\nNOOP\r\n");
        Assert.Equal("250 250 250 354 451 250", Dialogue.Codes(replies));
    }

    [Fact]
    public async Task A_database_that_fails_or_hangs_is_a_451()
    {
        RecipientJudge[] judges =
        [
            (_, _) => throw new InvalidOperationException("down"),
            async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return RecipientVerdict.Accept;
            },
        ];
        foreach (var judge in judges)
        {
            var options = new SmtpSessionOptions { RecipientTimeout = TimeSpan.FromMilliseconds(20) };
            var session = new SmtpSession(options, false, new InboundMailHost(judge, (_, _) => throw new InvalidOperationException("down")), TimeProvider.System);
            var replies = new System.Buffers.ArrayBufferWriter<byte>();
            await session.ReceiveAsync(
                "EHLO c\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:<touroku@kenpo.example>\r\n"u8.ToArray(), replies, TestContext.Current.CancellationToken);
            Assert.Equal("250 250 451", Dialogue.Codes(System.Text.Encoding.ASCII.GetString(replies.WrittenSpan)));
        }
    }

    [Fact]
    public void Tls_is_started_once_and_forgets_what_was_said_in_the_clear()
    {
        var dialogue = new Dialogue(offersTls: true);
        Assert.Equal("250 220", Dialogue.Codes(dialogue.Say("EHLO c\r\nSTARTTLS\r\nMAIL FROM:<evil@example.jp>\r\n")));
        Assert.Equal(SmtpNext.StartTls, dialogue.Next);
        dialogue.Session.TlsStarted();
        Assert.Equal("503", Dialogue.Codes(dialogue.Say("MAIL FROM:<a@example.jp>\r\n")));
        var hello = dialogue.Say("EHLO c\r\n");
        Assert.DoesNotContain("STARTTLS", hello, StringComparison.Ordinal);
        Assert.Equal("502", Dialogue.Codes(dialogue.Say("STARTTLS\r\n")));
        Assert.Equal("250 503", Dialogue.Codes(dialogue.Say("MAIL FROM:<a@example.jp>\r\nSTARTTLS\r\n")));
        Assert.Equal("250 502", Dialogue.Codes(new Dialogue().Say("EHLO c\r\nSTARTTLS\r\n")));
    }

    [Fact]
    public void No_reply_repeats_what_was_said()
    {
        var dialogue = new Dialogue();
        dialogue.Say("EHLO marker\r\nmarker\r\nMAIL FROM:<marker@example.jp>\r\nRCPT TO:<marker@elsewhere.example>\r\nRCPT TO:<marker@kenpo.example>\r\n");
        dialogue.Say("DATA\r\nmarker\r\n.\r\nVRFY marker\r\n");
        Assert.DoesNotContain("marker", dialogue.Replies, StringComparison.Ordinal);
    }
}

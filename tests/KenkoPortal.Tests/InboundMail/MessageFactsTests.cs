using KenkoPortal.Core.Common;
using KenkoPortal.Core.InboundMail;
using Xunit;

namespace KenkoPortal.Tests.InboundMail;

public sealed class MessageFactsTests
{
    private static readonly HashSet<string> OwnDomains = ["kenpo.example", "bounce.kenpo.example"];

    [Theory]
    [InlineData("Subject: x", AnswerVerdict.Permitted)]
    [InlineData("Auto-Submitted: no", AnswerVerdict.Permitted)]
    [InlineData("AUTO-SUBMITTED:  (why) No (indeed)", AnswerVerdict.Permitted)]
    [InlineData("Auto-Submitted: auto-replied", AnswerVerdict.AutoSubmitted)]
    [InlineData("auto-submitted : auto-generated; type=x", AnswerVerdict.AutoSubmitted)]
    [InlineData("Auto-Submitted:\r\n auto-notified", AnswerVerdict.AutoSubmitted)]
    [InlineData("Auto-Submitted:", AnswerVerdict.AutoSubmitted)]
    [InlineData("Auto-Submitted: no\r\nAuto-Submitted: auto-replied", AnswerVerdict.AutoSubmitted)]
    [InlineData("List-Id: <x.example>", AnswerVerdict.MailingList)]
    [InlineData("list-unsubscribe: <mailto:x@example.jp>", AnswerVerdict.MailingList)]
    [InlineData("Precedence: bulk", AnswerVerdict.BulkPrecedence)]
    [InlineData("Precedence: LIST", AnswerVerdict.BulkPrecedence)]
    [InlineData("precedence: junk", AnswerVerdict.BulkPrecedence)]
    [InlineData("Precedence: first-class", AnswerVerdict.Permitted)]
    [InlineData("X-Auto-Response-Suppress: All", AnswerVerdict.AnswersUnwanted)]
    [InlineData("x-auto-response-suppress: DR, RN, NRN, OOF, AutoReply", AnswerVerdict.AnswersUnwanted)]
    [InlineData("X-Auto-Response-Suppress: DR,\r\n autoreply", AnswerVerdict.AnswersUnwanted)]
    [InlineData("X-Auto-Response-Suppress: oof;", AnswerVerdict.AnswersUnwanted)]
    [InlineData("X-Auto-Response-Suppress: DR, RN", AnswerVerdict.Permitted)]
    [InlineData("X-Auto-Response-Suppress: None", AnswerVerdict.Permitted)]
    [InlineData("From: Mail Delivery <MAILER-DAEMON@example.jp>", AnswerVerdict.DaemonSender)]
    [InlineData("From: \"x\"\r\n\t<no-reply@example.jp>", AnswerVerdict.DaemonSender)]
    [InlineData("From: =?UTF-8?B?5aSq6YOO?= <taro@example.jp>", AnswerVerdict.Permitted)]
    [InlineData("Subject: x\r\n\r\nAuto-Submitted: auto-replied", AnswerVerdict.Permitted)]
    [InlineData("X-List-Id: x\r\nno header at all", AnswerVerdict.Permitted)]
    public void M1_Signs_of_automatic_mail_are_read_from_the_headers_only(string headers, AnswerVerdict expected)
    {
        var dialogue = Dialogue.InData();
        dialogue.Say($"{headers}\r\n\r\nbody\r\n.\r\n");
        Assert.Equal(expected, dialogue.Envelopes[0].JudgeAnswer(OwnDomains));
    }

    [Theory]
    [InlineData("", AnswerVerdict.NullSender)]
    [InlineData("MAILER-DAEMON@example.jp", AnswerVerdict.DaemonSender)]
    [InlineData("postmaster@example.jp", AnswerVerdict.DaemonSender)]
    [InlineData("No_Reply-12@example.jp", AnswerVerdict.DaemonSender)]
    [InlineData("do.not.reply@example.jp", AnswerVerdict.DaemonSender)]
    [InlineData("noreply+x=y@example.jp", AnswerVerdict.DaemonSender)]
    [InlineData("owner-members@example.jp", AnswerVerdict.DaemonSender)]
    [InlineData("members-request@example.jp", AnswerVerdict.DaemonSender)]
    [InlineData("touroku@KENPO.example", AnswerVerdict.OwnDomain)]
    [InlineData("taro.reply@example.jp", AnswerVerdict.Permitted)]
    [InlineData("daemon.taro@example.jp", AnswerVerdict.Permitted)]
    [InlineData("taro@sub.kenpo.example", AnswerVerdict.Permitted)]
    public void M1_Machines_and_ourselves_get_no_answer(string sender, AnswerVerdict expected)
    {
        var mailFrom = sender.Length == 0 ? null : EmailAddress.Parse(sender);
        Assert.Equal(expected, new Envelope(mailFrom, [], AutomaticMailSigns.None, null).JudgeAnswer(OwnDomains));
    }

    [Fact]
    public void A_report_is_judged_by_its_delivery_status_part()
    {
        const string report = """
            From: MAILER-DAEMON@relay.example
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: text/plain

            Delayed at first: 450 4.2.1 busy
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; relay.example

            Final-Recipient: rfc822; x
            Action: ACTION
            Status: STATUS
            Diagnostic-Code: smtp; 550 5.7.1 no
            --b
            Content-Type: message/rfc822

            Subject: our own mail, 550 5.1.1 User unknown
            Content-Type: text/plain

            Status: 5.1.1
            --b--
            """;
        Assert.Equal(new BounceStatus(BounceKind.Hard, "5.1.1"), Read("failed", "5.1.1"));
        Assert.Equal(new BounceStatus(BounceKind.Hard, "5.7.1"), Read("Failed", "5.7.1 (policy)"));
        Assert.Equal(new BounceStatus(BounceKind.Soft, "5.2.2"), Read("failed", "5.2.2"));
        Assert.Equal(new BounceStatus(BounceKind.Soft, "4.4.1"), Read("failed", "4.4.1"));
        Assert.Equal(new BounceStatus(BounceKind.Soft, "4.4.1"), Read("delayed", "4.4.1"));

        static BounceStatus? Read(string action, string status) => Bounce(report
            .Replace("ACTION", action, StringComparison.Ordinal).Replace("STATUS", status, StringComparison.Ordinal));
    }

    [Fact]
    public void A_report_of_delivery_is_no_bounce() => Assert.Null(Bounce("""
        Content-Type: multipart/report; boundary=b

        --b
        Content-Type: message/delivery-status

        Action: delivered
        Status: 2.0.0
        --b--
        """));

    [Theory]
    [InlineData("550 Unknown user", BounceKind.Hard, null)]
    [InlineData("<x>: host mx said: 550 5.1.1 <x>: Recipient rejected", BounceKind.Hard, "5.1.1")]
    [InlineData("Sorry, no mailbox here by that name. (#5.1.1)", BounceKind.Hard, "5.1.1")]
    [InlineData("The user account: user unknown.", BounceKind.Hard, null)]
    [InlineData("Remote host said: 452 mailbox full", BounceKind.Soft, null)]
    [InlineData("4.4.7 delivery time expired", BounceKind.Soft, "4.4.7")]
    [InlineData("connected to 5.1.1.10 port 25, code 1550 x", null, null)]
    [InlineData("thank you for your mail", null, null)]
    public void Without_a_report_the_common_text_forms_count(string line, BounceKind? kind, string? code) =>
        Assert.Equal(kind is null ? null : new BounceStatus(kind.Value, code), Bounce($"Subject: failure\n\nhello\n{line}\nbye"));

    [Fact]
    public void A_persons_mail_is_no_bounce()
    {
        var dialogue = Dialogue.InData("taro@example.jp");
        dialogue.Say("Subject: x\r\n\r\n550 5.1.1 User unknown\r\n.\r\n");
        Assert.Null(dialogue.Envelopes[0].Bounce);
    }

    private static BounceStatus? Bounce(string message)
    {
        var dialogue = Dialogue.InData(sender: "");
        dialogue.Say(message.ReplaceLineEndings("\r\n") + "\r\n.\r\n");
        return dialogue.Envelopes[0].Bounce;
    }
}

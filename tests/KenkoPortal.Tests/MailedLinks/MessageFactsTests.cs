using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Tests.Smtp;

namespace KenkoPortal.Tests.MailedLinks;

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
    public void M11_A_report_is_read_at_a_return_path_only_and_whole_or_not_at_all()
    {
        Assert.NotNull(Report(ReportText.Of("5.1.1"), Dialogue.ReturnPath));
        Assert.NotNull(Report(ReportText.Of("5.1.1"), Dialogue.ReturnPath, "MAILER-DAEMON@nagi.example"));
        Assert.Null(Report(ReportText.Of("5.1.1"), Dialogue.Here));
        Assert.Null(Report(ReportText.Of("5.1.1"), Dialogue.ReturnPath, "taro@example.jp"));
        Assert.NotNull(Report(Longer(200_000), Dialogue.ReturnPath));
        Assert.Null(Report(Longer(270_000), Dialogue.ReturnPath));

        static string Longer(int bytes) => ReportText.Of("5.1.1").Replace(
            "From: portal", string.Concat(Enumerable.Repeat("X: " + new string('x', 95) + "\r\n", bytes / 100)) + "From: portal", StringComparison.Ordinal);
    }

    [Fact]
    public void A_persons_mail_is_no_bounce()
    {
        var dialogue = Dialogue.InData("taro@example.jp");
        dialogue.Say("Subject: x\r\n\r\n550 5.1.1 User unknown\r\n.\r\n");
        Assert.Null(dialogue.Envelopes[0].Report);
    }

    private static DeliveryReport? Report(string message, string recipient, string sender = "")
    {
        var dialogue = Dialogue.InData(sender, recipient);
        dialogue.Say(message + "\r\n.\r\n");
        return dialogue.Envelopes[0].Report;
    }
}

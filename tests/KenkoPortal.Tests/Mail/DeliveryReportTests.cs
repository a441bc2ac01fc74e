using System.Diagnostics;
using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Tests.Fuzzing;
using KenkoPortal.Tests.MailedLinks;

namespace KenkoPortal.Tests.Mail;

/// <summary>Which bounce speaks against the address that the mail went to (finding F2).</summary>
public sealed class DeliveryReportTests
{
    private static readonly EmailAddress Hito = EmailAddress.Parse(ReportText.Hito);

    [Theory]
    [InlineData("5.1.1", "smtp; 550 5.1.1 no such user", true)]
    [InlineData("5.7.1", "smtp; 550 5.7.1 client host is on our block list, ask your administrator", false)]
    [InlineData("5.1.1", "smtp; 552 mailbox over quota", false)]
    [InlineData("5.3.4", "smtp; 552 5.3.4 message too big", false)]
    [InlineData("5.6.1", "smtp; 554 5.6.1 contents not allowed", false)]
    [InlineData("5.7.26", "smtp; 550 5.7.26 sender domain not authenticated", false)]
    // The address.
    [InlineData("5.1.1", null, true)]
    [InlineData("5.1.1", "smtp; 550 5.1.1 <hito@kaze.example.jp>: Recipient address rejected: User unknown in relay recipient table", true)]
    [InlineData("5.1.1", "smtp;550-5.1.1 The email account that you tried to reach does not exist.", true)]
    [InlineData("5.1.1 (bad mailbox)", "X-Postfix; unknown user: \"hito\"", true)]
    [InlineData("5.1.1", "smtp; 550 5.1.1 user not listed in directory", true)]
    [InlineData("5.1.2", "smtp; 550 host unknown", true)]
    [InlineData("5.1.3", null, true)]
    [InlineData("5.1.6", "smtp; 551 5.1.6 mailbox has moved", true)]
    [InlineData("5.1.10", "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", true)]
    [InlineData("5.2.1", "smtp; 550 5.2.1 mailbox disabled, not accepting messages", true)]
    // A vague status: the diagnostic tells.
    [InlineData("5.0.0", "smtp; 550 5.1.1 no such user", true)]
    [InlineData("5.0.0", "smtp; 550 User unknown", true)]
    [InlineData("5.0.0", "smtp; 554 delivery error: This user account is disabled", true)]
    [InlineData("5.1.0", "smtp; 550 #5.1.0 Address rejected.", false)]
    [InlineData("5.1.0", "smtp; 550 no such user here", true)]
    [InlineData("5.0.0", "smtp; 550 宛先のメールアドレスは存在しません", true)]
    [InlineData(null, "smtp; 550 5.1.1 no such user", true)]
    [InlineData("nonsense", "smtp; 550 5.1.1 no such user", true)]
    [InlineData("5.0.0", "smtp; 550 Requested action not taken: mailbox unavailable", false)]
    [InlineData("5.0.0", null, false)]
    [InlineData(null, null, false)]
    [InlineData("5.2.0", "smtp; 550 mail could not be put away", false)]
    // Status and diagnostic disagree: in doubt the address is not to blame.
    [InlineData("5.1.1", "smtp; 550 5.7.1 Service unavailable; client host blocked", false)]
    [InlineData("5.1.1", "smtp; 550 5.1.1 rejected by policy", false)]
    [InlineData("5.1.1", "smtp; 451 4.7.1 greylisted, try again later", false)]
    [InlineData("5.1.1", "smtp; 550 5.2.2 over quota", false)]
    [InlineData("5.7.1", "smtp; 550 5.1.1 no such user", false)]
    [InlineData("5.2.1", "smtp; 550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents delivery", false)]
    [InlineData("5.1.1", "smtp; 550 5.1.1 mailbox <full.quota@kaze.example.jp> unknown", true)]
    [InlineData("5.0.0", "smtp; 550 spam, see https://nagi.example/no-such-user", false)]
    // Everything else that fails for good.
    [InlineData("5.1.4", null, false)]
    [InlineData("5.1.7", "smtp; 553 bad sender address syntax", false)]
    [InlineData("5.1.8", "smtp; 553 sender domain does not exist", false)]
    [InlineData("5.2.2", "smtp; 552 5.2.2 mailbox full", false)]
    [InlineData("5.2.3", "smtp; 552 message length exceeds limit", false)]
    [InlineData("5.2.4", null, false)]
    [InlineData("5.3.0", "smtp; 553 unknown mailer error", false)]
    [InlineData("5.3.1", "smtp; 452 system full", false)]
    [InlineData("5.3.2", null, false)]
    [InlineData("5.3.3", null, false)]
    [InlineData("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied", false)]
    [InlineData("5.4.4", "Host or domain name not found", false)]
    [InlineData("5.4.6", null, false)]
    [InlineData("5.4.7", "smtp; delivery time expired", false)]
    [InlineData("5.5.0", "smtp; 550 5.5.0 Requested action not taken", false)]
    [InlineData("5.5.2", null, false)]
    [InlineData("5.5.4", null, false)]
    [InlineData("5.6.0", null, false)]
    [InlineData("5.6.7", null, false)]
    [InlineData("5.7.0", null, false)]
    [InlineData("5.7.9", null, false)]
    [InlineData("5.7.23", "smtp; 550 5.7.23 SPF validation failed", false)]
    [InlineData("5.7.25", null, false)]
    [InlineData("5.7.27", null, false)]
    // No failure for good.
    [InlineData("4.4.7", "smtp; 421 4.4.7 delivery time expired", false)]
    [InlineData("4.1.1", "smtp; 450 4.1.1 user unknown", false)]
    [InlineData("2.0.0", null, false)]
    public void M11_Only_an_address_that_is_not_there_speaks_against_the_address(string? status, string? diagnostic, bool isHard) =>
        Assert.Equal(isHard, Read(ReportText.Of(status, diagnostic))!.Of(Hito).IsHard);

    [Theory]
    [InlineData("delayed")]
    [InlineData("delivered")]
    [InlineData("relayed")]
    [InlineData("expanded")]
    public void M11_What_did_not_fail_says_nothing(string action) =>
        Assert.Equal(BounceVerdict.Nothing, Read(ReportText.Of("5.1.1", "smtp; 550 5.1.1 no such user", action: action))!.Of(Hito));

    [Fact]
    public void M11_Automatic_replies_and_texts_are_no_report()
    {
        var machine = "From: <hito@kaze.example.jp>\r\nSubject: away\r\nAuto-Submitted: auto-replied";
        string[] texts =
        [
            ReportText.Text(machine, "ただいま休暇中です。\n-- \n汐見港運 大阪営業所\n〒552-0099 大阪府架空市港町1-2-3"),
            ReportText.Text(machine, "550 5.1.1 user unknown\nStatus: 5.1.1"),
            ReportText.Text("From: <postmaster@ml.example.jp>\r\nSubject: Returned mail", "宛先のメールアドレスは存在しません。\n<hito@kaze.example.jp>"),
            ReportText.Text("From: <postmaster@ml.example.jp>", "Final-Recipient: rfc822; hito@kaze.example.jp\nAction: failed\nStatus: 5.1.1"),
            // The parts of a report without the frame of one, and another kind of report.
            ReportText.Of("5.1.1").Replace("multipart/report; report-type=delivery-status", "multipart/mixed", StringComparison.Ordinal),
            ReportText.Of("5.1.1").Replace("report-type=delivery-status", "report-type=disposition-notification", StringComparison.Ordinal),
            // A report of somebody else that a person forwards.
            "From: <hito@kaze.example.jp>\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" + ReportText.Of("5.1.1"),
            "", "\r\n", ".", "\0\0\0", new string('x', 10_000),
        ];
        Assert.All(texts, text => Assert.Null(Read(text)));
    }

    [Fact]
    public void M11_A_report_of_another_mailbox_says_nothing_about_the_address()
    {
        var behind = Read(ReportText.Of("5.1.1", "smtp; 550 5.1.1 no such user", "saki@mukou.example.jp", further: "Original-Recipient: rfc822; hito@kaze.example.jp"))!;
        Assert.Equal(new BounceVerdict(new EnhancedStatus(5, 1, 1), IsHard: false), behind.Of(Hito));
        Assert.False(Read(ReportText.Of("5.1.1", final: "saki@kaze.example.jp"))!.Of(Hito).IsHard);
        Assert.False(Read(ReportText.Of("5.1.1"))!.Of(null).IsHard);

        // The domain's own server knows its mailbox by another name.
        Assert.True(Read(ReportText.Of("5.1.1", final: "h123@kaze.example.jp", further: "Original-Recipient: rfc822; hito@kaze.example.jp"))!.Of(Hito).IsHard);
        Assert.True(Read(ReportText.Of("5.1.1", final: "<HITO@Kaze.Example.JP>"))!.Of(Hito).IsHard);
        Assert.True(Read(ReportText.Of("5.1.1", final: "\"a..b\"@kaze.example.jp"))!.Of(EmailAddress.Parse("a..b@kaze.example.jp")).IsHard);
    }

    [Fact]
    public void M11_A_report_may_be_encoded_and_folded_and_have_no_text()
    {
        var status = "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822;\r\n hito@kaze.example.jp\r\nAction: FAILED\r\nStatus: 5.1.1\r\n";
        var report = "Content-Type: multipart/report; report-type=\"delivery-status\";\r\n boundary=b\r\nMIME-Version: 1.0\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(Encoding.ASCII.GetBytes(status)) + "\r\n--b--\r\n";
        Assert.True(Read(report)!.Of(Hito).IsHard);
        Assert.False(Read(ReportText.Of("5.1.1", further: [.. Enumerable.Range(0, 30).Select(i => $"X-{i}: y\r\nAction: failed\r\n\r\nFinal-Recipient: rfc822; n{i}@kaze.example.jp")]))?.Of(Hito).IsHard ?? false);
    }

    [Fact]
    public void M11_A_report_shows_no_address_and_no_words()
    {
        var shown = $"{Read(ReportText.Of("5.1.1", "smtp; 550 5.1.1 <hito@kaze.example.jp> secret"))}";
        Assert.Equal("5.1.1", shown);
    }

    [Theory]
    [InlineData("Content-Type: multipart/mixed; boundary=\"{0}\"\r\n\r\n--{0}\r\n", 5_000)]
    [InlineData("Content-Type: message/rfc822\r\n\r\n", 9_000)]
    [InlineData("X: y\r\n", 40_000)]
    [InlineData("(", 250_000)]
    [InlineData("--part-of-it\r\n", 18_000)]
    public void M11_A_hostile_message_is_read_in_bounds(string piece, int times)
    {
        var text = new StringBuilder("Content-Type: multipart/report; report-type=delivery-status; boundary=\"part-of-it\"\r\n\r\n--part-of-it\r\n");
        for (var i = 0; i < times && text.Length < 256 * 1024; i++)
        {
            text.Append(piece.Replace("{0}", $"b{i}", StringComparison.Ordinal));
        }

        var watch = Stopwatch.StartNew();
        Read(text.ToString());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void M11_No_mutated_report_breaks_the_reader_or_speaks_against_another_address()
    {
        byte[][] seeds =
        [
            .. new[]
            {
                ReportText.Of("5.1.1", "smtp; 550 5.1.1 no such user"), ReportText.Of("5.7.1", "smtp; 550 5.7.1 blocked"), ReportText.Of(null, "smtp; 550 5.1.1 <x>"),
                ReportText.Text("Auto-Submitted: auto-replied", "〒552-0099"), ReportText.Of("5.1.1", final: "\"a..b\"@kaze.example.jp"),
            }.Select(Encoding.UTF8.GetBytes),
        ];
        var other = EmailAddress.Parse("saki@mukou.example.jp");
        var hard = 0;
        for (var round = 0L; round < 3000; round++)
        {
            var dice = Dice.ForRound(20261130, round);
            var report = DeliveryReport.Read(Mutation.OfBytes(dice, dice.Of(seeds), seeds));
            Assert.False(report?.Of(other).IsHard ?? false, $"round {round}");
            hard += report?.Of(Hito).IsHard == true ? 1 : 0;
        }

        Assert.InRange(hard, 50, 2000);
    }

    [Theory]
    [InlineData("5.1.1", "5.1.1")]
    [InlineData(" 4.4.7 ", "4.4.7")]
    [InlineData("5.7.26(x)", "5.7.26")]
    [InlineData("2.0.0 ok", "2.0.0")]
    [InlineData("5.999.999", "5.999.999")]
    [InlineData("5.1", null)]
    [InlineData("5.1.1.1", null)]
    [InlineData("3.1.1", null)]
    [InlineData("5.1.1000", null)]
    [InlineData("5.-1.1", null)]
    [InlineData("５.１.１", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_status_is_class_subject_and_detail(string? text, string? expected) =>
        Assert.Equal(expected, EnhancedStatus.TryParse(text, out var status) ? status.ToString() : null);

    private static DeliveryReport? Read(string message) => DeliveryReport.Read(Encoding.UTF8.GetBytes(message));
}

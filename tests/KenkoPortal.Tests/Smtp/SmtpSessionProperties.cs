using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Smtp;

namespace KenkoPortal.Tests.Smtp;

public sealed class SmtpSessionProperties
{
    private static readonly string[] Phrases =
    [
        "EHLO c\r\n", "HELO c\r\n", "MAIL FROM:<a@example.jp>\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<touroku@kenpo.example>\r\n",
        "RCPT TO:<x@elsewhere.example>\r\n", "DATA\r\n", ".\r\n", "Subject: x\r\n", "Auto-Submitted: auto-replied\r\n", "\r\n", "..\r\n", ".x\r\n",
        "RSET\r\n", "NOOP\r\n", "QUIT\r\n", "\n", "\r", "\0", ".", "\u00FF", "VRFY x\r\n", "STARTTLS\r\n", "Status: 5.1.1\r\n",
        "Content-Type: message/delivery-status\r\n", "x",
        "EHLO c\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:<touroku@kenpo.example>\r\nDATA\r\n",
        "MAIL FROM:<>\r\nRCPT TO:<touroku@kenpo.example>\r\nDATA\r\nFrom: a@b.jp\r\n\r\n550 5.1.1 unknown\r\n.\r\n",
    ];

    private static readonly string Long = new('y', 700);

    private static Gen<byte[]> Conversations =>
        from phrases in Gen.Frequency((20, Gen.Elements(Phrases)), (1, Gen.Constant(Long))).ArrayOf()
        select Encoding.Latin1.GetBytes(Phrases[^2] + string.Concat(phrases));

    private static Gen<byte[]> Garbage => Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf();

    [Fact]
    public void The_answers_do_not_depend_on_how_the_bytes_are_cut()
    {
        var cases = from bytes in Conversations
                    from cuts in Gen.Choose(1, 40).NonEmptyListOf()
                    select (bytes, cuts: cuts.ToArray());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var whole = new Dialogue(Small);
            whole.Say(c.bytes);
            var cut = new Dialogue(Small);
            for (int at = 0, i = 0; at < c.bytes.Length && cut.Next is SmtpNext.Read; i++)
            {
                var end = Math.Min(c.bytes.Length, at + c.cuts[i % c.cuts.Length]);
                cut.Say(c.bytes[at..end]);
                at = end;
            }

            return whole.Replies == cut.Replies && whole.Next == cut.Next && whole.Session.State == cut.Session.State
                && whole.Envelopes.Select(Described).SequenceEqual(cut.Envelopes.Select(Described), StringComparer.Ordinal);
        }));

        static void Small(SmtpSessionOptions options)
        {
            options.MaxMessageBytes = 300;
            options.MaxLineBytes = 60;
            options.MaxCommandBytes = 600;
        }

        static string Described(Envelope e) => $"{e.MailFrom?.Value} {e.Recipients.Count} {e.Signs} {e.Report}";
    }

    [Fact]
    public void No_bytes_throw_and_only_an_ended_message_is_kept()
    {
        var noise = from head in Conversations from tail in Garbage select (byte[])[.. head, .. tail];
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(noise.ToArbitrary(), bytes =>
        {
            var dialogue = new Dialogue();
            dialogue.Say(bytes);
            var ends = Encoding.Latin1.GetString(bytes).Split("\r\n.\r\n").Length - 1;
            return dialogue.Envelopes.Count <= ends && dialogue.Replies.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
                .All(l => l.Length < 80 && int.TryParse(l[..3], NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 220 and <= 555);
        }));
    }

    [Fact]
    public void A_stuffed_message_comes_out_as_it_went_in()
    {
        var lines = Gen.Elements("", ".", "..", ".a", "a.", "a", ". b").ArrayOf();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(lines.ToArbitrary(), text =>
        {
            var message = Encoding.ASCII.GetBytes(string.Concat(text.Select(l => l + "\r\n")));
            var data = DotStuffing.Encode(message);
            var dialogue = Dialogue.InData();
            var replies = dialogue.Say([.. data, .. "NOOP\r\n"u8]);
            return Dialogue.Codes(replies) == "250 250" && Encoding.ASCII.GetString(Unstuffed(data)) == Encoding.ASCII.GetString(message);
        }));
    }

    /// <summary>RFC 5321 §4.5.2 read as it stands, as a check on the reader's own way.</summary>
    private static byte[] Unstuffed(byte[] data) => Encoding.ASCII.GetBytes(string.Concat(Encoding.ASCII.GetString(data)[..^3]
        .Split("\r\n").SkipLast(1).Select(l => (l.StartsWith('.') ? l[1..] : l) + "\r\n")));
}

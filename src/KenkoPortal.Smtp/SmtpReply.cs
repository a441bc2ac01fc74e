using System.Buffers;
using System.Globalization;
using System.Text;

namespace KenkoPortal.Smtp;

/// <summary>A reply with its enhanced status code (RFC 5321 §4.2, RFC 3463). No reply repeats what a client said.</summary>
public sealed record SmtpReply(int Code, string Text)
{
    public static readonly SmtpReply Bye = new(221, "2.0.0 bye");
    public static readonly SmtpReply StartTls = new(220, "2.0.0 ready to start TLS");
    public static readonly SmtpReply Ok = new(250, "2.0.0 ok");
    public static readonly SmtpReply SenderOk = new(250, "2.1.0 ok");
    public static readonly SmtpReply RecipientOk = new(250, "2.1.5 ok");
    public static readonly SmtpReply Kept = new(250, "2.0.0 kept");
    public static readonly SmtpReply CannotVerify = new(252, "2.1.5 send some mail, it will be tried");
    public static readonly SmtpReply GoAhead = new(354, "end data with <CRLF>.<CRLF>");

    public static readonly SmtpReply Stopping = new(421, "4.3.2 service is stopping");
    public static readonly SmtpReply TimedOut = new(421, "4.4.2 timed out");
    public static readonly SmtpReply TooManyConnections = new(421, "4.7.0 too many connections");
    public static readonly SmtpReply TooManyErrors = new(421, "4.7.0 too many errors");
    public static readonly SmtpReply TooManyCommands = new(421, "4.7.0 too many commands without a message");
    public static readonly SmtpReply TryLater = new(451, "4.3.0 try again later");
    public static readonly SmtpReply TooManyMessages = new(451, "4.7.1 too many messages for now, try again later");
    public static readonly SmtpReply TooManyRecipients = new(452, "4.5.3 too many recipients");

    public static readonly SmtpReply UnknownCommand = new(500, "5.5.1 command not known");
    public static readonly SmtpReply NotPrintable = new(500, "5.5.2 commands are printable ASCII");
    public static readonly SmtpReply CommandTooLong = new(500, "5.5.2 command too long");
    public static readonly SmtpReply BadArgument = new(501, "5.5.4 syntax: see RFC 5321");
    public static readonly SmtpReply NotImplemented = new(502, "5.5.1 not offered");
    public static readonly SmtpReply BadSequence = new(503, "5.5.1 bad sequence of commands");
    public static readonly SmtpReply BareLineEnd = new(521, "5.5.2 lines end with CR LF, neither stands alone");
    public static readonly SmtpReply UnknownRecipient = new(550, "5.1.1 no such recipient here");
    public static readonly SmtpReply TooLarge = new(552, "5.3.4 message too large");
    public static readonly SmtpReply BadSender = new(553, "5.1.7 sender is no address that can be answered");
    public static readonly SmtpReply BadMessage = new(554, "5.6.0 line too long or NUL in message");
    public static readonly SmtpReply BadParameter = new(555, "5.5.4 parameter not offered");

    /// <summary>Writes the reply as one line.</summary>
    public void WriteTo(IBufferWriter<byte> output) => WriteLine(output, Code, ' ', Text);

    /// <summary>Writes a reply of several lines (RFC 5321 §4.2.1).</summary>
    public static void WriteLines(IBufferWriter<byte> output, int code, IReadOnlyList<string> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            WriteLine(output, code, i == lines.Count - 1 ? ' ' : '-', lines[i]);
        }
    }

    private static void WriteLine(IBufferWriter<byte> output, int code, char separator, string text) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{code}{separator}{text}\r\n"), output);
}

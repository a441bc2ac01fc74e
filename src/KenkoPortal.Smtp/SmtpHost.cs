using System.Net;

namespace KenkoPortal.Smtp;

/// <summary>What the server asks of its host. One host serves all sessions at once.</summary>
/// <remarks>The host alone parses addresses. The server compares the strings that the host returned, ignoring case, and hands them back.</remarks>
public interface ISmtpHost
{
    /// <summary>Reads the mailbox of a MAIL path, without its angle brackets.</summary>
    /// <returns>The mailbox as the host writes it; null is a 553.</returns>
    string? ReadSender(string path);

    /// <summary>Reads the mailbox of a RCPT path, without its angle brackets.</summary>
    /// <returns>The mailbox as the host writes it; null is a 550.</returns>
    string? ReadRecipient(string path);

    /// <summary>Judges one recipient. The session stops waiting after <see cref="SmtpSessionOptions.RecipientTimeout"/>; an exception is a 451.</summary>
    ValueTask<RecipientVerdict> JudgeAsync(RecipientQuestion question, CancellationToken cancellationToken);

    /// <summary>Begins a message: its lines follow.</summary>
    IMessageSink Begin(MailTransaction mail);
}

/// <summary>Takes one message line by line. The server holds no more of it than the current line.</summary>
public interface IMessageSink
{
    /// <summary>Takes the next line, without CRLF and with its stuffed dot removed.</summary>
    /// <param name="line">At most <see cref="SmtpDataReader.KeptLineBytes"/> bytes; the rest of a longer line is dropped. Valid during the call only.</param>
    void AddLine(ReadOnlySpan<byte> line);

    /// <summary>Stores the complete message. The session does not call it for a message that it refuses.</summary>
    /// <returns>True: it is on disk, and the client hears 250. False or an exception is a 451.</returns>
    ValueTask<bool> KeepAsync(CancellationToken cancellationToken);
}

/// <summary>One mail at DATA.</summary>
/// <param name="Sender">As <see cref="ISmtpHost.ReadSender"/> returned it; null is the null sender <c>&lt;&gt;</c> of a bounce.</param>
/// <param name="Recipients">As <see cref="ISmtpHost.ReadRecipient"/> returned them: those that were accepted, each once.</param>
/// <param name="TakesReport">A recipient was judged <see cref="RecipientVerdict.AcceptReport"/>.</param>
public sealed record MailTransaction(string? Sender, IReadOnlyList<string> Recipients, bool TakesReport)
{
    /// <summary>Not the addresses.</summary>
    public override string ToString() => "[mail]";
}

/// <summary>The host's answer to one RCPT.</summary>
public enum RecipientVerdict
{
    /// <summary>250.</summary>
    Accept,

    /// <summary>250: it is the return path of a mail of ours, where delivery reports come in.</summary>
    AcceptReport,

    /// <summary>550: there is no such mailbox. Nothing bounces later.</summary>
    Unknown,

    /// <summary>451: the host cannot judge it now.</summary>
    TryLater,

    /// <summary>451: the peer or the sender's domain sends too much for now; its server tries again.</summary>
    TooMany,
}

/// <summary>What the server asks the host at one RCPT.</summary>
/// <param name="Recipient">As <see cref="ISmtpHost.ReadRecipient"/> returned it, or <see cref="Postmaster"/> alone.</param>
/// <param name="Sender">As <see cref="ISmtpHost.ReadSender"/> returned it; null is the null sender.</param>
/// <param name="Peer">Where the connection comes from.</param>
public sealed record RecipientQuestion(string Recipient, string? Sender, IPAddress? Peer)
{
    /// <summary>The recipient that needs no domain (RFC 5321 §4.5.1): this host's own.</summary>
    public const string Postmaster = "postmaster";

    /// <summary>Not the addresses.</summary>
    public override string ToString() => "[recipient]";
}

using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Mail;

/// <summary>The value of <c>Auto-Submitted</c> (RFC 3834 §5): all of our mail is written by a machine.</summary>
public enum AutoSubmitted
{
    /// <summary>Sent by itself: notices, completions, mails asked for on a page.</summary>
    Generated,

    /// <summary>The answer to a mail.</summary>
    Replied,
}

/// <summary>One more header; its name is not one that <see cref="MimeWriter"/> writes itself.</summary>
public sealed record MailHeader(string Name, string Value);

/// <summary>A text mail to one person, complete: the same message is always the same bytes.</summary>
/// <param name="ReturnPath">The envelope's sender, where bounces go; null is <c>&lt;&gt;</c>.</param>
/// <param name="From">The header's sender.</param>
/// <param name="FromName">The name shown for the sender; may be empty.</param>
/// <param name="TextBody">Lines end with LF or CRLF.</param>
/// <param name="MessageId">Without angle brackets: <c>something@domain</c>. The same for each try to send.</param>
/// <param name="Date">With the offset that the header shows.</param>
public sealed record MailMessage(
    EmailAddress? ReturnPath,
    EmailAddress From,
    string FromName,
    EmailAddress To,
    string Subject,
    string TextBody,
    string MessageId,
    DateTimeOffset Date)
{
    public AutoSubmitted AutoSubmitted { get; init; } = AutoSubmitted.Generated;

    public IReadOnlyList<MailHeader> Headers { get; init; } = [];
}

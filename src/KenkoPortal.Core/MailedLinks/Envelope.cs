using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>What marks a mail as written by a machine (RFC 3834 §2, RFC 2919, RFC 2369).</summary>
[Flags]
public enum AutomaticMailSigns
{
    None = 0,

    /// <summary><c>Auto-Submitted</c> with another value than <c>no</c>.</summary>
    AutoSubmitted = 1,

    /// <summary>Any <c>List-…</c> header.</summary>
    MailingList = 2,

    /// <summary><c>Precedence: bulk</c>, <c>list</c>, <c>junk</c> or <c>auto_reply</c>.</summary>
    BulkPrecedence = 4,

    /// <summary>The header <c>From</c> names a daemon or a no-reply address.</summary>
    DaemonAuthor = 8,

    /// <summary><c>X-Auto-Response-Suppress</c> with <c>All</c>, <c>OOF</c> or <c>AutoReply</c>, as Exchange sends it.</summary>
    AnswersUnwanted = 16,
}

/// <summary>May a received mail be answered, and if not, why (first reason found).</summary>
public enum AnswerVerdict
{
    Permitted,
    NullSender,
    DaemonSender,
    OwnDomain,
    AutoSubmitted,
    MailingList,
    BulkPrecedence,
    AnswersUnwanted,
}

/// <summary>What outlives the session of a received mail. Text, subject and the remote address do not.</summary>
/// <param name="MailFrom">The envelope's sender; null is the null sender <c>&lt;&gt;</c> of a bounce.</param>
/// <param name="Recipients">Those that were accepted at RCPT, each once.</param>
/// <param name="Report">Read only where the sender is null or a daemon and a recipient is the return path of a mail of ours. Its addresses and words are judged and never stored.</param>
public sealed record Envelope(
    EmailAddress? MailFrom,
    IReadOnlyList<EmailAddress> Recipients,
    AutomaticMailSigns Signs,
    DeliveryReport? Report)
{
    /// <summary>The one address in the header <c>From</c>; null where it holds none or several.</summary>
    public EmailAddress? Author { get; init; }

    /// <summary>The beginning of the message as it came, kept only where a postmaster is a recipient.</summary>
    public string? Source { get; init; }

    /// <summary>An automatic answer goes to people only: RFC 3834 §2, so that two machines never talk to each other.</summary>
    /// <param name="ownDomains">The domains that we receive or send mail for, in lower case.</param>
    public AnswerVerdict JudgeAnswer(IReadOnlySet<string> ownDomains) => this switch
    {
        { MailFrom: null } => AnswerVerdict.NullSender,
        _ when AutomaticSender.IsDaemon(MailFrom.LocalPart) => AnswerVerdict.DaemonSender,
        _ when EnvelopeSender.Of(MailFrom, Author).Plain is { } plain && AutomaticSender.IsDaemon(plain.LocalPart) => AnswerVerdict.DaemonSender,
        _ when ownDomains.Contains(MailFrom.Domain) => AnswerVerdict.OwnDomain,
        _ when Signs.HasFlag(AutomaticMailSigns.AutoSubmitted) => AnswerVerdict.AutoSubmitted,
        _ when Signs.HasFlag(AutomaticMailSigns.MailingList) => AnswerVerdict.MailingList,
        _ when Signs.HasFlag(AutomaticMailSigns.BulkPrecedence) => AnswerVerdict.BulkPrecedence,
        _ when Signs.HasFlag(AutomaticMailSigns.AnswersUnwanted) => AnswerVerdict.AnswersUnwanted,
        _ when Signs.HasFlag(AutomaticMailSigns.DaemonAuthor) => AnswerVerdict.DaemonSender,
        _ => AnswerVerdict.Permitted,
    };
}

/// <summary>Senders that nobody reads.</summary>
public static class AutomaticSender
{
    private static readonly string[] Names =
        ["mailerdaemon", "postmaster", "daemon", "nobody", "listserv", "majordomo", "autoreply", "autoresponder"];

    private static readonly string[] Beginnings = ["noreply", "donotreply", "mailerdaemon"];
    private static readonly string[] ListEndings = ["-request", "-bounces", "-bounce", "-owner"];

    /// <summary>Is the part before the @ that of a daemon, a list's robot or a no-reply mailbox? Punctuation and case do
    /// not count: <c>No_Reply-12</c> is one. RFC 3834 §2 names <c>owner-…</c>, <c>…-request</c> and <c>MAILER-DAEMON</c>.</summary>
    public static bool IsDaemon(string localPart)
    {
        var lower = localPart.ToLowerInvariant();
        var plain = string.Concat(lower.TakeWhile(c => c != '+').Where(char.IsAsciiLetterOrDigit));
        return Names.Contains(plain, StringComparer.Ordinal)
            || Beginnings.Any(b => plain.StartsWith(b, StringComparison.Ordinal))
            || lower.StartsWith("owner-", StringComparison.Ordinal)
            || ListEndings.Any(e => lower.EndsWith(e, StringComparison.Ordinal));
    }
}

using System.Text.RegularExpressions;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>
/// An envelope's sender read as two things: where an answer goes, and whose mailbox that is. Mail gateways put a tag into the sender that is good for some days
/// (BATV, VERP, SRS); an answer has to go to it, and it must not be kept as somebody's address.
/// </summary>
/// <remarks>
/// Sources: draft-levine-smtp-batv-01 §4 (<c>prvs=TAG=local</c>, and the older <c>prvs=local/TAG</c>, <c>local+prvs=TAG</c>), Barracuda's <c>btv1==TAG==local</c>,
/// the Sender Rewriting Scheme (<c>SRS0=…</c>, <c>SRS1=…</c>, with + and - too) and Gmail's forwarding (<c>local+caf_=to=domain</c>).
/// Of a tag that is not known the header's author decides, but only where the tag itself names that author's mailbox at the same domain: else a sender could have any address
/// of its provider taken for its own.
/// </remarks>
public sealed partial class EnvelopeSender
{
    private EnvelopeSender(EmailAddress answerTo, EmailAddress? plain) => (AnswerTo, Plain) = (answerTo, plain);

    /// <summary>The address as it stood in the envelope.</summary>
    public EmailAddress AnswerTo { get; }

    /// <summary>The mailbox without the tag; null where it cannot be told for certain.</summary>
    public EmailAddress? Plain { get; }

    /// <param name="mailFrom">The envelope's sender.</param>
    /// <param name="author">The one address of the header <c>From</c>, if there is one.</param>
    public static EnvelopeSender Of(EmailAddress mailFrom, EmailAddress? author) => new(mailFrom, PlainOf(mailFrom, author));

    /// <summary>Not the address.</summary>
    public override string ToString() => "[sender]";

    private static EmailAddress? PlainOf(EmailAddress mailFrom, EmailAddress? author)
    {
        var local = mailFrom.LocalPart;
        if (Forwarded().IsMatch(local))
        {
            return null;
        }

        if (!local.Contains('=', StringComparison.Ordinal))
        {
            return mailFrom;
        }

        if (Tagged().Match(local) is { Success: true } tagged)
        {
            return At(tagged.Groups["local"].Value, mailFrom);
        }

        if (author is null || author.Domain != mailFrom.Domain)
        {
            return null;
        }

        return author.Equals(mailFrom) || MailboxesIn(local).Contains(author.LocalPart, StringComparer.OrdinalIgnoreCase) ? author : null;
    }

    /// <summary>The mailboxes that a tag of no known form may belong to: what stands before a +, as providers deliver it; without one, what stands first or last.</summary>
    private static string[] MailboxesIn(string local)
    {
        var plus = local.IndexOf('+', StringComparison.Ordinal);
        return plus > 0 ? [local[..plus]] : [local[..local.IndexOf('=', StringComparison.Ordinal)], local[(local.LastIndexOf('=') + 1)..]];
    }

    private static EmailAddress? At(string local, EmailAddress mailFrom) => EmailAddress.TryParse($"{local}@{mailFrom.Domain}", out var plain) ? plain : null;

    /// <summary>A tag begins with a digit and is hexadecimal. Where what follows it reads like a tag too, which of the two is the mailbox is not certain.</summary>
    [GeneratedRegex("^(prvs=[0-9][0-9a-f]{7,11}=(?![0-9][0-9a-f]{7,11}$)(?<local>[^=/]+)|prvs=(?<local>[^=/]+)/[0-9][0-9a-f]{7,11}|(?<local>[^=+]+)\\+prvs=[0-9][0-9a-f]{7,11}|btv1==[0-9a-z]{6,32}==(?<local>[^=]+))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tagged();

    /// <summary>The mail came over somebody else's mailbox or server: the envelope is that one's.</summary>
    [GeneratedRegex("^srs[01][=+-]|\\+caf_=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Forwarded();
}

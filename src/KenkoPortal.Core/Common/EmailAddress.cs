using System.Diagnostics.CodeAnalysis;

namespace KenkoPortal.Core.Common;

/// <summary>Why a text is no mail address, so that a page can say it in the member's words.</summary>
public enum EmailAddressProblem
{
    /// <summary>The text is an address.</summary>
    None,

    /// <summary>Nothing was typed.</summary>
    Empty,

    /// <summary>Longer than 254 characters, or more than 64 before the @ (RFC 5321 §4.5.3.1).</summary>
    TooLong,

    /// <summary>An address typed in full width; the member should type it in half width.</summary>
    FullWidth,

    /// <summary>Holds other characters than ASCII: look-alike letters, accents, kana.</summary>
    NotAscii,

    /// <summary>More than one address: a comma, a semicolon or a second @.</summary>
    SeveralAddresses,

    /// <summary>Anything else that is wrong with it.</summary>
    Malformed,
}

/// <summary>One mail address, exactly one, as it is used in an envelope and a header.</summary>
/// <remarks>
/// Source: RFC 5321 §4.1.2 (Mailbox), in ASCII only, with domains of letters, digits and hyphens. Deviations:
/// <list type="bullet">
/// <item>Dots may stand anywhere in the local part (<c>a..b@docomo.ne.jp</c>, <c>abc.@ezweb.ne.jp</c>). Dot-string forbids
/// it, but Japanese carriers gave out such addresses until 2009 and they are still in use (checked 2026-01). Towards
/// other servers they are quoted: <see cref="SmtpForm"/>.</item>
/// <item><c>%</c> and <c>!</c> are refused although atext: relays read them as routes (RFC 5321 appendix F.2), so that
/// one mailbox would have many spellings and could lie behind a domain of ours.</item>
/// <item>Address literals (<c>a@[192.0.2.1]</c>) are refused.</item>
/// </list>
/// Nothing is normalised in <see cref="Value"/>: what was typed is used or refused, never changed into another address.
/// </remarks>
public sealed class EmailAddress : IEquatable<EmailAddress>
{
    /// <summary>The longest address, in characters (RFC 5321 §4.5.3.1.3, without the angle brackets).</summary>
    public const int MaxLength = 254;

    private const int MaxLocalLength = 64;
    private const int MaxLabelLength = 63;

    private EmailAddress(string value, int at)
    {
        Value = value;
        LocalPart = value[..at];
        Domain = value[(at + 1)..].ToLowerInvariant();
        Folded = value.ToLowerInvariant();
        Canonical = CanonicalOf(LocalPart, Domain);
        SmtpForm = $"{(IsDotString(LocalPart) ? LocalPart : $"\"{LocalPart}\"")}@{Domain}";
    }

    /// <summary>The address as typed, without surrounding spaces.</summary>
    public string Value { get; }

    /// <summary>What stands before the @, as typed and without quotes.</summary>
    public string LocalPart { get; }

    /// <summary>What stands behind the @, in lower case.</summary>
    public string Domain { get; }

    /// <summary>In lower case, for comparing.</summary>
    public string Folded { get; }

    /// <summary>
    /// In lower case, without a +tag, at Gmail without dots, and under one of the domains that a provider gives each mailbox (iCloud, Proton): addresses of one mailbox are equal.
    /// For counting asks and comparing mailboxes only, never for sending or looking up.
    /// </summary>
    public string Canonical { get; }

    /// <summary>As staff see it, who must not learn the whole address: <c>k***@e***.jp</c>.</summary>
    public string Masked => $"{LocalPart[0]}***@{Domain[0]}***{Domain[Math.Max(0, Domain.LastIndexOf('.'))..]}";

    /// <summary>For an envelope or header: the local part in quotes where it is no dot-string (RFC 5321 §4.1.2).</summary>
    public string SmtpForm { get; }

    /// <summary>Reads an address that a member typed or a list holds.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EmailAddress? address) =>
        TryParse(text, out address, out _);

    /// <summary>Reads an address that a member typed, and says what is wrong with it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EmailAddress? address, out EmailAddressProblem problem) =>
        TryRead(text, oneLabel: false, out address, out problem);

    /// <summary>Reads an address that an operator sets; its domain may be one label, as in <c>portal@localhost</c>.</summary>
    public static bool TryParseSetting(string? text, [NotNullWhen(true)] out EmailAddress? address) =>
        TryRead(text, oneLabel: true, out address, out _);

    /// <summary>Reads the mailbox of an SMTP path, without its angle brackets. Strict senders put the old carrier
    /// addresses in quotes; the quotes are dropped where what they hold is an address to us.</summary>
    public static bool TryParseSmtp(string? mailbox, bool oneLabel, [NotNullWhen(true)] out EmailAddress? address)
    {
        address = null;
        if (string.IsNullOrEmpty(mailbox) || mailbox[0] is ' ' || mailbox[^1] is ' ')
        {
            return false;
        }

        if (mailbox[0] == '"')
        {
            var close = mailbox.IndexOf("\"@", 1, StringComparison.Ordinal);
            if (close < 0)
            {
                return false;
            }

            mailbox = string.Concat(mailbox.AsSpan(1, close - 1), mailbox.AsSpan(close + 1));
        }

        return TryRead(mailbox, oneLabel, out address, out _);
    }

    /// <summary>Reads an address that was stored.</summary>
    /// <exception cref="FormatException">It is none. The message does not repeat it.</exception>
    public static EmailAddress Parse(string text) =>
        TryParseSetting(text, out var address) ? address : throw new FormatException("Not a mail address.");

    public bool Equals(EmailAddress? other) => other is not null && string.Equals(Folded, other.Folded, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as EmailAddress);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Folded);

    /// <summary>Not the address: one that slips into a log line or an exception must say nothing. Use <see cref="Value"/>.</summary>
    public override string ToString() => "[address]";

    private static bool TryRead(string? text, bool oneLabel, [NotNullWhen(true)] out EmailAddress? address, out EmailAddressProblem problem)
    {
        address = null;
        // Not Trim(): a line break at the end is refused like one in the middle.
        var value = text?.Trim(' ', '\t', '\u3000') ?? "";
        var at = value.IndexOf('@', StringComparison.Ordinal);
        problem = Judge(value, at, oneLabel);
        if (problem is not EmailAddressProblem.None)
        {
            return false;
        }

        address = new EmailAddress(value, at);
        return true;
    }

    private static EmailAddressProblem Judge(string value, int at, bool oneLabel)
    {
        if (value.Length == 0)
        {
            return EmailAddressProblem.Empty;
        }

        if (value.Any(c => c > 0x7F))
        {
            return value.All(c => c is (> ' ' and < (char)0x7F) or (>= '\uFF01' and <= '\uFF5E'))
                ? EmailAddressProblem.FullWidth
                : EmailAddressProblem.NotAscii;
        }

        if (value.AsSpan().ContainsAny(",;") || at != value.LastIndexOf('@'))
        {
            return EmailAddressProblem.SeveralAddresses;
        }

        if (value.Length > MaxLength || at > MaxLocalLength)
        {
            return EmailAddressProblem.TooLong;
        }

        return at > 0 && IsLocalPart(value.AsSpan(0, at)) && IsDomain(value.AsSpan(at + 1), oneLabel)
            ? EmailAddressProblem.None
            : EmailAddressProblem.Malformed;
    }

    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        foreach (var c in local)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !".#$&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return local.ContainsAnyExcept('.');
    }

    private static string CanonicalOf(string local, string domain)
    {
        var tag = local.IndexOf('+', StringComparison.Ordinal);
        var plain = (tag > 0 ? local[..tag] : local).ToLowerInvariant();
        return domain switch
        {
            "gmail.com" or "googlemail.com" when plain.Replace(".", "", StringComparison.Ordinal) is { Length: > 0 } dotless => $"{dotless}@gmail.com",
            "me.com" or "mac.com" => $"{plain}@icloud.com",
            "pm.me" or "protonmail.com" or "protonmail.ch" => $"{plain}@proton.me",
            _ => $"{plain}@{domain}",
        };
    }

    private static bool IsDotString(string local) =>
        local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal);

    private static bool IsDomain(ReadOnlySpan<char> domain, bool oneLabel)
    {
        var labels = 0;
        var last = default(ReadOnlySpan<char>);
        foreach (var range in domain.Split('.'))
        {
            last = domain[range];
            labels++;
            if (last.Length is 0 or > MaxLabelLength || last[0] == '-' || last[^1] == '-')
            {
                return false;
            }

            foreach (var c in last)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }

        // A top label of digits only would be an IPv4 address.
        return (oneLabel || labels > 1) && last.ContainsAnyExceptInRange('0', '9');
    }
}

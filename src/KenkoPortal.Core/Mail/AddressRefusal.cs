using System.Globalization;
using System.Text.RegularExpressions;

namespace KenkoPortal.Core.Mail;

/// <summary>
/// Whether a refusal for good speaks against the address itself: it does not exist, or its owner's provider closed it. Policy, content, size, quota, network,
/// expiry and authentication speak of the sender's server, of the message or of the day, and say nothing about the address (rows M10, M11).
/// </summary>
/// <remarks>
/// The subject of the status decides (RFC 3463 §3, and the registry of enhanced status codes). Servers give wrong statuses, so the diagnostic may contradict it
/// (<c>552 mailbox over quota</c> under 5.1.1), and decides where the status is vague (5.0.0, 5.1.0). In doubt the address is not to blame.
/// </remarks>
public static partial class AddressRefusal
{
    /// <summary>More of a diagnostic is not looked at.</summary>
    public const int MaxDiagnostic = 1000;

    /// <param name="status">What the report or the reply gives as its status.</param>
    /// <param name="diagnostic">The refusing server's reply: its code, its own status and its words, as far as they are known.</param>
    public static bool IsOfAddress(EnhancedStatus? status, string? diagnostic)
    {
        var text = diagnostic is { Length: > MaxDiagnostic } ? diagnostic[..MaxDiagnostic] : diagnostic ?? "";
        var reply = Reply().Match(text);
        var code = reply.Success ? int.Parse(reply.Groups["code"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        EnhancedStatus? own = reply.Success && EnhancedStatus.TryParse(reply.Groups["status"].ValueSpan, out var read) ? read : null;
        // 552 is the storage, whatever stands beside it (RFC 5321 §4.2.3).
        if (code is (> 0 and < 500) or 552 || !MayBeOfAddress(status) || !MayBeOfAddress(own))
        {
            return false;
        }

        var words = Addresses().Replace(text, " ");
        return !OtherCause().IsMatch(words) && (IsNamed(status) || IsNamed(own) || NobodyThere().IsMatch(words));
    }

    /// <summary>The status itself names an address that is not there: unknown mailbox, unknown domain, bad syntax, moved away, a domain that takes no mail, disabled.</summary>
    private static bool IsNamed(EnhancedStatus? status) =>
        status is { Class: 5, Subject: 1, Detail: 1 or 2 or 3 or 6 or 10 } or { Class: 5, Subject: 2, Detail: 1 };

    private static bool MayBeOfAddress(EnhancedStatus? status) =>
        status is null or { Class: 5, Subject: 0 } or { Class: 5, Subject: 1 or 2, Detail: 0 } || IsNamed(status);

    [GeneratedRegex(@"^\s*(?<code>[2-5]\d\d)(?:[ \-]+[#(\[]?(?<status>[245]\.\d{1,3}\.\d{1,3})\b)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Reply();

    /// <summary>What is quoted or linked is no word of the server: a local part may be <c>full.quota</c>.</summary>
    [GeneratedRegex(@"<[^<>]*>|https?://\S+|[^\s@]{1,64}@[^\s@]+", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Addresses();

    [GeneratedRegex(
        @"quota|\bfull\b|storage|\bspace\b|block|black\s?list|\bbanned\b|spam|unsolicited|\bpolic(y|ies)\b|reputation|abuse|\brate\b|too (many|fast|large|big|much)|\bsize\b|exceed|\blimit"
        + @"|temporar|again later|greylist|graylist|authenticat|\bspf\b|\bdkim\b|\bdmarc\b|relaying|relay access|unable to relay|virus|malware|\bcontents?\b|client host|access denied|expired|timed? ?out"
        + "|容量|迷惑メール|一時的|サイズ",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OtherCause();

    [GeneratedRegex(
        @"\b(user|recipient|mailbox|account|address) (is |was |has been )?(unknown|invalid|not found|disabled|deactivated|deleted|closed|inactive)\b"
        + @"|\b(unknown|no such|invalid) (local )?(user|recipient|mailbox|account|person)\b|\bdoes(n't| not) exist\b|\bno mailbox (here )?by that name\b|\bnot a valid (user|recipient|mailbox)\b"
        + "|存在しません|宛先不明",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NobodyThere();
}

using KenkoPortal.Core.Common;
using MimeKit;

namespace KenkoPortal.Core.Mail;

/// <summary>A recipient whom a delivery report gives up.</summary>
/// <param name="Final">Final-Recipient: to whom the reporting server tried to deliver.</param>
/// <param name="Original">Original-Recipient: to whom the sender wrote, as far as the reporting server knows.</param>
/// <param name="Status">Its status; null where there is none that can be read.</param>
/// <param name="Diagnostic">The refusing server's reply, without its type.</param>
public sealed record FailedRecipient(EmailAddress? Final, EmailAddress? Original, EnhancedStatus? Status, string? Diagnostic)
{
    /// <summary>
    /// Whether it speaks of this address. Where a mailbox forwards, the report names the one behind it: that says nothing about the address, unless both are of one domain, whose
    /// server then rewrote its own mailbox.
    /// </summary>
    public bool IsOf(EmailAddress address) =>
        Final is null ? address.Equals(Original) : address.Equals(Final) || (address.Equals(Original) && Final.Domain == address.Domain);

    /// <summary>No address and no words: it may get into a log.</summary>
    public override string ToString() => $"{Status}";
}

/// <summary>What a report says of one mail.</summary>
/// <param name="Status">The status that it gives; null where it reports no failure.</param>
/// <param name="IsHard">It speaks against the address that the mail went to.</param>
public sealed record BounceVerdict(EnhancedStatus? Status, bool IsHard)
{
    public static readonly BounceVerdict Nothing = new(null, IsHard: false);
}

/// <summary>A delivery report (RFC 3464), read from its machine's part alone: what a person or a vacation responder writes is never a verdict.</summary>
/// <param name="Failed">Those whom it gives up; a delay and a delivery are no failure.</param>
public sealed record DeliveryReport(IReadOnlyList<FailedRecipient> Failed)
{
    /// <summary>A mail of ours has one recipient.</summary>
    private const int MostRecipients = 20;

    private static readonly EnhancedStatus Unspecified = new(5, 0, 0);

    /// <summary>Hostile mails nest parts in parts.</summary>
    private static readonly ParserOptions Parsing = new() { MaxMimeDepth = 8 };

    /// <summary>Reads a whole message. Null where it is no <c>multipart/report</c> of a delivery, or cannot be read.</summary>
    public static DeliveryReport? Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var stream = new MemoryStream(message.ToArray(), writable: false);
            using var mail = MimeMessage.Load(Parsing, stream, CancellationToken.None);
            return mail.Body is MultipartReport { ReportType: { } type } report && type.Equals("delivery-status", StringComparison.OrdinalIgnoreCase)
                && report.OfType<MessageDeliveryStatus>().FirstOrDefault() is { } status
                ? Read(status)
                : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Anybody may send anything: what the parser chokes on is no report.
            return null;
        }
    }

    /// <summary>What it says of the mail that went to this address.</summary>
    /// <param name="address">Null where the mail is gone.</param>
    public BounceVerdict Of(EmailAddress? address)
    {
        var own = address is null ? [] : Failed.Where(f => f.IsOf(address)).ToList();
        return own.Count > 0 ? new BounceVerdict(own[0].Status ?? Unspecified, own.TrueForAll(f => AddressRefusal.IsOfAddress(f.Status, f.Diagnostic)))
            : Failed.Count > 0 ? new BounceVerdict(Failed[0].Status ?? Unspecified, IsHard: false)
            : BounceVerdict.Nothing;
    }

    /// <summary>The statuses alone: it may get into a log.</summary>
    public override string ToString() => string.Join(' ', Failed);

    private static DeliveryReport? Read(MessageDeliveryStatus status)
    {
        var groups = status.StatusGroups.Where(group => group.Contains("Final-Recipient") || group.Contains("Original-Recipient")).Take(MostRecipients + 1).ToList();
        return groups.Count > MostRecipients ? null : new DeliveryReport([.. groups
            .Where(group => FirstWord(group["Action"]).Equals("failed", StringComparison.OrdinalIgnoreCase))
            .Select(group => new FailedRecipient(
                AddressIn(group["Final-Recipient"]),
                AddressIn(group["Original-Recipient"]),
                EnhancedStatus.TryParse(group["Status"], out var read) ? read : null,
                WithoutType(group["Diagnostic-Code"])))]);
    }

    private static string FirstWord(string? value) => value?.Trim().Split(' ', '\t', '(', ';')[0] ?? "";

    /// <summary><c>rfc822; taro@example.jp</c>.</summary>
    private static EmailAddress? AddressIn(string? value) =>
        EmailAddress.TryParseSmtp(WithoutType(value)?.Trim('<', '>'), oneLabel: true, out var address) ? address : null;

    private static string? WithoutType(string? value)
    {
        var text = value is null ? null : value[(value.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim();
        return text is { Length: > AddressRefusal.MaxDiagnostic } ? text[..AddressRefusal.MaxDiagnostic] : text;
    }
}

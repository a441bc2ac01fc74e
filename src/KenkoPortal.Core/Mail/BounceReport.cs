using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Mail;

/// <summary>A mail that could not be delivered: the relay refused its address, or a bounce came back on its own return path.</summary>
public sealed class BounceReport : ITenantOwned, IWakesJobs
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }

    /// <summary>The mail, as its return path named and proved it.</summary>
    public required Guid MailId { get; init; }

    /// <summary>It speaks against the address (<see cref="AddressRefusal"/>); others are only kept.</summary>
    public required bool IsHard { get; init; }

    /// <summary>The status of the failure, such as <c>5.7.1</c>; null where it reports none: an automatic reply, a delay, a text that no machine reads.</summary>
    public string? Status { get; init; }

    /// <summary>The domain that the mail went to, for counting; null where the mail is gone.</summary>
    public string? Domain { get; init; }

    /// <summary>Many of its domain came back at once, so that it counts against nobody (row M11).</summary>
    public bool IsHeldBack { get; set; }

    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; set; }
}

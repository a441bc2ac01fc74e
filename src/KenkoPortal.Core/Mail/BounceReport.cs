using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Mail;

/// <summary>A mail that could not be delivered: the relay refused its address, or a bounce came back on its own return path.</summary>
public sealed class BounceReport : ITenantOwned, IWakesJobs
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }

    /// <summary>The mail, as its return path named and proved it.</summary>
    public required Guid MailId { get; init; }

    /// <summary>A permanent failure (5.x.x); others are only kept.</summary>
    public required bool IsHard { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; set; }
}

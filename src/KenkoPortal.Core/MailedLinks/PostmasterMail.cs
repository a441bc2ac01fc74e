using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>A mail to the postmaster, until it is forwarded to the society's staff.</summary>
public sealed class PostmasterMail : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Its beginning, as <see cref="MessageSource"/> keeps it.</summary>
    public required string Source { get; init; }
}

using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Accounts;

/// <summary>A device that logged in to the account before. Its own count lets the owner in while strangers lock the account (row A10).</summary>
public sealed class KnownDevice : ITenantOwned
{
    public static readonly TimeSpan Validity = TimeSpan.FromDays(180);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid AccountId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public LoginThrottle Throttle { get; init; } = new();

    public bool IsAliveAt(DateTimeOffset now) => now < CreatedAt + Validity;
}

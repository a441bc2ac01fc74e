using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Sharing;

/// <summary>A line that its owner keeps from the household, whatever the switches say; the pharmacy lines of the same institution and month go with it.</summary>
public sealed class HiddenClaim : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }
    public required Guid ClaimId { get; init; }
    public required DateTimeOffset HiddenAt { get; init; }
}

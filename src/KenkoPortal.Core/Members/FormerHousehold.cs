using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>A household that a person has left. <see cref="Person.HouseholdId"/> forgets it; the mailboxes that were shared there do not (row Z8).</summary>
public sealed class FormerHousehold : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }
    public required Guid HouseholdId { get; init; }
    public required DateTimeOffset LeftAt { get; init; }
}

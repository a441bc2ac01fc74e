using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>The insured and the dependents under one 記号・番号. Sharing is bound to it.</summary>
public sealed class Household : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
}

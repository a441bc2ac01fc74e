using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Accounts;

/// <summary>
/// That a person's account once had a mail address. It outlives the address and the account: who shared a mailbox with somebody may still read it (row Z8).
/// </summary>
public sealed class AddressUse : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }

    /// <summary>Keyed hash of the canonical address (case and +tag folded): enough to compare, and no address.</summary>
    public required string AddressMac { get; init; }

    public required DateTimeOffset Since { get; init; }
}

using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Accounts;

/// <summary>メールアドレス1, 2 or 3 of an account: confirmed, for one that is not never gets here (row L10).</summary>
public sealed class AccountMailAddress : ITenantOwned
{
    public const int Slots = 3;

    /// <summary>Hard bounces after which the address is marked and the member told.</summary>
    public const int HardBouncesToMark = 2;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>1 to 3.</summary>
    public required int Slot { get; init; }

    public required string Address { get; set; }

    /// <summary>The address without regard to case.</summary>
    public required string AddressKey { get; set; }

    public required DateTimeOffset ConfirmedAt { get; set; }
    public int HardBounces { get; set; }

    /// <summary>When mail to it was found to fail for good; the member is told at the next login.</summary>
    public DateTimeOffset? BouncedAt { get; set; }

    /// <summary>Since when somebody else of the household may read it, present or former (row Z8). No mail about the account goes there.</summary>
    public DateTimeOffset? UntrustedAt { get; set; }

    public bool IsTrusted => UntrustedAt is null;

    /// <summary>The same address in another place.</summary>
    public AccountMailAddress MovedTo(int slot) => new()
    {
        SocietyId = SocietyId,
        AccountId = AccountId,
        Slot = slot,
        Address = Address,
        AddressKey = AddressKey,
        ConfirmedAt = ConfirmedAt,
        HardBounces = HardBounces,
        BouncedAt = BouncedAt,
        UntrustedAt = UntrustedAt,
    };

    public void CountHardBounce(DateTimeOffset now)
    {
        HardBounces++;
        if (HardBounces >= HardBouncesToMark)
        {
            BouncedAt ??= now;
        }
    }
}

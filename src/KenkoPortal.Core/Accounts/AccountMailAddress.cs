using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Accounts;

/// <summary>メールアドレス1, 2 or 3 of an account: confirmed, for one that is not never gets here (row L10).</summary>
public sealed class AccountMailAddress : ITenantOwned
{
    public const int Slots = 3;

    /// <summary>Hard bounces after which the address is marked and the member told.</summary>
    public const int HardBouncesToMark = 2;

    /// <summary>How long one bounce counts. A month's notice mail follows the last one after 28 to 31 days, later where the day moves: a shorter time would never count two of them.</summary>
    public static readonly TimeSpan BounceCounts = TimeSpan.FromDays(40);

    /// <summary>How long a mark holds. A mailbox that was closed for a time is tried again after it.</summary>
    public static readonly TimeSpan MarkHolds = TimeSpan.FromDays(90);

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

    /// <summary>The last bounce that counts.</summary>
    public DateTimeOffset? LastBounceAt { get; set; }

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
        LastBounceAt = LastBounceAt,
    };

    /// <summary>Whether what bounced is so long ago that it says nothing any more.</summary>
    public bool IsBounceOldAt(DateTimeOffset now) => BouncedAt is { } marked ? now - marked >= MarkHolds : LastBounceAt is { } last && now - last >= BounceCounts;

    public void CountHardBounce(DateTimeOffset now)
    {
        if (IsBounceOldAt(now))
        {
            ForgetBounces();
        }

        HardBounces++;
        LastBounceAt = now;
        if (HardBounces >= HardBouncesToMark)
        {
            BouncedAt ??= now;
        }
    }

    /// <summary>A bounce that was counted turned out to say nothing about the address. A mark that came of it comes off.</summary>
    /// <param name="since">A mark that is older stays.</param>
    public void TakeBackBounce(DateTimeOffset since)
    {
        HardBounces = Math.Max(0, HardBounces - 1);
        if (HardBounces < HardBouncesToMark && BouncedAt > since)
        {
            BouncedAt = null;
        }
    }

    /// <summary>Mail arrives there again: nothing counts against the address any more.</summary>
    /// <returns>Whether it was marked.</returns>
    public bool ForgetBounces()
    {
        var wasMarked = BouncedAt is not null;
        (HardBounces, LastBounceAt, BouncedAt) = (0, null, null);
        return wasMarked;
    }
}

using KenkoPortal.Core.MailedLinks;

namespace KenkoPortal.Core.Accounts;

/// <summary>A new address that a member asked for, until its mailed link is followed.</summary>
public sealed class AddressConfirmation : MailedLink
{
    /// <summary>Confirmation mails that one account may cause in 24 hours.</summary>
    public const int MostPerDay = 10;

    public required Guid AccountId { get; init; }

    /// <summary>メールアドレス1, 2 or 3.</summary>
    public required int Slot { get; init; }

    public required string Address { get; init; }
    public DateTimeOffset? ConfirmedAt { get; private set; }

    public override bool IsDone => ConfirmedAt is not null;

    public void Confirm(DateTimeOffset now)
    {
        ConfirmedAt = now;
        End(now);
    }
}

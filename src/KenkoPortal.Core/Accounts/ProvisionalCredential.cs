using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Accounts;

/// <summary>仮ログインID and 仮パスワード of one posted letter, for one person. Voided by a newer letter, used once.</summary>
public sealed class ProvisionalCredential : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }

    /// <summary>仮ログインID, 8 digits (<see cref="Accounts.ProvisionalId"/>).</summary>
    public required string ProvisionalId { get; init; }

    /// <summary>HMAC-SHA-256 of the normalised 仮パスワード under a key that is not in the database.</summary>
    public required byte[] PasswordMac { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? VoidedAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }

    public TakenLoginIds TakenLoginIds { get; init; } = new();

    public bool IsUsableAt(DateTimeOffset now) => VoidedAt is null && UsedAt is null && now < ExpiresAt;
}

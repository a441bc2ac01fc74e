using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Letters;

/// <summary>仮ログインID and 仮パスワード of one posted letter, for one person. Voided by a newer letter, used once.</summary>
public sealed class ProvisionalCredential : ITenantOwned
{
    /// <summary>Letters are committed one after another under this name; who protects somebody waits for them, or they for it (<see cref="UnitOfWork.QueueUpAsync"/>).</summary>
    public const string Queue = "letters";

    /// <summary>How long a 再設定のご案内 is good.</summary>
    public const int RecoveryDays = 30;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }

    /// <summary>仮ログインID, 8 digits (<see cref="Letters.ProvisionalId"/>).</summary>
    public required string ProvisionalId { get; init; }

    /// <summary>HMAC-SHA-256 of the normalised 仮パスワード under a key that is not in the database.</summary>
    public required byte[] PasswordMac { get; init; }

    /// <summary>Which letter holds it.</summary>
    public LetterKind Letter { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? VoidedAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }

    public TakenLoginIds TakenLoginIds { get; init; } = new();

    /// <summary>A 再設定のご案内 sets an account anew that must be there; every other letter makes one.</summary>
    public bool Fits(MemberAccount? account) => Letter == LetterKind.Recovery ? account is { SuspendedAt: null } : account is null;

    public bool IsUsableAt(DateTimeOffset now) => VoidedAt is null && UsedAt is null && now < ExpiresAt;
}

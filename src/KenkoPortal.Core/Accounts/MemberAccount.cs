using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Accounts;

/// <summary>A person's login. One a person; the switches for sharing and notices belong to the person, not to it.</summary>
public sealed class MemberAccount : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }

    /// <summary>ログインID as chosen; unique through <see cref="LoginIdKey"/>.</summary>
    public required string LoginId { get; set; }

    /// <summary>The ID without regard to case (<see cref="Accounts.LoginId.Key"/>).</summary>
    public required string LoginIdKey { get; set; }

    /// <summary>The stored string names its scheme (<see cref="PasswordHashing"/>).</summary>
    public required string PasswordHash { get; set; }

    public required string Nickname { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastLoginAt { get; set; }
    public DateTimeOffset? SuspendedAt { get; set; }

    /// <summary>Guesses from devices that never logged in; what happens on known devices does not touch it.</summary>
    public LoginThrottle Throttle { get; init; } = new();

    public TakenLoginIds TakenLoginIds { get; init; } = new();
}

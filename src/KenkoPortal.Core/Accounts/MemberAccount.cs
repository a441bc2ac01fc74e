using KenkoPortal.Core.Common;
using KenkoPortal.Core.Letters;

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

    /// <summary>With which letter it was made, or set anew.</summary>
    public LetterKind Letter { get; set; }

    /// <summary>It was made under a mailed link that somebody else of the household had used first: the mailbox may be theirs.</summary>
    public bool IsUnderHouseholdLink { get; set; }

    /// <summary>When a 再設定のご案内 set it anew.</summary>
    public DateTimeOffset? RecoveredAt { get; set; }

    /// <summary>Since when it waits for a letter of its person's own (row Z8): until then nobody logs in and no mail goes out.</summary>
    public DateTimeOffset? WaitsSince { get; set; }

    /// <summary>When it was set anew while an older address was still good: its owner has time to object before notices open (<see cref="NoticeHold"/>).</summary>
    public DateTimeOffset? NoticesHeldSince { get; set; }

    /// <summary>Nobody may log in, whatever they know.</summary>
    public bool IsShut => SuspendedAt is not null || WaitsSince is not null;

    /// <summary>Sets it anew: what was known of it before opens it no more.</summary>
    public void Recover(LoginId loginId, string passwordHash, string nickname, DateTimeOffset now)
    {
        (LoginId, LoginIdKey, PasswordHash, Nickname) = (loginId.Value, loginId.Key, passwordHash, nickname);
        (Letter, IsUnderHouseholdLink, RecoveredAt) = (LetterKind.Recovery, false, now);
        (WaitsSince, NoticesHeldSince) = (null, null);
        Throttle.Reset();
    }

    /// <summary>Guesses from devices that never logged in; what happens on known devices does not touch it.</summary>
    public LoginThrottle Throttle { get; init; } = new();

    public TakenLoginIds TakenLoginIds { get; init; } = new();
}

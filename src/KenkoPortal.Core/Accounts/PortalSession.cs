using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Accounts;

/// <summary>How far a visitor has come. Each step has a session identifier of its own (row A12).</summary>
public enum Trust
{
    /// <summary>The letter's credentials were right; the account is being entered.</summary>
    Registration,

    /// <summary>The reissue mail's temporary password was right; a new password is being entered.</summary>
    Reissue,

    /// <summary>Logged in.</summary>
    Login,
}

/// <summary>A session on the server; the cookie holds a random token, the row only its hash.</summary>
public sealed class PortalSession : ITenantOwned
{
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan LongestLogin = TimeSpan.FromHours(12);

    /// <summary>A form that was begun in time may be finished for this long.</summary>
    public static readonly TimeSpan FormLimit = TimeSpan.FromMinutes(30);

    /// <summary>A GET moves the last-seen time at most this often.</summary>
    public static readonly TimeSpan SeenInterval = TimeSpan.FromMinutes(5);

    public const int MostWrongPasswords = 5;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required byte[] TokenHash { get; init; }
    public required Trust Trust { get; init; }

    /// <summary>The account; of <see cref="Trust.Registration"/> the one that this session made, null until then.</summary>
    public Guid? AccountId { get; set; }

    /// <summary>The registration link or reissue request under which the step was taken.</summary>
    public Guid? LinkId { get; init; }

    /// <summary>The letter's credential that was shown.</summary>
    public Guid? CredentialId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The login before this one, shown as 前回ログイン日; null at the first.</summary>
    public DateTimeOffset? PreviousLoginAt { get; init; }

    /// <summary>Wrong 現在のパスワード in a row; at the limit the session ends.</summary>
    public int WrongPasswords { get; set; }

    public bool IsAliveAt(DateTimeOffset now) => Trust == Trust.Login
        ? now - LastSeenAt <= IdleLimit && now - CreatedAt <= LongestLogin
        : now - CreatedAt <= FormLimit;
}

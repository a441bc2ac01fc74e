using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>
/// A link that went out by mail, valid three hours: for registration, for the reissue, for a new address. Its token is derived
/// from its id under a key outside the database; the row holds only the token's hash (row L1).
/// </summary>
public abstract class MailedLink : ITenantOwned
{
    public static readonly TimeSpan Validity = TimeSpan.FromHours(3);

    /// <summary>Failures after which the link ends (row A8).</summary>
    public const int MostFailures = 5;

    /// <summary>Clocks are adjusted by seconds; a clock set back by more revives nothing.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required byte[] TokenHash { get; init; }

    /// <summary>The queued mail; a newer link ends this one only once its own mail was sent.</summary>
    public required Guid MailId { get; init; }

    public required DateTimeOffset AskedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How often it was opened.</summary>
    public int Clicks { get; private set; }

    public DateTimeOffset? LastClickAt { get; private set; }
    public int Failures { get; private set; }
    public DateTimeOffset? LastAttemptAt { get; private set; }

    /// <summary>Used, replaced, voided or found expired.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Whether the member finished what the link is for. A registration link serves a household, so it is never done.</summary>
    public virtual bool IsDone => false;

    public bool IsInTimeAt(DateTimeOffset now) => now < ExpiresAt && now >= (LastClickAt ?? AskedAt) - ClockTolerance;

    public bool IsAliveAt(DateTimeOffset now) => EndedAt is null && Failures < MostFailures && IsInTimeAt(now);

    public void CountClick(DateTimeOffset now)
    {
        Clicks++;
        LastClickAt = LastClickAt > now ? LastClickAt : now;
    }

    /// <summary>Counts a failure in advance; <see cref="GiveBackAttempt"/> undoes it.</summary>
    public void ReserveAttempt(DateTimeOffset now)
    {
        Failures++;
        LastAttemptAt = now;
    }

    public void GiveBackAttempt() => Failures = Math.Max(0, Failures - 1);

    /// <summary>A completed registration resets the count, for the next of the family.</summary>
    public void ResetFailures() => Failures = 0;

    public void End(DateTimeOffset now) => EndedAt ??= now;
}

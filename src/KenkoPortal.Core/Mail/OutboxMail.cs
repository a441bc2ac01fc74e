using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Mail;

/// <summary>Account mails leave ahead of notices.</summary>
public enum MailLane
{
    Account,
    Notice,
}

/// <summary>Why a mail was not sent.</summary>
public enum NotSentReason
{
    /// <summary>Its link died before it could go.</summary>
    Expired,

    /// <summary>What it speaks of is over: a withdrawn month, a used or replaced link, an address that was taken out.</summary>
    NothingToSay,

    /// <summary>Its template or its address cannot be read.</summary>
    Unwritable,

    /// <summary>The relay says that there is no such mailbox.</summary>
    AddressRefused,

    /// <summary>The relay refused this one mail for good, and takes others.</summary>
    Refused,

    /// <summary>It waited as long as any mail waits.</summary>
    GivenUp,

    /// <summary>Staff cancelled it.</summary>
    Cancelled,
}

/// <summary>
/// A mail that waits, or was sent. It holds its template and ids: no secret, no text. What is secret in it is derived when it is
/// written (docs/decisions/ADR-003-mail.md).
/// </summary>
public sealed class OutboxMail : ITenantOwned, IWakesJobs
{
    /// <summary>After this long a mail that could not be handed over is given up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(4);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required MailLane Lane { get; init; }

    /// <summary>Name of the template that writes it (<see cref="IMailTemplate.Name"/>).</summary>
    public required string Template { get; init; }

    public required string ToAddress { get; init; }

    /// <summary>The account it speaks of, for bounces; null for mails to strangers and staff.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>The entity that the template reads: a link, a reissue request.</summary>
    public Guid? SubjectId { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }
    public required DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>A mail whose link is dead by then is not sent.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public int Attempts { get; set; }

    /// <summary>Held by a sender until then; a sender that died lets it go.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Given up, expired or refused for good.</summary>
    public DateTimeOffset? FailedAt { get; private set; }

    /// <summary>Why it was not sent; null where it waits or was sent.</summary>
    public NotSentReason? NotSent { get; private set; }

    /// <summary>While it waits: since when the relay refuses it in a way that speaks of us and not of the address (row M14).</summary>
    public DateTimeOffset? RefusedAt { get; private set; }

    /// <summary>The relay's last refusal: code and status, never its words.</summary>
    public string? Reply { get; private set; }

    /// <summary>When staff sent it on its way again.</summary>
    public DateTimeOffset? RetriedAt { get; private set; }

    public bool IsWaiting => SentAt is null && FailedAt is null;

    public void MarkSent(DateTimeOffset now)
    {
        SentAt = now;
        (LeasedUntil, RefusedAt, Reply) = (null, null, null);
    }

    /// <param name="reason">Why it is not sent.</param>
    /// <param name="reply">The relay's refusal, where that is the reason.</param>
    /// <param name="now">When.</param>
    public void MarkFailed(NotSentReason reason, string? reply, DateTimeOffset now)
    {
        (FailedAt, NotSent, Reply) = (now, reason, reply ?? Reply);
        (LeasedUntil, RefusedAt) = (null, null);
    }

    /// <summary>Lets a mail that failed go once more, with the same link.</summary>
    public void Retry(DateTimeOffset now)
    {
        (FailedAt, NotSent, Reply, RefusedAt) = (null, null, null, null);
        (RetriedAt, NextAttemptAt, Attempts) = (now, now, 0);
    }

    public bool HasWaitedLongestAt(DateTimeOffset now) => now - (RetriedAt ?? QueuedAt) >= LongestWait;

    /// <summary>It waits because the relay refuses us.</summary>
    public void Refuse(string reply, DateTimeOffset now)
    {
        RefusedAt ??= now;
        Reply = reply;
        Defer(now);
    }

    /// <summary>Backs off: 15 s, 30 s, 1 min … up to 30 min.</summary>
    public void Defer(DateTimeOffset now)
    {
        Attempts++;
        LeasedUntil = null;
        var seconds = Math.Min(15 * Math.Pow(2, Math.Min(Attempts - 1, 10)), TimeSpan.FromMinutes(30).TotalSeconds);
        NextAttemptAt = now + TimeSpan.FromSeconds(seconds);
    }
}

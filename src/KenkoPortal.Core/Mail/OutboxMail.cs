using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Mail;

/// <summary>Account mails leave ahead of notices.</summary>
public enum MailLane
{
    Account,
    Notice,
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

    public bool IsWaiting => SentAt is null && FailedAt is null;

    public void MarkSent(DateTimeOffset now)
    {
        SentAt = now;
        LeasedUntil = null;
    }

    public void MarkFailed(DateTimeOffset now)
    {
        FailedAt = now;
        LeasedUntil = null;
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

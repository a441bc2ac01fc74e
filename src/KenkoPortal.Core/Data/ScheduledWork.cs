using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Data;

/// <summary>A mail of any society, as scheduling sees it.</summary>
public sealed class WaitingMail
{
    public Guid Id { get; init; }
    public Guid SocietyId { get; init; }
    public MailLane Lane { get; init; }
    public DateTimeOffset NextAttemptAt { get; init; }
    public DateTimeOffset? LeasedUntil { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? FailedAt { get; init; }
    public DateTimeOffset? RefusedAt { get; init; }
}

/// <summary>An ask of any society that nobody decided yet, as scheduling sees it.</summary>
public sealed class WaitingAsk
{
    public Guid SocietyId { get; init; }
    public DateTimeOffset AskedAt { get; init; }
}

/// <summary>A bounce of any society that nobody decided yet, as scheduling sees it.</summary>
public sealed class WaitingBounce
{
    public Guid SocietyId { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>An audit event of any society that is not sealed yet, as scheduling sees it.</summary>
public sealed class UnsealedEvent
{
    public Guid SocietyId { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>A published month of any society whose mails are not queued yet, as scheduling sees it.</summary>
public sealed class UnmailedNotice
{
    public Guid SocietyId { get; init; }
    public DateOnly PublishOn { get; init; }
}

/// <summary>
/// What a scope without a society may read of all societies, to find which of them has work: ids and times, no address and no event. On PostgreSQL these are views of the tables' owner,
/// and the serving role reads the tables behind them in no society but its own; on SQLite they are queries.
/// </summary>
internal static class ScheduledWork
{
    /// <summary>View, the table behind it, and its query.</summary>
    public static readonly IReadOnlyList<(string View, string Table, string Query)> Views =
    [
        ("WaitingMails", "OutboxMails", """SELECT "Id", "SocietyId", "Lane", "NextAttemptAt", "LeasedUntil", "SentAt", "FailedAt", "RefusedAt" FROM "OutboxMails" """),
        ("WaitingAsks", "MailAsks", """SELECT "SocietyId", "AskedAt" FROM "MailAsks" WHERE "DecidedAt" IS NULL"""),
        ("WaitingBounces", "BounceReports", """SELECT "SocietyId", "ReceivedAt" FROM "BounceReports" WHERE "DecidedAt" IS NULL"""),
        ("UnsealedEvents", "AuditEvents", """SELECT "SocietyId", "At" FROM "AuditEvents" WHERE "Sequence" IS NULL"""),
        ("UnmailedNotices", "Publications", """SELECT "SocietyId", "PublishOn" FROM "Publications" WHERE "State" = 'Published' AND "MailedAt" IS NULL"""),
    ];

    public static void Map(ModelBuilder model, bool isPostgres)
    {
        Map<WaitingMail>(model, "WaitingMails", isPostgres);
        Map<WaitingAsk>(model, "WaitingAsks", isPostgres);
        Map<WaitingBounce>(model, "WaitingBounces", isPostgres);
        Map<UnsealedEvent>(model, "UnsealedEvents", isPostgres);
        Map<UnmailedNotice>(model, "UnmailedNotices", isPostgres);
    }

    private static void Map<T>(ModelBuilder model, string view, bool isPostgres)
        where T : class
    {
        var entity = model.Entity<T>().HasNoKey();
        if (isPostgres)
        {
            entity.ToView(view);
        }
        else
        {
            entity.ToTable((string?)null).ToSqlQuery(Views.Single(v => v.View == view).Query);
        }
    }
}

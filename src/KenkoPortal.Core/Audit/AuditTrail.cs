using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Audit;

/// <summary>Who acts in the running request, job or command.</summary>
public sealed class CurrentActor
{
    /// <summary><c>visitor</c> until somebody is known.</summary>
    public string Name { get; private set; } = "visitor";

    public void IsAccount(Guid accountId) => Name = $"account:{accountId}";

    public void IsJob(string job) => Name = $"job:{job}";

    /// <summary>The operating system's user, on the command line.</summary>
    public void IsSystemUser(string user) => Name = $"system:{user}";
}

/// <summary>Adds events to the running transaction (row G2).</summary>
public sealed class AuditTrail(PortalContext db, CurrentActor actor, TimeProvider clock)
{
    /// <summary>A viewer who looks at the same again within this time left an event already.</summary>
    public static readonly TimeSpan SameLook = TimeSpan.FromMinutes(10);

    /// <param name="kind">What was done.</param>
    /// <param name="subjectId">The row it was done to.</param>
    /// <param name="detail">Counts and kinds only; never a name, address or other personal value.</param>
    /// <param name="otherId">A second row (<see cref="AuditEvent.OtherId"/>).</param>
    public void Add(AuditKind kind, Guid? subjectId = null, string? detail = null, Guid? otherId = null) => db.AuditEvents.Add(EventOf(kind, subjectId, detail, otherId));

    /// <summary>Adds an event unless the same actor left the same one within the time: a look that is repeated is one look. Two that look at the same moment may both be written.</summary>
    /// <param name="kind">What was done.</param>
    /// <param name="subjectId">The row it was done to.</param>
    /// <param name="detail">Counts and kinds only.</param>
    /// <param name="within">How long a look stays the same.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task AddOnceAsync(AuditKind kind, Guid subjectId, string? detail, TimeSpan within, CancellationToken cancellationToken)
    {
        var (name, since) = (actor.Name, clock.GetUtcNow() - within);
        if (!await db.AuditEvents.AnyAsync(e => e.SubjectId == subjectId && e.At > since && e.Kind == kind && e.Actor == name && e.Detail == detail, cancellationToken))
        {
            Add(kind, subjectId, detail);
        }
    }

    /// <summary>Whether such an event was added since then, by whatever actor.</summary>
    public Task<bool> WasAddedAsync(AuditKind kind, Guid subjectId, string? detail, DateTimeOffset since, CancellationToken cancellationToken) =>
        db.AuditEvents.AnyAsync(e => e.SubjectId == subjectId && e.At > since && e.Kind == kind && e.Detail == detail, cancellationToken);

    /// <summary>Counts what strangers can do without end: one event a minute tells how often (<see cref="AuditTallies"/>), however many there were (row M12).</summary>
    /// <param name="kind">What was done.</param>
    /// <param name="detail">Counts and kinds only; what has the same is counted together.</param>
    /// <param name="count">How often.</param>
    /// <param name="subjectId">The row it was done to.</param>
    public void Count(AuditKind kind, string? detail = null, int count = 1, Guid? subjectId = null) => db.AuditTallies.Add(new AuditTally
    {
        SocietyId = db.SocietyId,
        At = clock.GetUtcNow(),
        Actor = actor.Name,
        Kind = kind,
        SubjectId = subjectId,
        Detail = detail,
        Count = count,
    });

    /// <summary>Adds an applied import and its event.</summary>
    public void AddImport(ImportRun run, AuditKind kind, string detail)
    {
        db.ImportRuns.Add(run);
        Add(kind, run.Id, detail);
    }

    /// <summary>An event that is not added yet: a write about many people adds theirs in bulk.</summary>
    /// <inheritdoc cref="Add"/>
    public AuditEvent EventOf(AuditKind kind, Guid? subjectId = null, string? detail = null, Guid? otherId = null) => new()
    {
        SocietyId = db.SocietyId,
        At = clock.GetUtcNow(),
        Actor = actor.Name,
        Kind = kind,
        SubjectId = subjectId,
        OtherId = otherId,
        Detail = detail,
    };
}

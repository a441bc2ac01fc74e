using KenkoPortal.Core.Data;

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
    /// <param name="kind">What was done.</param>
    /// <param name="subjectId">The row it was done to.</param>
    /// <param name="detail">Counts and kinds only; never a name, address or other personal value.</param>
    public void Add(AuditKind kind, Guid? subjectId = null, string? detail = null) => db.AuditEvents.Add(EventOf(kind, subjectId, detail));

    /// <summary>An event that is not added yet: a write about many people adds theirs in bulk.</summary>
    /// <inheritdoc cref="Add"/>
    public AuditEvent EventOf(AuditKind kind, Guid? subjectId = null, string? detail = null) => new()
    {
        SocietyId = db.SocietyId,
        At = clock.GetUtcNow(),
        Actor = actor.Name,
        Kind = kind,
        SubjectId = subjectId,
        Detail = detail,
    };
}

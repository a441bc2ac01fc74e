using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Audit;

/// <summary>What waits to be counted together with its like of the same minute: no event of its own, and no part of the chain.</summary>
public sealed class AuditTally : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required AuditKind Kind { get; init; }
    public Guid? SubjectId { get; init; }
    public string? Detail { get; init; }
    public required int Count { get; init; }
}

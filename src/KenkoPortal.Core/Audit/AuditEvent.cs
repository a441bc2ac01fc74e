using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Audit;

/// <summary>
/// What was done, by whom, to what: ids and kinds, never a personal value. A sealer chains the events of a society afterwards.
/// </summary>
public sealed class AuditEvent : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary><c>account:ID</c>, <c>visitor</c>, <c>job:NAME</c> or <c>system:USER</c> on the command line.</summary>
    public required string Actor { get; init; }

    /// <summary>One of <see cref="AuditKind"/>; docs/operations.md lists them.</summary>
    public required AuditKind Kind { get; init; }

    public Guid? SubjectId { get; init; }

    /// <summary>A second row that the event is about, where the first does not lead to it: of <see cref="AuditKind.AccountRemoved"/> the account.</summary>
    public Guid? OtherId { get; init; }

    /// <summary>Counts and kinds, such as <c>joined=3 left=1</c>.</summary>
    public string? Detail { get; init; }

    /// <summary>Place in the society's chain, from 1; null until sealed.</summary>
    public long? Sequence { get; set; }

    /// <summary>SHA-256 over the event and the hash before it; null until sealed.</summary>
    public byte[]? Hash { get; set; }
}

/// <summary>The head of a society's chain.</summary>
public sealed class AuditChain : ITenantOwned
{
    public required Guid SocietyId { get; init; }
    public long Length { get; set; }
    public required byte[] Head { get; set; }
}

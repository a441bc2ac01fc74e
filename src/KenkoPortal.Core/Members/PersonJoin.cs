using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>
/// That two people of the members' list are one, who came back under another name (<c>members join</c>). One row of <see cref="Person"/> stays, the other is gone:
/// events about it name <see cref="GoneId"/> for ever.
/// </summary>
public sealed class PersonJoin : ITenantOwned
{
    /// <summary>How long it can be undone.</summary>
    public static readonly TimeSpan UndoLimit = TimeSpan.FromDays(30);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid StayedId { get; init; }
    public required Guid GoneId { get; init; }
    public required DateTimeOffset JoinedAt { get; init; }
    public DateTimeOffset? UndoneAt { get; set; }

    /// <summary>Both people as they were and the ids of what moved, as JSON; null once nobody can undo it any more.</summary>
    public string? Moved { get; set; }

    public bool CanBeUndoneAt(DateTimeOffset now) => UndoneAt is null && Moved is not null && now < JoinedAt + UndoLimit;
}

using KenkoPortal.Core.Common;
using KenkoPortal.Core.Sharing;

namespace KenkoPortal.Core.Publication;

/// <summary>Who saw whose notice of a publication, the first time: for unread marks, and to tell who had seen what is withdrawn.</summary>
public sealed class NoticeSight : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PublicationId { get; init; }
    public required NoticeKind Kind { get; init; }

    /// <summary>Whose notice.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>Who looked.</summary>
    public required Guid ViewerId { get; init; }

    public required DateTimeOffset SeenAt { get; init; }
}

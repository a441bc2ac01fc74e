using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.News;

/// <summary>Who has read an article, for the unread marks.</summary>
public sealed class ArticleSight : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid ArticleId { get; init; }
    public required Guid PersonId { get; init; }
    public required DateTimeOffset SeenAt { get; init; }
}

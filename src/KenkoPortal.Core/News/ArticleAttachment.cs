using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.News;

/// <summary>A file that belongs to an article.</summary>
public sealed class ArticleAttachment : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid ArticleId { get; init; }
    public required string FileName { get; init; }

    /// <summary>Media type, by the file's ending.</summary>
    public required string MediaType { get; init; }

    public required byte[] Content { get; init; }
}

using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.News;

/// <summary>Where an article stands.</summary>
public enum ArticleCategory
{
    /// <summary>健保組合からのお知らせ.</summary>
    News,

    /// <summary>トピックス.</summary>
    Topic,
}

/// <summary>An article of the society for its members.</summary>
public sealed class Article : ITenantOwned, IKeptInMemory
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required ArticleCategory Category { get; set; }

    /// <summary>The file's name without its ending: the same file again replaces the article.</summary>
    public required string Key { get; init; }

    public required string Title { get; set; }

    /// <summary>Markdown.</summary>
    public required string Body { get; set; }

    /// <summary>The day that it bears, and the first on which it is shown (Tokyo).</summary>
    public required DateOnly PublishedOn { get; set; }

    /// <summary>The last day on which it is shown.</summary>
    public DateOnly? Until { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public bool IsShownOn(DateOnly today) => IsShownOn(PublishedOn, Until, today);

    /// <summary>Whether members see it on a day (Tokyo).</summary>
    public static bool IsShownOn(DateOnly publishedOn, DateOnly? until, DateOnly today) => publishedOn <= today && (until is not { } last || today <= last);
}

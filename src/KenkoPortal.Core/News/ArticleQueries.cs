using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.News;

/// <summary>An article of the society without its text.</summary>
public sealed record ArticleEntry(Guid Id, ArticleCategory Category, string Title, DateOnly PublishedOn, DateOnly? Until)
{
    /// <inheritdoc cref="Article.IsShownOn"/>
    public bool IsShownOn(DateOnly today) => Article.IsShownOn(PublishedOn, Until, today);
}

/// <summary>The queries of Home and of the lists of articles, translated once for the database and not at each request.</summary>
public sealed class ArticleQueries
{
    private readonly Func<PortalContext, IAsyncEnumerable<ArticleEntry>> _entries = EF.CompileAsyncQuery(
        (PortalContext db) =>
            from article in db.Articles.AsNoTracking()
            orderby article.PublishedOn descending, article.Id descending
            select new ArticleEntry(article.Id, article.Category, article.Title, article.PublishedOn, article.Until));

    private readonly Func<PortalContext, Guid, Guid[], IAsyncEnumerable<Guid>> _seen = EF.CompileAsyncQuery(
        (PortalContext db, Guid personId, Guid[] articleIds) =>
            from sight in db.ArticleSights.AsNoTracking()
            where sight.PersonId == personId && articleIds.Contains(sight.ArticleId)
            select sight.ArticleId);

    /// <summary>Every article of the society, newest first.</summary>
    public Task<List<ArticleEntry>> EntriesAsync(PortalContext db, CancellationToken cancellationToken) =>
        _entries(db).ToListAsync(cancellationToken).AsTask();

    /// <summary>Which of some articles a person has read.</summary>
    public async Task<HashSet<Guid>> SeenAsync(PortalContext db, Guid personId, Guid[] articleIds, CancellationToken cancellationToken) =>
        articleIds.Length == 0 ? [] : await _seen(db, personId, articleIds).ToHashSetAsync(cancellationToken: cancellationToken);
}

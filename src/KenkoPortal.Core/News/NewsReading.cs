using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.News;

/// <summary>An article in a list.</summary>
public sealed record ArticleHead(Guid Id, string Title, DateOnly PublishedOn, bool IsUnread);

/// <summary>A page of a list, newest first.</summary>
/// <param name="Articles">At most <see cref="NewsReading.PageSize"/>.</param>
/// <param name="Number">From 1.</param>
/// <param name="Last">The last page's number, at least 1.</param>
public sealed record ArticleList(IReadOnlyList<ArticleHead> Articles, int Number, int Last);

/// <summary>An attachment's name and size.</summary>
public sealed record ArticleFileHead(Guid Id, string FileName, string MediaType, int Bytes);

/// <summary>An attachment that is handed out.</summary>
/// <param name="FileName">As staff gave it.</param>
/// <param name="MediaType">By the file's ending.</param>
/// <param name="Content">Reads from the database while it is read (<see cref="ArticleFileStream"/>); its length is known.</param>
public sealed record OpenedArticleFile(string FileName, string MediaType, Stream Content);

/// <summary>An article to be read.</summary>
public sealed record ArticleContent(Guid Id, string Title, DateOnly PublishedOn, string Body, IReadOnlyList<ArticleFileHead> Files);

/// <summary>What a member reads of the society's articles: those of the day, in Tokyo.</summary>
public sealed class NewsReading(PortalContext db, ArticleQueries queries, KeptRows<ArticleEntry> kept, UnitOfWork work, TimeProvider clock)
{
    public const int PageSize = 20;

    private DateOnly Today => JapanTime.DateOf(clock.GetUtcNow());

    /// <summary>The newest of each kind, for Home.</summary>
    public async Task<ILookup<ArticleCategory, ArticleHead>> NewestAsync(Guid personId, int count, CancellationToken cancellationToken)
    {
        var newest = (await ShownAsync(cancellationToken)).GroupBy(a => a.Category).SelectMany(kind => kind.Take(count)).ToList();
        return newest.Zip(await HeadsAsync(personId, newest, cancellationToken)).ToLookup(a => a.First.Category, a => a.Second);
    }

    /// <returns>Null where there is no such page.</returns>
    public async Task<ArticleList?> PageAsync(Guid personId, ArticleCategory category, int number, CancellationToken cancellationToken)
    {
        var all = (await ShownAsync(cancellationToken)).Where(a => a.Category == category).ToList();
        var last = Math.Max(1, (all.Count + PageSize - 1) / PageSize);
        return number < 1 || number > last
            ? null
            : new ArticleList(await HeadsAsync(personId, [.. all.Skip((number - 1) * PageSize).Take(PageSize)], cancellationToken), number, last);
    }

    /// <returns>Null for what does not exist, and for what is not shown today.</returns>
    public async Task<ArticleContent?> ReadAsync(ArticleCategory category, Guid id, CancellationToken cancellationToken)
    {
        var article = await Shown(category).SingleOrDefaultAsync(a => a.Id == id, cancellationToken);
        if (article is null)
        {
            return null;
        }

        var files = await db.ArticleAttachments.AsNoTracking().Where(f => f.ArticleId == id)
            .Select(f => new ArticleFileHead(f.Id, f.FileName, f.MediaType, f.Content.Length)).ToListAsync(cancellationToken);
        return new ArticleContent(article.Id, article.Title, article.PublishedOn, article.Body, [.. files.OrderBy(f => f.FileName, StringComparer.Ordinal)]);
    }

    /// <inheritdoc cref="ReadAsync"/>
    public async Task<OpenedArticleFile?> FileAsync(ArticleCategory category, Guid articleId, Guid fileId, CancellationToken cancellationToken) =>
        await Shown(category).AnyAsync(a => a.Id == articleId, cancellationToken)
        && await db.ArticleAttachments.AsNoTracking().Where(f => f.Id == fileId && f.ArticleId == articleId)
            .Select(f => new ArticleFileHead(f.Id, f.FileName, f.MediaType, f.Content.Length)).SingleOrDefaultAsync(cancellationToken) is { } file
            ? new OpenedArticleFile(file.FileName, file.MediaType, new ArticleFileStream(db, file.Id, file.Bytes))
            : null;

    /// <summary>
    /// Takes the unread mark off. It is written while a page is shown, which otherwise changes nothing: a fault of the database leaves the mark and not
    /// the page behind.
    /// </summary>
    public async Task MarkReadAsync(Guid personId, Guid articleId, CancellationToken cancellationToken)
    {
        try
        {
            if (await db.ArticleSights.AnyAsync(s => s.PersonId == personId && s.ArticleId == articleId, cancellationToken))
            {
                return;
            }

            await work.CommitAsync(
                () =>
                {
                    db.ArticleSights.Add(new ArticleSight { SocietyId = db.SocietyId, ArticleId = articleId, PersonId = personId, SeenAt = clock.GetUtcNow() });
                    return Task.CompletedTask;
                },
                cancellationToken);
        }
        catch (Exception exception) when (UnitOfWork.IsOfDatabase(exception))
        {
        }
    }

    private IQueryable<Article> Shown(ArticleCategory category)
    {
        var today = Today;
        return db.Articles.AsNoTracking().Where(a => a.Category == category && a.PublishedOn <= today && (a.Until == null || a.Until >= today));
    }

    private async Task<IEnumerable<ArticleEntry>> ShownAsync(CancellationToken cancellationToken)
    {
        var today = Today;
        return (await kept.ReadAsync(db.Current, () => queries.EntriesAsync(db, cancellationToken))).Where(a => a.IsShownOn(today));
    }

    private async Task<List<ArticleHead>> HeadsAsync(Guid personId, List<ArticleEntry> articles, CancellationToken cancellationToken)
    {
        var seen = await queries.SeenAsync(db, personId, [.. articles.Select(a => a.Id)], cancellationToken);
        return articles.ConvertAll(a => new ArticleHead(a.Id, a.Title, a.PublishedOn, !seen.Contains(a.Id)));
    }
}

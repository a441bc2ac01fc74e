using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.News;

/// <summary>What saving an article did.</summary>
public enum ArticleSaving
{
    Added,
    Replaced,

    /// <summary>It was like that already.</summary>
    Unchanged,
}

/// <summary>What staff do with articles.</summary>
public sealed class ArticleDesk(PortalContext db, UnitOfWork work, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Puts an article into the place of the one with its key, or adds it. Who has read it keeps having read it.</summary>
    public Task<ArticleSaving> SaveAsync(ArticleDraft draft, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync("articles", cancellationToken);
            var article = await db.Articles.SingleOrDefaultAsync(a => a.Key == draft.Key, cancellationToken);
            var files = article is null ? [] : await db.ArticleAttachments.Where(f => f.ArticleId == article.Id).ToListAsync(cancellationToken);
            if (article is not null && IsSame(article, files, draft))
            {
                return ArticleSaving.Unchanged;
            }

            var saving = article is null ? ArticleSaving.Added : ArticleSaving.Replaced;
            if (article is null)
            {
                article = new Article
                {
                    SocietyId = db.SocietyId,
                    Category = draft.Category,
                    Key = draft.Key,
                    Title = draft.Title,
                    Body = draft.Body,
                    PublishedOn = draft.PublishedOn,
                    ChangedAt = clock.GetUtcNow(),
                };
                db.Articles.Add(article);
            }

            (article.Category, article.Title, article.Body) = (draft.Category, draft.Title, draft.Body);
            (article.PublishedOn, article.Until, article.ChangedAt) = (draft.PublishedOn, draft.Until, clock.GetUtcNow());
            db.ArticleAttachments.RemoveRange(files);
            db.ArticleAttachments.AddRange(draft.Attachments.Select(f => new ArticleAttachment
            {
                SocietyId = db.SocietyId, ArticleId = article.Id, FileName = f.FileName, MediaType = f.MediaType, Content = f.Content,
            }));
            audit.Add(AuditKind.ArticleSaved, article.Id, $"{saving} {draft.Category} files={draft.Attachments.Count}");
            return saving;
        },
        cancellationToken);

    /// <returns>False where there is none with that key.</returns>
    public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            var article = await db.Articles.SingleOrDefaultAsync(a => a.Key == key, cancellationToken);
            if (article is null)
            {
                return false;
            }

            await db.ArticleAttachments.Where(f => f.ArticleId == article.Id).ExecuteDeleteAsync(cancellationToken);
            await db.ArticleSights.Where(s => s.ArticleId == article.Id).ExecuteDeleteAsync(cancellationToken);
            db.Articles.Remove(article);
            audit.Add(AuditKind.ArticleRemoved, article.Id, $"{article.Category}");
            return true;
        },
        cancellationToken);

    /// <summary>All of them, newest first, without their texts.</summary>
    public Task<List<Article>> ListAsync(CancellationToken cancellationToken) => db.Articles.AsNoTracking()
        .OrderByDescending(a => a.PublishedOn).ThenByDescending(a => a.Id).ToListAsync(cancellationToken);

    private static bool IsSame(Article article, List<ArticleAttachment> files, ArticleDraft draft) =>
        (article.Category, article.Title, article.Body, article.PublishedOn, article.Until) == (draft.Category, draft.Title, draft.Body, draft.PublishedOn, draft.Until)
        && files.Count == draft.Attachments.Count
        && draft.Attachments.All(d => files.Exists(f => f.FileName == d.FileName && f.MediaType == d.MediaType && f.Content.AsSpan().SequenceEqual(d.Content)));
}

using KenkoPortal.Core.News;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Web.Pages.Member.News;

/// <summary>An attachment, to be kept and not to be shown by the browser as a page.</summary>
public abstract class ArticleFilePage(NewsReading news, ArticleCategory category) : PortalPage
{
    public async Task<IActionResult> OnGetAsync(Guid id, Guid file) => await news.FileAsync(category, id, file, Aborted) is { } found
        ? File(found.Content, found.MediaType, found.FileName)
        : NotFound();
}

using KenkoPortal.Core.News;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.Limits;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.News;

/// <summary>An attachment, to be kept and not to be shown by the browser as a page.</summary>
public abstract class ArticleFilePage(NewsReading news, Downloads downloads, ArticleCategory category) : PortalPage
{
    public async Task<IActionResult> OnGetAsync(Guid id, Guid file)
    {
        if (await news.FileAsync(category, id, file, Aborted) is not { } found)
        {
            return NotFound();
        }

        return downloads.TryBegin(HttpContext) ? File(found.Content, found.MediaType, found.FileName) : StatusCode(StatusCodes.Status429TooManyRequests);
    }
}

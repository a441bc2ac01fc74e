using KenkoPortal.Core.News;
using KenkoPortal.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Web.Pages.Member;

/// <summary>Home's panel of one kind of articles: the newest three, <c>&lt;vc:news-panel category="News" /&gt;</c>.</summary>
public sealed class NewsPanel(NewsReading news) : ViewComponent
{
    private const int Newest = 3;

    public async Task<IViewComponentResult> InvokeAsync(ArticleCategory category) => View(new NewsPanelView(
        category == ArticleCategory.News,
        await news.NewestAsync(HttpContext.Member().PersonId, category, Newest, HttpContext.RequestAborted)));
}

/// <summary>What the panel shows.</summary>
public sealed record NewsPanelView(bool IsNews, IReadOnlyList<ArticleHead> Articles);

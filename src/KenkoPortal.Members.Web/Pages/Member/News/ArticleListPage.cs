using System.Globalization;
using KenkoPortal.Core.News;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.News;

/// <summary>The list of one kind of articles, newest first.</summary>
public abstract class ArticleListPage(NewsReading news, ArticleCategory category) : PortalPage
{
    /// <summary>Not <c>page</c>, which is Razor's own.</summary>
    private const string PageField = "p";

    public ArticleList List { get; private set; } = default!;

    public bool IsNews => category == ArticleCategory.News;

    public string Heading => IsNews ? SharedText.NavSocietyNews : SharedText.NavTopics;

    public string None => IsNews ? NewsText.NoneNews : NewsText.NoneTopics;

    public string AddressOf(ArticleHead article) => PageRoutes.ArticleOf(IsNews, article.Id);

    public string AddressOf(int page) => (IsNews ? PageRoutes.News : PageRoutes.Topics) + (page == 1 ? "" : $"?{PageField}={page}");

    public async Task<IActionResult> OnGetAsync()
    {
        var number = Request.Query[PageField] switch
        {
            [] => 1,
            [var one] when int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var typed) => typed,
            _ => 0,
        };
        if (await news.PageAsync(HttpContext.Member().PersonId, category, number, Aborted) is not { } list)
        {
            return NotFound();
        }

        List = list;
        return Page();
    }
}

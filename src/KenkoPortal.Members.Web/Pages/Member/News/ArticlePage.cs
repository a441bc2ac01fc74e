using KenkoPortal.Core.Common;
using KenkoPortal.Core.News;
using KenkoPortal.Design.Layout;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.News;

/// <summary>One article. What does not exist and what is not shown today are the same page.</summary>
public abstract class ArticlePage(NewsReading news, ArticleCategory category) : PortalPage
{
    private const int Kilobyte = 1024;

    public ArticleContent Article { get; private set; } = default!;

    public bool IsNews => category == ArticleCategory.News;

    /// <summary>The text; made of Markdown without raw HTML.</summary>
    public IHtmlContent Body => new HtmlString(ArticleMarkup.ToHtml(
        Article.Body,
        Article.Files.ToDictionary(f => f.FileName, AddressOf, StringComparer.OrdinalIgnoreCase)));

    public string AddressOf(ArticleFileHead file) => PageRoutes.ArticleFileOf(IsNews, Article.Id, file.Id);

    /// <summary><c>案内.pdf（PDF、120 KB）</c>.</summary>
    public static string WordsOf(ArticleFileHead file) => NewsText.File.With(
        file.FileName,
        file.MediaType switch
        {
            "application/pdf" => NewsText.TypePdf,
            "text/csv" or "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => NewsText.TypeTable,
            var type when type.StartsWith("image/", StringComparison.Ordinal) => NewsText.TypeImage,
            _ => NewsText.TypeText,
        },
        file.Bytes < Kilobyte * Kilobyte
            ? NewsText.Kilobytes.With(Math.Max(1, (file.Bytes + Kilobyte - 1) / Kilobyte))
            : NewsText.Megabytes.With(file.Bytes / (decimal)(Kilobyte * Kilobyte)));

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (await news.ReadAsync(category, id, Aborted) is not { } article)
        {
            return NotFound();
        }

        Article = article;
        if (HttpMethods.IsGet(Request.Method))
        {
            await news.MarkReadAsync(HttpContext.Member().PersonId, id, Aborted);
        }

        return Page();
    }
}

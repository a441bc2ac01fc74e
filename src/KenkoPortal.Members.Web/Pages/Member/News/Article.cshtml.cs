using KenkoPortal.Core.News;

namespace KenkoPortal.Members.Web.Pages.Member.News;

public sealed class ArticleModel(NewsReading news) : ArticlePage(news, ArticleCategory.News);

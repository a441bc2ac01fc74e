using KenkoPortal.Core.News;

namespace KenkoPortal.Members.Web.Pages.Member.News;

public sealed class IndexModel(NewsReading news) : ArticleListPage(news, ArticleCategory.News);

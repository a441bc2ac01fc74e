using KenkoPortal.Core.News;
using KenkoPortal.Web.Pages.Member.News;

namespace KenkoPortal.Web.Pages.Member.Topics;

public sealed class ArticleModel(NewsReading news) : ArticlePage(news, ArticleCategory.Topic);

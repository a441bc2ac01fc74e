using KenkoPortal.Core.News;
using KenkoPortal.Members.Web.Pages.Member.News;

namespace KenkoPortal.Members.Web.Pages.Member.Topics;

public sealed class ArticleModel(NewsReading news) : ArticlePage(news, ArticleCategory.Topic);

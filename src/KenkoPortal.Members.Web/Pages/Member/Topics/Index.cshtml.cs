using KenkoPortal.Core.News;
using KenkoPortal.Members.Web.Pages.Member.News;

namespace KenkoPortal.Members.Web.Pages.Member.Topics;

public sealed class IndexModel(NewsReading news) : ArticleListPage(news, ArticleCategory.Topic);

using KenkoPortal.Core.News;

namespace KenkoPortal.Web.Pages.Member.News;

public sealed class FileModel(NewsReading news) : ArticleFilePage(news, ArticleCategory.News);

using KenkoPortal.Core.News;
using KenkoPortal.Web.Pages.Member.News;

namespace KenkoPortal.Web.Pages.Member.Topics;

public sealed class FileModel(NewsReading news) : ArticleFilePage(news, ArticleCategory.Topic);

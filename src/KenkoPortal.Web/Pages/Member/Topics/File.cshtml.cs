using KenkoPortal.Core.News;
using KenkoPortal.Web.Infrastructure.Security;
using KenkoPortal.Web.Pages.Member.News;

namespace KenkoPortal.Web.Pages.Member.Topics;

public sealed class FileModel(NewsReading news, Downloads downloads) : ArticleFilePage(news, downloads, ArticleCategory.Topic);

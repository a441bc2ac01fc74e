using KenkoPortal.Core.News;
using KenkoPortal.Web.Infrastructure.Security;

namespace KenkoPortal.Web.Pages.Member.News;

public sealed class FileModel(NewsReading news, Downloads downloads) : ArticleFilePage(news, downloads, ArticleCategory.News);

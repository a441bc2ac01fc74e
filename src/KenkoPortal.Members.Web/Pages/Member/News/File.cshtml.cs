using KenkoPortal.Core.News;
using KenkoPortal.Members.Web.Limits;

namespace KenkoPortal.Members.Web.Pages.Member.News;

public sealed class FileModel(NewsReading news, Downloads downloads) : ArticleFilePage(news, downloads, ArticleCategory.News);

using KenkoPortal.Core.News;
using KenkoPortal.Members.Web.Limits;
using KenkoPortal.Members.Web.Pages.Member.News;

namespace KenkoPortal.Members.Web.Pages.Member.Topics;

public sealed class FileModel(NewsReading news, Downloads downloads) : ArticleFilePage(news, downloads, ArticleCategory.Topic);

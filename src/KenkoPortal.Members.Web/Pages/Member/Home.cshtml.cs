using KenkoPortal.Core.Common;
using KenkoPortal.Core.News;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.Layout;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Member.Notices;

namespace KenkoPortal.Members.Web.Pages.Member;

/// <summary>Home: one sentence that tells the newest thing first, and a panel for each kind of news.</summary>
public sealed class HomeModel(NoticeReading notices, NewsReading news) : PortalPage
{
    /// <summary>Months of a kind in a panel.</summary>
    private const int MostMonths = 3;

    /// <summary>Articles in a panel.</summary>
    private const int MostArticles = 3;

    private ILookup<ArticleCategory, ArticleHead> _articles = default!;

    /// <summary>Mail to one of the member's addresses comes back.</summary>
    public bool IsMailBouncing => HttpContext.Member().IsMailBouncing;

    /// <summary>「…から通知をご覧いただけます」, after a recovery; null where nothing is held back.</summary>
    public string? Held => HttpContext.Member().NoticesHeldUntil is { } until ? HomeText.Held.With(JapanTime.DateAndClock(until)) : null;

    public NewestNotices Notices { get; private set; } = default!;

    /// <summary>「次の通知（…）は、…ごろに掲載する予定です。」.</summary>
    public string NextNotice => HomeText.NextNotice.With(NoticeWords.Of(Notices.Next.Month), JapanTime.Date(Notices.Next.On));

    public async Task OnGetAsync()
    {
        var viewer = HttpContext.Member().PersonId;
        Notices = await notices.NewestAsync(viewer, MostMonths, Aborted);
        _articles = await news.NewestAsync(viewer, MostArticles, Aborted);
    }

    public NewsPanel PanelOf(ArticleCategory category) => new(category == ArticleCategory.News, [.. _articles[category]]);

    public IEnumerable<NewestNotice> Of(NoticeKind kind) => Notices.Items.Where(i => i.Kind == kind);

    /// <summary>The newest thing in one sentence.</summary>
    public string Lead()
    {
        var unread = Notices.Items.Where(i => i.IsUnread).OrderByDescending(i => i.Month).ThenByDescending(i => i.Person.IsSelf).ThenBy(i => i.Kind).FirstOrDefault();
        return unread is { } newest ? UnreadWords(newest)
            : UnreadArticle() is { } article ? article
            : Notices.Items.Count > 0 ? HomeText.AllRead.With(NoticeWords.Of(Notices.Next.Month), JapanTime.Date(Notices.Next.On))
            : HomeText.NothingNew;
    }

    /// <summary>The newest article that is unread, the society's own before a topic of the same day.</summary>
    private string? UnreadArticle()
    {
        var unread =
            from category in new[] { ArticleCategory.News, ArticleCategory.Topic }
            from article in _articles[category]
            where article.IsUnread
            orderby article.PublishedOn descending, category == ArticleCategory.News ? 0 : 1
            select (category == ArticleCategory.News ? HomeText.UnreadNews : HomeText.UnreadTopic).With(article.Title);
        return unread.FirstOrDefault();
    }

    private static string UnreadWords(NewestNotice item) => (item.Kind, item.Person.IsSelf) switch
    {
        (NoticeKind.MedicalCost, true) => HomeText.UnreadMedicalCost.With(NoticeWords.Of(item.Month)),
        (NoticeKind.MedicalCost, false) => HomeText.UnreadMedicalCostOf.With(NoticeWords.Of(item.Month), item.Person.Nickname),
        (_, true) => HomeText.UnreadGenericDrug.With(NoticeWords.Of(item.Month)),
        _ => HomeText.UnreadGenericDrugOf.With(NoticeWords.Of(item.Month), item.Person.Nickname),
    };

    public static string LinkOf(NewestNotice item) => new NoticeAddress(item.Kind).For(item.Person).Of(item.Month);

    public static string NameOf(NewestNotice item) => item.Person.IsSelf
        ? HomeText.ItemOf.With(NoticeWords.Of(item.Month))
        : HomeText.ItemOfPerson.With(NoticeWords.Of(item.Month), item.Person.Nickname);

    /// <summary>What the viewer's own notice comes to; null for another's, which is read on its own page.</summary>
    public static string? AmountOf(NewestNotice item) => item.Paid is { } paid ? HomeText.Paid.With(CostWords.Paid(paid))
        : item.SavingYen is { } saving ? HomeText.Saving.With(NoticeWords.Yen(saving))
        : null;
}

/// <summary>Home's panel of one kind of articles: the newest, and the way to all.</summary>
public sealed record NewsPanel(bool IsNews, IReadOnlyList<ArticleHead> Articles);

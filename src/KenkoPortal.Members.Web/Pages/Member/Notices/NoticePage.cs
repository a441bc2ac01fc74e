using KenkoPortal.Core.Common;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.Layout;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc.Filters;

namespace KenkoPortal.Members.Web.Pages.Member.Notices;

/// <summary>What the pages of notices share: whose notices, and the ways between people and months.</summary>
public abstract class NoticePage(NoticeReading reading, NoticeKind kind) : PortalPage
{
    public NoticeShelf Shelf { get; private set; } = default!;

    /// <summary>Whom the page is about.</summary>
    public IReadOnlyList<Subject> People { get; private set; } = [];

    public NoticeAddress Address { get; private set; }

    public NoticeCalendar Calendar => Shelf.Calendar;

    /// <summary>More than one.</summary>
    public bool IsOfAll => People.Count > 1;

    protected NoticeReading Reading => reading;

    /// <summary>「次の…は、…ごろに掲載する予定です。」.</summary>
    public string NextNotice()
    {
        var (month, on) = Calendar.Next();
        return (kind == NoticeKind.MedicalCost ? NoticePageText.NextMedicalCost : NoticePageText.NextGenericDrug).With(NoticeWords.Of(month), JapanTime.Date(on));
    }

    /// <summary>The words for oneself, another or all, filled in: {0} is the nickname or how many, then what is given.</summary>
    public string WordsFor(string own, string ofOther, string ofAll, params ReadOnlySpan<object?> values)
    {
        var (format, who) = IsOfAll ? (ofAll, $"{People.Count}") : People[0].IsSelf ? (own, "") : (ofOther, People[0].Nickname);
        return format.With([who, .. values]);
    }

    /// <summary>While notices are held back after a recovery, Home says until when.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (HttpContext.Member().NoticesHeldUntil is not null)
        {
            context.Result = SeeOther(PageRoutes.Home);
        }
    }

    /// <summary>Finds out whose notices the address asks for.</summary>
    /// <returns>False where it names nobody whom the viewer may see: the page does not exist.</returns>
    protected Task<bool> OpenAsync() => OpenAsync(Part("person") is { } id ? Guid.Parse(id) : null);

    /// <inheritdoc cref="OpenAsync()"/>
    protected async Task<bool> OpenAsync(Guid? person)
    {
        Shelf = await reading.OpenAsync(HttpContext.Member().PersonId, kind, Aborted);
        var isHousehold = person is null && Request.Query.ContainsKey("household");
        if (Shelf.Choose(person, isHousehold) is not { } people)
        {
            return false;
        }

        People = people;
        Address = new NoticeAddress(kind, people is [{ IsSelf: true }] ? null : person, isHousehold && people.Count > 1);
        return true;
    }

    /// <summary>A part of the address; nothing that came beside it.</summary>
    protected string? Part(string name) => RouteData.Values[name] as string;
}

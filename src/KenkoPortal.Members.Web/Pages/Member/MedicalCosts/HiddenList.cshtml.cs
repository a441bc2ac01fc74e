using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;

namespace KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

/// <summary>「家族に見せない医療機関と明細」: what the viewer, and the children they act for, keep from the household.</summary>
public sealed class HiddenListModel(LineHiding hiding, PortalCookies cookies) : HidingPage
{
    public IReadOnlyList<HiddenItem> Items { get; private set; } = [];

    /// <summary>The request before this one showed an institution again.</summary>
    public bool IsShown { get; private set; }

    public async Task OnGetAsync()
    {
        Items = await hiding.ListAsync(HttpContext.Member().PersonId, Aborted);
        IsShown = cookies.TakeDone(Request, Response, DoneMark.LineSaved, HttpContext.Member().AccountId);
    }
}

using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Member.Notices;
using KenkoPortal.Members.Web.Pages.Member.Profile;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

/// <summary>「この明細を家族に見せない」, and back: one line of the viewer's own or of a child they act for.</summary>
public sealed class LineModel(LineHiding hiding, PortalCookies cookies) : HidingPage
{
    /// <summary>What the form asks for.</summary>
    [BindProperty]
    public bool Hide { get; set; }

    [BindProperty]
    public string? CurrentPassword { get; set; }

    public OwnLine Line { get; private set; } = default!;

    /// <summary>Whether the request before this one changed it.</summary>
    public bool IsSaved { get; private set; }

    /// <summary>The month's page that the line stands on.</summary>
    public string Back => new NoticeAddress(NoticeKind.MedicalCost).For(Line.Owner).Of(Line.Row.Month);

    public async Task<IActionResult> OnGetAsync(Guid claim)
    {
        if (!await FindAsync(claim))
        {
            return NotFound();
        }

        IsSaved = cookies.TakeDone(Request, Response, DoneMark.LineSaved, claim);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid claim)
    {
        if (!await FindAsync(claim))
        {
            return NotFound();
        }

        if (string.IsNullOrEmpty(CurrentPassword))
        {
            Refuse("CurrentPassword", ProfileText.CurrentPasswordEmpty);
            return Page();
        }

        switch (await hiding.SetAsync(HttpContext.Member(), claim, Hide, CurrentPassword, Aborted))
        {
            case ProfileResult.Saved:
                cookies.SetDone(Response, DoneMark.LineSaved, claim);
                return SeeOther(PageRoutes.LineOf(claim));
            case ProfileResult.SessionEnded:
                cookies.DropSession(Response);
                return SeeOther(PageRoutes.Login);
            case null:
                return NotFound();
            default:
                Refuse("CurrentPassword", ProfileText.WrongPassword);
                return Page();
        }
    }

    private async Task<bool> FindAsync(Guid claim)
    {
        if (await hiding.OpenAsync(HttpContext.Member().PersonId, claim, Aborted) is not { } line)
        {
            return false;
        }

        Line = line;
        return true;
    }
}

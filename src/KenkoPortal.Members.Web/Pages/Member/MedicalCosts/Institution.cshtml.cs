using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Member.Profile;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

/// <summary>「この医療機関をすべて家族に見せない」, and back: an institution of the viewer's own or of a child they act for.</summary>
public sealed class InstitutionModel(LineHiding hiding, PortalCookies cookies) : HidingPage
{
    /// <summary>What the form asks for.</summary>
    [BindProperty]
    public bool Hide { get; set; }

    [BindProperty]
    public string? CurrentPassword { get; set; }

    public OwnInstitution Institution { get; private set; } = default!;

    /// <summary>Whether the request before this one changed it.</summary>
    public bool IsSaved { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (!await FindAsync(id))
        {
            return NotFound();
        }

        IsSaved = cookies.TakeDone(Request, Response, DoneMark.LineSaved, id);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (!await FindAsync(id))
        {
            return NotFound();
        }

        if (string.IsNullOrEmpty(CurrentPassword))
        {
            Refuse("CurrentPassword", ProfileText.CurrentPasswordEmpty);
            return Page();
        }

        switch (await hiding.SetInstitutionAsync(HttpContext.Member(), id, Hide, CurrentPassword, Aborted))
        {
            case ProfileResult.Saved:
                // What hid it had the page's address, and is gone: the list says that it is shown again.
                var isThere = await hiding.OpenInstitutionAsync(HttpContext.Member().PersonId, id, Aborted) is not null;
                cookies.SetDone(Response, DoneMark.LineSaved, isThere ? id : HttpContext.Member().AccountId);
                return SeeOther(isThere ? PageRoutes.InstitutionOf(id) : PageRoutes.HiddenFromFamily);
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

    private async Task<bool> FindAsync(Guid id)
    {
        if (await hiding.OpenInstitutionAsync(HttpContext.Member().PersonId, id, Aborted) is not { } institution)
        {
            return false;
        }

        Institution = institution;
        return true;
    }
}

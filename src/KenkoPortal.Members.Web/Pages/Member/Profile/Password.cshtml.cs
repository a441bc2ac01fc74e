using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.Fields;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.Profile;

/// <summary>「パスワード変更」 while logged in.</summary>
public sealed class PasswordModel(ProfileService profiles, PasswordContexts contexts, Visibility visibility, ProtectedForms forms, PortalCookies cookies)
    : ProfilePage(visibility, forms, cookies)
{
    [BindProperty]
    public Form Input { get; set; } = new();

    public void OnGet() => IsSaved = Cookies.TakeDone(Request, Response, DoneMark.PasswordSaved, HttpContext.Member().AccountId);

    public async Task<IActionResult> OnPostAsync()
    {
        var member = HttpContext.Member();
        Refuse("Input.Current", string.IsNullOrEmpty(Input.Current) ? ProfileText.CurrentPasswordEmpty : null);
        JudgePassword("Input.Password", Input.Password, "Input.Confirmation", Input.Confirmation, await contexts.OfAccountAsync(member.AccountId, Aborted));
        if (!ModelState.IsValid)
        {
            return Page();
        }

        var (result, token) = await profiles.ChangePasswordAsync(member, Input.Current!, Input.Password!, Aborted);
        switch (result)
        {
            case ProfileResult.Saved:
                Cookies.SetSession(Response, token!);
                Cookies.SetDone(Response, DoneMark.PasswordSaved, member.AccountId);
                return SeeOther(PageRoutes.ProfilePassword);
            case ProfileResult.PasswordUnchanged:
                Refuse("Input.Password", FieldMessages.Of(PasswordFault.Unchanged));
                return Page();
            case ProfileResult.SessionEnded:
                return LoggedOut();
            default:
                Refuse("Input.Current", ProfileText.WrongPassword);
                return Page();
        }
    }

    public sealed class Form
    {
        public string? Current { get; set; }

        public string? Password { get; set; }

        public string? Confirmation { get; set; }
    }
}

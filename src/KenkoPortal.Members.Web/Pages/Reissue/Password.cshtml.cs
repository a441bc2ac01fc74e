using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Design.Fields;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Link;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Reissue;

/// <summary>「パスワード変更(パスワード再発行)」: only here does anything change.</summary>
public sealed class PasswordModel(ReissueService reissue, PasswordContexts contexts, PortalCookies cookies) : FlowPage
{
    [BindProperty]
    public Form Input { get; set; } = new();

    public async Task<IActionResult> OnGetAsync() => await FormAsync() is null ? Ended(EndedView.ReissueForm) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FormAsync() is not { } form)
        {
            return Ended(EndedView.ReissueForm);
        }

        JudgePassword("Input.Password", Input.Password, "Input.Confirmation", Input.Confirmation, form.Context);
        if (ModelState.IsValid && await contexts.IsUnchangedAsync(form.PersonId, Input.Password!, Aborted))
        {
            Refuse("Input.Password", FieldMessages.Of(PasswordFault.Unchanged));
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        if (!await reissue.CompleteAsync(cookies.Step(Request, StepCookie.Reissue)!, Input.Password!, Aborted))
        {
            return Ended(EndedView.ReissueForm);
        }

        cookies.DropStep(Response, StepCookie.Reissue);
        cookies.DropSession(Response);
        return SeeOther(PageRoutes.ReissueComplete);
    }

    private Task<ReissueForm?> FormAsync() => reissue.FormAsync(cookies.Step(Request, StepCookie.Reissue), Aborted);

    public sealed class Form
    {
        public string? Password { get; set; }

        public string? Confirmation { get; set; }
    }
}

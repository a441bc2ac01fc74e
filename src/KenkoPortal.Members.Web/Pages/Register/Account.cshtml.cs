using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Registration;
using KenkoPortal.Design.Fields;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Link;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Register;

/// <summary>「利用者情報入力」.</summary>
public sealed class AccountModel(RegistrationService registration, PortalCookies cookies, PasswordContexts contexts) : FlowPage
{
    [BindProperty]
    public Form Input { get; set; } = new();

    /// <summary>The address that the link proved; shown, not typed.</summary>
    public string Address { get; private set; } = "";

    /// <summary>A 再設定のご案内: the account is there and is set anew.</summary>
    public bool IsRecovery { get; private set; }

    /// <summary>Whether the household sees the notices of who registers now, until they close it.</summary>
    public bool StartsOpen { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await FormAsync() is not { } form)
        {
            return Ended(EndedView.RegistrationForm);
        }

        Input.Nickname = form.Nickname;
        return form.IsDone ? SeeOther(PageRoutes.RegisterComplete) : Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FormAsync() is not { } form)
        {
            return Ended(EndedView.RegistrationForm);
        }

        if (form.IsDone)
        {
            return SeeOther(PageRoutes.RegisterComplete);
        }

        var nickname = form.Nickname;
        if (!string.IsNullOrWhiteSpace(Input.Nickname))
        {
            Refuse("Input.Nickname", FieldMessages.Of(Nickname.TryParse(Input.Nickname, out nickname)));
        }

        var loginId = ValidLoginId("Input.LoginId", Input.LoginId);
        JudgePassword(
            "Input.Password", Input.Password, "Input.Confirmation", Input.Confirmation,
            await contexts.OfPersonAsync(form.PersonId, Input.LoginId, nickname, Aborted));
        return loginId is not null && ModelState.IsValid ? await CompleteAsync(form, loginId, nickname) : Page();
    }

    private async Task<IActionResult> CompleteAsync(RegistrationForm form, LoginId loginId, string nickname)
    {
        var isUnchanged = form.IsRecovery && await contexts.IsUnchangedAsync(form.PersonId, Input.Password!, Aborted);
        switch (await registration.CompleteAsync(cookies.Step(Request, StepCookie.Registration)!, loginId, Input.Password!, nickname, isUnchanged, Aborted))
        {
            case CompletionResult.Registered:
                return SeeOther(PageRoutes.RegisterComplete);
            case CompletionResult.LoginIdTaken:
                Refuse("Input.LoginId", FieldText.LoginIdTaken);
                return Page();
            case CompletionResult.PasswordUnchanged:
                Refuse("Input.Password", FieldMessages.Of(PasswordFault.Unchanged));
                return Page();
            case CompletionResult.TooManyLoginIds:
                Refuse("Input.LoginId", RegisterText.TooManyLoginIds);
                return Page();
            default:
                return Ended(EndedView.RegistrationForm);
        }
    }

    private async Task<RegistrationForm?> FormAsync()
    {
        var form = await registration.FormAsync(cookies.Step(Request, StepCookie.Registration), Aborted);
        (Address, StartsOpen) = (form?.Address ?? "", form?.StartsOpen == true);
        IsRecovery = form?.IsRecovery == true;
        return form;
    }

    public sealed class Form
    {
        public string? LoginId { get; set; }

        public string? Password { get; set; }

        public string? Confirmation { get; set; }

        public string? Nickname { get; set; }
    }
}

using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Design.Fields;
using KenkoPortal.Members.Web.Limits;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Link;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Reissue;

/// <summary>「仮ログイン(パスワード再発行)」: the mail's temporary password works here only, and only with the mail's link.</summary>
public sealed class LoginModel(ReissueService reissue, PortalCookies cookies, RefusedAttempts refusals) : FlowPage
{
    [BindProperty]
    public Form Input { get; set; } = new();

    public async Task<IActionResult> OnGetAsync()
    {
        var state = await StateAsync();
        return state.IsAlive ? Page() : Ended(EndedView.OfReissue(state));
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var state = await StateAsync();
        if (!state.IsAlive)
        {
            return Ended(EndedView.OfReissue(state));
        }

        Refuse("Input.LoginId", string.IsNullOrWhiteSpace(Input.LoginId) ? FieldText.LoginIdEmpty : null);
        Refuse("Input.Password", string.IsNullOrWhiteSpace(Input.Password) ? ReissueText.TemporaryPasswordEmpty : null);
        if (!ModelState.IsValid)
        {
            return Page();
        }

        var (result, token) = await reissue.LogInAsync(
            state.Link!.Id, Input.LoginId!, Input.Password!, cookies.Step(Request, StepCookie.Reissue), Aborted);
        if (result == ReissueLoginResult.Accepted)
        {
            cookies.SetStep(Response, StepCookie.Reissue, token!);
            return SeeOther(PageRoutes.ReissuePassword);
        }

        refusals.Count(HttpContext);
        state = await StateAsync();
        if (!state.IsAlive)
        {
            return Ended(EndedView.OfReissue(state));
        }

        Refuse("Input.LoginId", ReissueText.Refused);
        return Page();
    }

    private async Task<LinkState> StateAsync() =>
        cookies.Link(Request) is { } link ? await reissue.LinkStateAsync(link, Aborted) : LinkState.Unknown;

    public sealed class Form
    {
        public string? LoginId { get; set; }

        public string? Password { get; set; }
    }
}

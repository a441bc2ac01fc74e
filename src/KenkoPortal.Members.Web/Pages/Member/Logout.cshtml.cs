using KenkoPortal.Core.Accounts;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member;

/// <summary>ログアウト: ends the session on the server, and what a registration or reissue left in the browser.</summary>
public sealed class LogoutModel(LoginService logins, PortalCookies cookies) : PortalPage
{
    public IActionResult OnGet() => SeeOther(PageRoutes.Home);

    public async Task<IActionResult> OnPostAsync()
    {
        await logins.LogOutAsync(HttpContext.Member(), Aborted);
        if (cookies.Steps(Request) is { Count: > 0 } steps)
        {
            await logins.EndStepsAsync(steps, Aborted);
        }

        cookies.DropSession(Response);
        cookies.DropFlows(Request, Response, keepsLink: false);
        cookies.SetDone(Response, DoneMark.LoggedOut, Guid.Empty);
        return SeeOther(PageRoutes.Login);
    }
}

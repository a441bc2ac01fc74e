using KenkoPortal.Core.Accounts;
using KenkoPortal.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Web.Pages.Member;

/// <summary>ログアウト: ends the session on the server.</summary>
public sealed class LogoutModel(LoginService logins, PortalCookies cookies) : PortalPage
{
    public IActionResult OnGet() => SeeOther(PageRoutes.Home);

    public async Task<IActionResult> OnPostAsync()
    {
        await logins.LogOutAsync(HttpContext.Member(), Aborted);
        cookies.DropSession(Response);
        return SeeOther(PageRoutes.Login);
    }
}

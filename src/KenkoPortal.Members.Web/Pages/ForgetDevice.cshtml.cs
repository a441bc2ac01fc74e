using KenkoPortal.Core.Accounts;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages;

/// <summary>「この端末を忘れる」, after the logout: whoever uses the browser next has no guesses of their own (row A19).</summary>
public sealed class ForgetDeviceModel(LoginService logins, PortalCookies cookies) : PortalPage
{
    public IActionResult OnGet() => SeeOther(PageRoutes.Login);

    public async Task<IActionResult> OnPostAsync()
    {
        if (cookies.Devices(Request) is { Count: > 0 } devices)
        {
            await logins.ForgetDevicesAsync(devices, Aborted);
        }

        cookies.DropDevices(Response);
        cookies.SetDone(Response, DoneMark.DeviceForgotten, Guid.Empty);
        return SeeOther(PageRoutes.Login);
    }
}

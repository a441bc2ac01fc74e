using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Data;
using KenkoPortal.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Web.Pages;

/// <summary>「健康マイポータルログイン」.</summary>
public sealed class LoginModel(LoginService logins, PortalCookies cookies, NetworkThrottle throttle, PortalContext db) : PortalPage
{
    [BindProperty]
    public Form Input { get; set; } = new();

    /// <summary>A 仮ログインID was typed, the likeliest slip of all: known by its form, without a look-up.</summary>
    public bool IsProvisionalId { get; private set; }

    public IActionResult OnGet() => HttpContext.SignedIn() is null ? Page() : SeeOther(PageRoutes.Home);

    public async Task<IActionResult> OnPostAsync()
    {
        Refuse("Input.LoginId", string.IsNullOrWhiteSpace(Input.LoginId) ? FieldText.LoginIdEmpty : null);
        Refuse("Input.Password", string.IsNullOrEmpty(Input.Password) ? FieldText.PasswordEmpty : null);
        if (!ModelState.IsValid)
        {
            return Page();
        }

        if (ProvisionalId.HasForm(Input.LoginId))
        {
            IsProvisionalId = true;
            Refuse("Input.LoginId", LoginText.ProvisionalIdTyped);
            return Page();
        }

        var loggedIn = await logins.LogInAsync(Input.LoginId!, Input.Password!, cookies.Devices(Request), cookies.Session(Request), Aborted);
        if (loggedIn is null)
        {
            throttle.CountFailure("login", HttpContext.Connection.RemoteIpAddress);
            Refuse("Input.LoginId", LoginText.Refused);
            return Page();
        }

        cookies.SetSession(Response, loggedIn.SessionToken);
        cookies.AddDevice(Request, Response, loggedIn.DeviceId);
        return SeeOther(await FollowsAddressLinkAsync() ? PageRoutes.ProfileAddress : PageRoutes.Home);
    }

    /// <summary>Whether the visitor came here by the link of a new address: after login it goes on there.</summary>
    private Task<bool> FollowsAddressLinkAsync()
    {
        var link = cookies.Link(Request);
        return link is null
            ? Task.FromResult(false)
            : db.AddressConfirmations.AnyAsync(c => c.Id == link && c.ConfirmedAt == null && c.EndedAt == null, Aborted);
    }

    public sealed class Form
    {
        public string? LoginId { get; set; }

        public string? Password { get; set; }
    }
}

using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Design.Fields;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.Frames;
using KenkoPortal.Members.Web.Limits;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Members.Web.Pages;

/// <summary>「健康マイポータルログイン」.</summary>
[AlikeForStrangers]
public sealed class LoginModel(LoginService logins, PortalCookies cookies, RefusedAttempts refusals, PortalContext db) : PortalPage
{
    [BindProperty]
    public Form Input { get; set; } = new();

    /// <summary>A 仮ログインID was typed, the likeliest slip of all: known by its form, without a look-up.</summary>
    public bool IsProvisionalId { get; private set; }

    /// <summary>The visitor came here by the link of a new address: the page says why to log in, and the login goes on there.</summary>
    public bool ConfirmsAddress { get; private set; }

    /// <summary>Why the visitor's session is over, and what became of the form; null where nothing is to be said.</summary>
    public (string Heading, string Next)? EndedWords => cookies.LoginReasonOf(Request).Reason switch
    {
        LoginReason.Ended => (LoginText.SessionEnded, LoginText.SessionEndedNext),
        LoginReason.Unsaved => (LoginText.SessionEnded, LoginText.SessionEndedUnsaved),
        LoginReason.WrongPasswords => (LoginText.WrongPasswords, LoginText.SessionEndedUnsaved),
        _ => null,
    };

    /// <summary>The request before this one logged out.</summary>
    public bool IsLoggedOut { get; private set; }

    /// <summary>The request before this one made the browser a device of nobody.</summary>
    public bool IsDeviceForgotten { get; private set; }

    public bool IsKnownDevice { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (HttpContext.SignedIn() is not null)
        {
            return SeeOther(PageRoutes.Home);
        }

        IsLoggedOut = cookies.TakeDone(Request, Response, DoneMark.LoggedOut, Guid.Empty);
        IsDeviceForgotten = cookies.TakeDone(Request, Response, DoneMark.DeviceForgotten, Guid.Empty);
        IsKnownDevice = cookies.Devices(Request).Count > 0;
        ConfirmsAddress = await FollowsAddressLinkAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        ConfirmsAddress = await FollowsAddressLinkAsync();
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
            refusals.Count(HttpContext);
            Refuse("Input.LoginId", LoginText.Refused);
            return Page();
        }

        if (cookies.Steps(Request) is { Count: > 0 } steps)
        {
            await logins.EndStepsAsync(steps, Aborted);
        }

        cookies.DropFlows(Request, Response, keepsLink: ConfirmsAddress);
        cookies.SetSession(Response, loggedIn.SessionToken);
        cookies.AddDevice(Request, Response, loggedIn.DeviceId);
        cookies.DropLoginReason(Request, Response);
        return SeeOther(ConfirmsAddress ? PageRoutes.ProfileAddress : cookies.LoginReasonOf(Request).Path);
    }

    /// <summary>A link that is over counts too: only the page behind the login may say that it is, and whose it was.</summary>
    private Task<bool> FollowsAddressLinkAsync()
    {
        var link = cookies.Link(Request);
        return link is null
            ? Task.FromResult(false)
            : db.AddressConfirmations.AnyAsync(c => c.Id == link && c.ConfirmedAt == null, Aborted);
    }

    public sealed class Form
    {
        public string? LoginId { get; set; }

        public string? Password { get; set; }
    }
}

using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Web.Pages.Member.Profile;

/// <summary>What the tabs of プロフィール設定 share.</summary>
public abstract class ProfilePage(Visibility visibility, ProtectedForms forms, PortalCookies cookies) : PortalPage
{
    public IReadOnlyList<HouseholdMember> Household { get; private set; } = [];

    protected Visibility Visibility => visibility;

    protected async Task LoadHouseholdAsync() => Household = await visibility.HouseholdAsync(HttpContext.Member().PersonId, Aborted);

    /// <summary>Asks for 現在のパスワード before anything is saved.</summary>
    protected IActionResult AskPassword(GuardedChange change)
    {
        var view = new ConfirmView
        {
            Seal = forms.Seal(change, HttpContext.Member().SessionId),
            Back = change.ChildId is { } child ? PageRoutes.ProfileOf(child) : PageRoutes.Profile,
        };
        return Show("~/Pages/Member/Profile/_Confirm.cshtml", view);
    }

    /// <summary>The answer to a session that was ended by too many wrong passwords.</summary>
    protected IActionResult LoggedOut()
    {
        cookies.DropSession(Response);
        return SeeOther(PageRoutes.Login);
    }

    /// <summary>The answer to a save: back to the tab, or the fault at its field.</summary>
    protected IActionResult AnswerTo(ProfileResult result, string tab, Func<IActionResult> again)
    {
        switch (result)
        {
            case ProfileResult.Saved:
                return SeeOther(tab + "?saved=true");
            case ProfileResult.SessionEnded:
                return LoggedOut();
            case ProfileResult.LoginIdTaken:
                Refuse("Input.LoginId", FieldText.LoginIdTaken);
                return again();
            case ProfileResult.TooManyConfirmations:
                Refuse("Input.Address1", ProfileText.TooManyConfirmations);
                return again();
            default:
                Refuse("CurrentPassword", ProfileText.WrongPassword);
                return again();
        }
    }
}

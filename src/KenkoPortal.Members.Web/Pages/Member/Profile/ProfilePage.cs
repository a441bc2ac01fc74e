using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.Fields;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.Profile;

/// <summary>What the tabs of プロフィール設定 share.</summary>
public abstract class ProfilePage(Visibility visibility, ProtectedForms forms, PortalCookies cookies) : PortalPage
{
    public IReadOnlyList<HouseholdMember> Household { get; private set; } = [];

    /// <summary>「登録しました」: once, after a save.</summary>
    public bool IsSaved { get; protected set; }

    protected Visibility Visibility => visibility;

    protected PortalCookies Cookies => cookies;

    protected async Task LoadHouseholdAsync() => Household = await visibility.HouseholdAsync(HttpContext.Member().PersonId, Aborted);

    /// <summary>Refuses an answer to 「世帯内への公開設定」 that is none of those on the page, at its field.</summary>
    protected void JudgeSwitches(string prefix, SwitchesForm switches)
    {
        foreach (var field in switches.UnreadFields())
        {
            Refuse($"{prefix}.{field}", ProfileText.DisclosureUnread);
        }
    }

    /// <summary>Asks for 現在のパスワード before anything is saved.</summary>
    protected IActionResult AskPassword(GuardedChange change)
    {
        var view = new ConfirmView
        {
            Seal = forms.Seal(change, HttpContext.Member().SessionId),
            Back = TabOf(change.ChildId),
        };
        return Show("~/Pages/Member/Profile/_Confirm.cshtml", view);
    }

    /// <summary>The answer to a session that was ended by too many wrong passwords.</summary>
    protected IActionResult LoggedOut()
    {
        cookies.DropSession(Response);
        cookies.SetLoginReason(Response, LoginReason.WrongPasswords, PageRoutes.Profile);
        return SeeOther(PageRoutes.Login);
    }

    /// <summary>Whether the tab was saved by the request before this one.</summary>
    protected bool TakeSaved(Guid? childId) => cookies.TakeDone(Request, Response, DoneMark.ProfileSaved, SubjectOf(childId));

    /// <summary>The answer to a save: back to the tab, or the fault at its field.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="childId">Whose tab it is; null for one's own.</param>
    /// <param name="again">The form, shown with its faults.</param>
    protected IActionResult AnswerTo(ProfileResult result, Guid? childId, Func<IActionResult> again)
    {
        switch (result)
        {
            case ProfileResult.Saved:
                cookies.SetDone(Response, DoneMark.ProfileSaved, SubjectOf(childId));
                return SeeOther(TabOf(childId));
            case ProfileResult.SessionEnded:
                return LoggedOut();
            case ProfileResult.LoginIdTaken:
                Refuse("Input.LoginId", FieldText.LoginIdTaken);
                return again();
            case ProfileResult.TooManyLoginIds:
                Refuse("Input.LoginId", ProfileText.TooManyLoginIds);
                return again();
            case ProfileResult.NoticesHeld:
                Refuse("Input.Switches", ProfileText.NoticesHeld);
                return again();
            case ProfileResult.PasswordOfThese:
                Refuse("Input.LoginId", ProfileText.PasswordOfThese);
                return again();
            case ProfileResult.AddressShared:
                Refuse("Input.Address1", ProfileText.AddressShared);
                return again();
            case ProfileResult.TooManyConfirmations:
                Refuse("Input.Address1", ProfileText.TooManyConfirmations);
                return again();
            default:
                Refuse("CurrentPassword", ProfileText.WrongPassword);
                return again();
        }
    }

    private static string TabOf(Guid? childId) => childId is { } child ? PageRoutes.ProfileOf(child) : PageRoutes.Profile;

    private Guid SubjectOf(Guid? childId) => childId ?? HttpContext.Member().AccountId;
}

using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.Profile;

/// <summary>「現在のパスワード」: saves what the sealed form holds, once the password was right.</summary>
public sealed class ConfirmModel(ProfileService profiles, Visibility visibility, ProtectedForms forms, PortalCookies cookies)
    : ProfilePage(visibility, forms, cookies)
{
    private readonly ProtectedForms _forms = forms;

    [BindProperty]
    public string? Seal { get; set; }

    [BindProperty]
    public string? CurrentPassword { get; set; }

    public IActionResult OnGet() => SeeOther(PageRoutes.Profile);

    public async Task<IActionResult> OnPostAsync()
    {
        var member = HttpContext.Member();
        if (_forms.Open<GuardedChange>(Seal, member.SessionId) is not { } change)
        {
            return BadRequest();
        }

        if (string.IsNullOrEmpty(CurrentPassword))
        {
            Refuse("CurrentPassword", ProfileText.CurrentPasswordEmpty);
            return AskPassword(change);
        }

        return await SaveAsync(member, change) is { } result ? AnswerTo(result, change.ChildId, () => AskPassword(change)) : NotFound();
    }

    private async Task<ProfileResult?> SaveAsync(SignedIn member, GuardedChange change) => change switch
    {
        { Own: { } own } => await profiles.SaveAsync(member, own, CurrentPassword, Aborted),
        { ChildId: { } child, ChildSwitches: { } switches } => await profiles.SaveForChildAsync(member, child, switches, CurrentPassword, Aborted),
        _ => null,
    };
}

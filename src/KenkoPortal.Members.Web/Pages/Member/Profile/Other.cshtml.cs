using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.Profile;

/// <summary>
/// Another person's tab: the nickname, whether they have registered, and what they share. The insured sets the switches of a child
/// without an account; nobody sets anything for anybody else, for the viewer would give themself consent.
/// </summary>
public sealed class OtherModel(ProfileService profiles, Visibility visibility, ProtectedForms forms, PortalCookies cookies)
    : ProfilePage(visibility, forms, cookies)
{
    [BindProperty]
    public SwitchesForm Input { get; set; } = new();

    public HouseholdMember Person { get; private set; } = default!;

    /// <summary>The kinds of notice that the person shares; nothing tells what they do not share.</summary>
    public IReadOnlyList<NoticeKind> Shared { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid person)
    {
        if (!await FindAsync(person))
        {
            return NotFound();
        }

        IsSaved = TakeSaved(person);
        Input = SwitchesForm.Of(await profiles.ReadOfOtherAsync(person, Aborted));
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid person)
    {
        if (!await FindAsync(person) || !Person.MayActFor)
        {
            return NotFound();
        }

        JudgeSwitches("Input", Input);
        if (!ModelState.IsValid)
        {
            return Page();
        }

        var (before, wanted) = (await profiles.SwitchesAsync(person, Aborted), Input.ToSwitches());
        if (!wanted.HasSameDisclosure(before))
        {
            return AskPassword(new GuardedChange(null, person, wanted));
        }

        var result = await profiles.SaveForChildAsync(HttpContext.Member(), person, wanted, currentPassword: null, Aborted);
        return result is { } actual ? AnswerTo(actual, person, Page) : NotFound();
    }

    private async Task<bool> FindAsync(Guid person)
    {
        await LoadHouseholdAsync();
        if (Household.SingleOrDefault(m => m.PersonId == person && !m.IsSelf) is not { } found)
        {
            return false;
        }

        Person = found;
        Shared = [.. (await Visibility.DisclosureAsync(person, Aborted)).Where(d => d.Value).Select(d => d.Key)];
        return true;
    }
}

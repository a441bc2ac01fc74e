using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.Fields;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Members.Web.Pages.Member.Profile;

/// <summary>「プロフィール設定」, one's own tab: one form, saved as a whole.</summary>
public sealed class IndexModel(
    ProfileService profiles, AddressChanges changes, Visibility visibility, PortalContext db, ProtectedForms forms, PortalCookies cookies, CurrentSociety society, TimeProvider clock)
    : ProfilePage(visibility, forms, cookies)
{
    /// <summary>Confirming mails to addresses that the account has already, the newest first.</summary>
    private IReadOnlyList<AddressConfirmation> _proofs = [];

    [BindProperty]
    public Form Input { get; set; } = new();

    /// <summary>Whether the request before this one withdrew a new address.</summary>
    public bool IsWithdrawn { get; private set; }

    /// <summary>When and with which letter the account was made, and whom to call where somebody else did it.</summary>
    public string MadeBy { get; private set; } = "";

    /// <summary>The society's name and telephone.</summary>
    public string Contact => society.Society.Tel is { Length: > 0 } tel ? $"{society.Society.Name} {tel}" : society.Society.Name;

    /// <summary>Places of the addresses to which no mail goes.</summary>
    public IReadOnlyList<int> Untrusted { get; private set; } = [];

    /// <summary>Whether the request before this one sent a confirming mail to a marked address.</summary>
    public bool IsProofSent { get; private set; }

    /// <summary>Addresses that get no notice mails because mails came back, by slot.</summary>
    public IReadOnlyList<AccountMailAddress> Marked { get; private set; } = [];

    /// <summary>New addresses whose mail was not answered yet, at most one a slot, by slot.</summary>
    public IReadOnlyList<AddressConfirmation> Waiting { get; private set; } = [];

    public async Task OnGetAsync()
    {
        IsSaved = TakeSaved(childId: null);
        IsProofSent = Cookies.TakeDone(Request, Response, DoneMark.ProofSent, HttpContext.Member().AccountId);
        IsWithdrawn = Cookies.TakeDone(Request, Response, DoneMark.AddressWithdrawn, HttpContext.Member().AccountId);
        Input = Form.Of(await profiles.ReadAsync(HttpContext.Member(), Aborted));
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await LoadAsync();
        if (Validated() is not { } wanted)
        {
            return Page();
        }

        var current = await profiles.ReadAsync(HttpContext.Member(), Aborted);
        if (wanted.IsGuardedAgainst(current))
        {
            return await profiles.RefuseLoginIdAsync(HttpContext.Member(), wanted.LoginId, Aborted) is { } refusal
                ? AnswerTo(refusal, childId: null, Page)
                : AskPassword(new GuardedChange(wanted, null, null));
        }

        var result = await profiles.SaveAsync(HttpContext.Member(), wanted, currentPassword: null, Aborted);
        return AnswerTo(result, childId: null, Page);
    }

    /// <summary>「取り消す」 at an address that waits. One that does not wait any more is left as it is: the page shows it.</summary>
    public async Task<IActionResult> OnPostWithdrawAsync(int slot, string? address)
    {
        if (address is not null && await changes.WithdrawAsync(HttpContext.Member(), slot, address, Aborted))
        {
            Cookies.SetDone(Response, DoneMark.AddressWithdrawn, HttpContext.Member().AccountId);
        }

        return SeeOther(PageRoutes.Profile);
    }

    /// <summary>「確認メールを送る」 at a marked address. One that is not marked any more needs none: the page shows it.</summary>
    public async Task<IActionResult> OnPostProveAsync(int slot, string? address)
    {
        var member = HttpContext.Member();
        switch (address is null ? ProfileResult.Saved : await changes.AskToProveAsync(member, slot, address, Aborted))
        {
            case ProfileResult.SessionEnded:
                return LoggedOut();
            case ProfileResult.TooManyConfirmations:
                Input = Form.Of(await profiles.ReadAsync(member, Aborted));
                await LoadAsync();
                Refuse("Input.Address1", ProfileText.TooManyConfirmations);
                return Page();
            default:
                Cookies.SetDone(Response, DoneMark.ProofSent, member.AccountId);
                return SeeOther(PageRoutes.Profile);
        }
    }

    /// <summary>The confirming mail that is out for a marked address.</summary>
    public AddressConfirmation? ProofOf(AccountMailAddress marked) => _proofs.FirstOrDefault(p => p.Address == marked.Address);

    private async Task LoadAsync()
    {
        await LoadHouseholdAsync();
        var (accountId, now) = (HttpContext.Member().AccountId, clock.GetUtcNow());
        var account = await db.MemberAccounts.AsNoTracking().SingleAsync(a => a.Id == accountId, Aborted);
        MadeBy = (account.Letter switch
        {
            LetterKind.Household => ProfileText.MadeByHousehold,
            LetterKind.Own => ProfileText.MadeByOwn,
            _ => ProfileText.MadeByRecovery,
        }).With(JapanTime.DateAndClock(account.RecoveredAt ?? account.CreatedAt));
        Untrusted = await db.AccountMailAddresses.Where(a => a.AccountId == accountId && a.UntrustedAt != null).Select(a => a.Slot).ToListAsync(Aborted);
        var waiting = await db.AddressConfirmations.AsNoTracking().Where(c => c.AccountId == accountId && c.EndedAt == null).ToListAsync(Aborted);
        var own = await db.AccountMailAddresses.AsNoTracking().Where(a => a.AccountId == accountId).OrderBy(a => a.Slot).ToListAsync(Aborted);
        Marked = own.FindAll(a => a is { BouncedAt: not null, IsTrusted: true });
        _proofs = [.. waiting.Where(c => c.IsAliveAt(now) && own.Exists(a => a.Address == c.Address)).OrderByDescending(c => c.AskedAt)];
        Waiting = [.. waiting.Where(c => c.IsAliveAt(now) && !own.Exists(a => a.Address == c.Address)).GroupBy(c => c.Slot).Select(g => g.MaxBy(c => c.AskedAt)!).OrderBy(c => c.Slot)];
    }

    private Core.Accounts.Profile? Validated()
    {
        var loginId = ValidLoginId("Input.LoginId", Input.LoginId);
        Refuse("Input.Nickname", FieldMessages.Of(Nickname.TryParse(Input.Nickname, out var nickname)));
        string?[] addresses = [Address("Input.Address1", Input.Address1), Address("Input.Address2", Input.Address2), Address("Input.Address3", Input.Address3)];
        Refuse("Input.Address1", string.IsNullOrWhiteSpace(Input.Address1) ? ProfileText.AddressNeeded : null);
        var given = addresses.OfType<string>().ToList();
        Refuse("Input.Address2", given.Distinct(StringComparer.OrdinalIgnoreCase).Count() < given.Count ? ProfileText.AddressTwice : null);
        JudgeSwitches("Input.Switches", Input.Switches);
        return loginId is not null && ModelState.IsValid
            ? new Core.Accounts.Profile(loginId.Value, nickname, addresses, Input.Switches.ToSwitches())
            : null;
    }

    private string? Address(string field, string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return null;
        }

        var isValid = EmailAddress.TryParse(typed, out var address);
        Refuse(field, isValid ? null : FieldText.AddressForm);
        return address?.Value;
    }

    public sealed class Form
    {
        public string? LoginId { get; set; }

        public string? Nickname { get; set; }

        public string? Address1 { get; set; }

        public string? Address2 { get; set; }

        public string? Address3 { get; set; }

        public SwitchesForm Switches { get; set; } = new();

        public static Form Of(Core.Accounts.Profile profile) => new()
        {
            LoginId = profile.LoginId,
            Nickname = profile.Nickname,
            Address1 = profile.Addresses[0],
            Address2 = profile.Addresses[1],
            Address3 = profile.Addresses[2],
            Switches = SwitchesForm.Of(profile.Switches),
        };
    }
}

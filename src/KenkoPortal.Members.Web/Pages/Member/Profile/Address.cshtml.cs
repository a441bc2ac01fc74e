using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Link;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Members.Web.Pages.Member.Profile;

/// <summary>
/// 「メールアドレスの確認」: where a new address's link leads. Only the account's own login confirms, so that neither a scanner nor a
/// stranger who was sent the mail by a slip can.
/// </summary>
public sealed class AddressModel(AddressChanges addresses, PortalContext db, PortalCookies cookies, TimeProvider clock) : FlowPage
{
    public string Address { get; private set; } = "";

    public bool IsConfirmed { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await FindAsync() is { IsAlive: false } state ? Over(state) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is { IsAlive: false } state)
        {
            return Over(state);
        }

        IsConfirmed = await addresses.ConfirmAsync(HttpContext.Member(), cookies.Link(Request)!.Value, Aborted);
        return IsConfirmed ? Page() : Ended(EndedView.OfAddress(LinkState.Unknown));
    }

    /// <summary>Once it was said, the next login goes home again.</summary>
    private IActionResult Over(LinkState state)
    {
        if (state.Link is not null)
        {
            cookies.DropLink(Response);
        }

        return Ended(EndedView.OfAddress(state));
    }

    private async Task<LinkState> FindAsync()
    {
        var (link, accountId) = (cookies.Link(Request), HttpContext.Member().AccountId);
        var confirmation = await db.AddressConfirmations.AsNoTracking().SingleOrDefaultAsync(c => c.Id == link && c.AccountId == accountId, Aborted);
        Address = confirmation?.Address ?? "";
        return confirmation is null ? LinkState.Unknown : LinkState.Of(confirmation, newerSentAt: null, clock.GetUtcNow());
    }
}

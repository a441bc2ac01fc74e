using KenkoPortal.Core.Common;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Design.Fields;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages;

/// <summary>A page that asks for a mail. The same answer follows in the same time for every address, known or not.</summary>
public abstract class AskPage(MailAsks asks, PortalCookies cookies, AskPurpose purpose) : PortalPage
{
    [BindProperty]
    public Form Input { get; set; } = new();

    /// <summary>The address that the mail is on its way to, once it was asked for.</summary>
    public string? SentTo { get; private set; }

    /// <summary>Until when the link works; null where the mail leaves later, since the society's cap is full.</summary>
    public DateTimeOffset? ValidUntil { get; private set; }

    public async Task<IActionResult> OnPostAsync()
    {
        var typed = Single("Input.Address");
        if (!EmailAddress.TryParse(typed, out var address))
        {
            Refuse("Input.Address", FieldMessages.OfAddress(typed));
            return Page();
        }

        var taken = await asks.AskAsync(purpose, address, Aborted, cookies.Devices(Request));
        ValidUntil = taken.IsLate ? null : taken.AskedAt + MailedLink.Validity;
        SentTo = address.Value;
        return Page();
    }

    public sealed class Form
    {
        public string? Address { get; set; }
    }
}

using KenkoPortal.Core.Common;
using KenkoPortal.Core.InboundMail;
using KenkoPortal.Core.Mail;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Web.Pages.Reissue;

/// <summary>「パスワード再発行」: asks for the mail. The same page follows in the same time whether or not the address is known.</summary>
public sealed class IndexModel(MailAsks asks) : PortalPage
{
    [BindProperty]
    public Form Input { get; set; } = new();

    public string? SentTo { get; private set; }

    public DateTimeOffset ValidUntil { get; private set; }

    public async Task<IActionResult> OnPostAsync()
    {
        var typed = Single("Input.Address");
        if (!EmailAddress.TryParse(typed, out var address))
        {
            Refuse("Input.Address", FieldMessages.OfAddress(typed));
            return Page();
        }

        ValidUntil = await asks.AskAsync(AskPurpose.Reissue, address, Aborted) + MailedLink.Validity;
        SentTo = address.Value;
        return Page();
    }

    public sealed class Form
    {
        public string? Address { get; set; }
    }
}

using KenkoPortal.Core.Common;
using KenkoPortal.Core.InboundMail;
using KenkoPortal.Core.Mail;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Web.Pages.Register;

/// <summary>「新規利用登録」: asks for the mail. The answer is the same for every address, known or not.</summary>
public sealed class IndexModel(MailAsks asks) : PortalPage
{
    [BindProperty]
    public Form Input { get; set; } = new();

    /// <summary>The address that the mail is on its way to, once it was asked for.</summary>
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

        ValidUntil = await asks.AskAsync(AskPurpose.Registration, address, Aborted) + MailedLink.Validity;
        SentTo = address.Value;
        return Page();
    }

    public sealed class Form
    {
        public string? Address { get; set; }
    }
}

using KenkoPortal.Core.Letters;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Societies;
using KenkoPortal.Members.Web.Limits;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Link;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Register;

/// <summary>「新規利用登録」, the provisional login: the link proved the address, the letter's credentials prove the person.</summary>
public sealed class LoginModel(RegistrationService registration, PortalCookies cookies, CurrentSociety society, RefusedAttempts refusals) : FlowPage
{
    [BindProperty]
    public Form Input { get; set; } = new();

    /// <summary>Where the link was sent: it becomes the account's, and whoever holds the letter may notice that it is not theirs.</summary>
    public string Address { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync()
    {
        var state = await StateAsync();
        Input.Link = state.Link?.Id;
        return state.IsAlive ? Page() : Ended(EndedView.OfRegistration(state));
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var state = await StateAsync();
        if (!state.IsAlive)
        {
            return Ended(EndedView.OfRegistration(state));
        }

        if (Input.Link != state.Link!.Id)
        {
            // Another link was followed since the page was shown: whose address it is must be seen first.
            return SeeOther(PageRoutes.RegisterLogin);
        }

        var id = ValidProvisionalId();
        Refuse("Input.Password", string.IsNullOrWhiteSpace(Input.Password) ? RegisterText.ProvisionalPasswordEmpty : null);
        if (id is null || !ModelState.IsValid)
        {
            return Page();
        }

        var (result, token) = await registration.LogInAsync(
            state.Link.Id, id, Input.Password!, cookies.Step(Request, StepCookie.Registration), Aborted);
        switch (result)
        {
            case ProvisionalLoginResult.Accepted:
                cookies.SetStep(Response, StepCookie.Registration, token!);
                return SeeOther(PageRoutes.RegisterAccount);
            case ProvisionalLoginResult.AddressShared:
                Refuse("Input.LoginId", RegisterText.AddressShared);
                return Page();
            case ProvisionalLoginResult.MustWait:
                Refuse("Input.LoginId", RegisterText.MustWait);
                return Page();
            case ProvisionalLoginResult.Refused:
                refusals.Count(HttpContext);
                state = await StateAsync();
                if (state.IsAlive)
                {
                    Refuse("Input.LoginId", RegisterText.Refused);
                    return Page();
                }

                break;
            default:
                state = await StateAsync();
                break;
        }

        return Ended(EndedView.OfRegistration(state));
    }

    private async Task<LinkState> StateAsync()
    {
        var state = cookies.Link(Request) is { } link ? await registration.LinkStateAsync(link, Aborted) : LinkState.Unknown;
        Address = (state.Link as RegistrationLink)?.Address ?? "";
        return state;
    }

    /// <summary>A blank form and a slip that the form or the check digit shows count for nothing.</summary>
    private ProvisionalId? ValidProvisionalId()
    {
        var id = ProvisionalId.TryParse(Input.LoginId, society.Society.InsurerNumber);
        Refuse("Input.LoginId", (id, string.IsNullOrWhiteSpace(Input.LoginId), ProvisionalId.HasForm(Input.LoginId)) switch
        {
            ({ }, _, _) => null,
            (_, true, _) => RegisterText.ProvisionalIdEmpty,
            (_, _, false) => RegisterText.ProvisionalIdForm,
            _ => RegisterText.ProvisionalIdSlip,
        });
        return id;
    }

    public sealed class Form
    {
        /// <summary>The link for which the page was shown.</summary>
        public Guid? Link { get; set; }

        public string? LoginId { get; set; }

        public string? Password { get; set; }
    }
}

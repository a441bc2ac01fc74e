using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Registration;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;

namespace KenkoPortal.Members.Web.Pages.Register;

/// <summary>「利用者情報登録完了」. The browser that registered is told what the household sees; to any other the page says only where to look.</summary>
public sealed class CompleteModel(RegistrationService registration, ProfileService profiles, PortalCookies cookies) : PortalPage
{
    /// <summary>Whether a notice of who registered is open to the household; null where the session is over.</summary>
    public bool? IsOpen { get; private set; }

    public async Task OnGetAsync()
    {
        if (await registration.FormAsync(cookies.Step(Request, StepCookie.Registration), Aborted) is { IsDone: true } form)
        {
            var switches = await profiles.SwitchesAsync(form.PersonId, Aborted);
            IsOpen = switches.DiscloseMedicalCost || switches.DiscloseGenericDrug;
        }
    }
}

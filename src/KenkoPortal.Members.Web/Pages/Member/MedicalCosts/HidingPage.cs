using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc.Filters;

namespace KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

/// <summary>A page about what is hidden from the household. While notices are held back after a recovery, Home says until when.</summary>
public abstract class HidingPage : PortalPage
{
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (HttpContext.Member().NoticesHeldUntil is not null)
        {
            context.Result = SeeOther(PageRoutes.Home);
        }
    }
}

using KenkoPortal.Design.Layout;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Link;

/// <summary>A page of registration or reissue, which a mailed link opens.</summary>
public abstract class FlowPage : PortalPage
{
    /// <summary>Says why a link or form is over, and how to start again.</summary>
    protected IActionResult Ended(EndedView view)
    {
        var result = Show("~/Pages/Link/_Ended.cshtml", view);
        result.StatusCode = StatusCodes.Status410Gone;
        return result;
    }
}

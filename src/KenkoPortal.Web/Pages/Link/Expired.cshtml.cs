using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Web.Pages.Link;

/// <summary>The page of a link that names nothing here.</summary>
public sealed class ExpiredModel : PortalPage
{
    public IActionResult OnGet() => Ended(EndedView.Unknown);
}

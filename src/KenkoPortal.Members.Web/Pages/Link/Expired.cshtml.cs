using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Link;

/// <summary>The page of a link that names nothing here.</summary>
public sealed class ExpiredModel : FlowPage
{
    public IActionResult OnGet() => Ended(EndedView.Unknown);
}

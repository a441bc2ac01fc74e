using KenkoPortal.Web.Infrastructure.Security;

namespace KenkoPortal.Web.Pages.Member;

/// <summary>Home: one sentence that tells the newest thing first, and a panel for each kind of news.</summary>
public sealed class HomeModel : PortalPage
{
    /// <summary>Mail to one of the member's addresses comes back.</summary>
    public bool IsMailBouncing => HttpContext.Member().IsMailBouncing;
}

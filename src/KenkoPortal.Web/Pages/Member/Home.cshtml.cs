using KenkoPortal.Core.Data;
using KenkoPortal.Web.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Web.Pages.Member;

/// <summary>Home: one sentence that tells the newest thing first, and a panel for each kind of news.</summary>
public sealed class HomeModel(PortalContext db) : PortalPage
{
    /// <summary>Mail to one of the member's addresses comes back.</summary>
    public bool IsMailBouncing { get; private set; }

    public async Task OnGetAsync()
    {
        var accountId = HttpContext.Member().AccountId;
        IsMailBouncing = await db.AccountMailAddresses.AnyAsync(a => a.AccountId == accountId && a.BouncedAt != null, Aborted);
    }
}

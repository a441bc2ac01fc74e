using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Link;

/// <summary>
/// Where every mailed link leads: counts the click, swaps the token for a short-lived cookie and sends the browser on to a clean
/// address (row L9). It decides nothing and ends nothing; the page that follows says whether the link is alive.
/// </summary>
public sealed class ClickModel(LinkClicks clicks, PortalCookies cookies) : PortalPage
{
    /// <param name="token">As it stands in the address; blanks alone come in as null.</param>
    public Task<IActionResult> OnGetAsync(string? token) => FollowAsync(token, isCounted: true);

    public Task<IActionResult> OnHeadAsync(string? token) => FollowAsync(token, isCounted: false);

    private async Task<IActionResult> FollowAsync(string? token, bool isCounted)
    {
        if (string.IsNullOrEmpty(token) || await clicks.FollowAsync(token, isCounted, Aborted) is not { } link)
        {
            return SeeOther(PageRoutes.LinkExpired);
        }

        cookies.SetLink(Response, link.Id, MailedLink.Validity);
        return SeeOther(link switch
        {
            RegistrationLink => PageRoutes.RegisterLogin,
            ReissueRequest => PageRoutes.ReissueLogin,
            AddressConfirmation => PageRoutes.ProfileAddress,
            _ => throw new InvalidOperationException("A kind of link has no page."),
        });
    }
}

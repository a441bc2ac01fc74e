using KenkoPortal.Core.Common;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages;
using Microsoft.AspNetCore.Mvc.Filters;

namespace KenkoPortal.Members.Web.Frames;

/// <summary>Fills the frame of every page: whose portal it is, who is signed in, where one is.</summary>
public sealed class PageFrameFilter : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
        var http = context.HttpContext;
        var path = http.Request.Path.Value ?? "/";
        var society = http.RequestServices.GetRequiredService<CurrentSociety>();
        var signedIn = path.StartsWith("/errors/", StringComparison.Ordinal) ? null : http.SignedIn();
        FrameOf(society, http).With(path, http.Request.QueryString, signedIn is null ? null : new SignedInFrame(
            signedIn.Nickname,
            signedIn.PreviousLoginAt is { } previous ? JapanTime.DateAndClock(previous) : SharedText.FirstLogin)
        {
            Navigation = MemberNavigation.Links,
            CurrentPath = MemberNavigation.PathOf(path),
        }).PutIn(http);
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }

    /// <summary>The society's part alone, as error pages show it.</summary>
    public static PageFrame FrameOf(CurrentSociety current, HttpContext http) => current.IsKnown
        ? new PageFrame
        {
            ProductTitle = current.Society.Title,
            SocietyName = current.Society.Name,
            SocietyAddress = string.Join(' ', new[] { current.Society.PostalCode is { } code ? "〒" + code : null, current.Society.Address }.OfType<string>()) is { Length: > 0 } line ? line : null,
            SocietyTel = current.Society.Tel,
            TextSize = TextSizeCode.Read(http.Request),
        }
        : new PageFrame { TextSize = TextSizeCode.Read(http.Request) };
}

internal static class PageFrameExtensions
{
    public static PageFrame With(this PageFrame frame, string path, QueryString query, SignedInFrame? signedIn) => frame with
    {
        ReturnPath = PageRoutes.IsReturnPath(path + query) ? path + query : PageRoutes.IsReturnPath(path) ? path : null,
        SignedIn = signedIn,
    };
}

using KenkoPortal.Design.Layout;
using KenkoPortal.Design.Requests;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages;

namespace KenkoPortal.Members.Web;

/// <summary>What answers members without a page.</summary>
internal static class MemberEndpoints
{
    /// <summary>A scanner looks with HEAD before the member opens a link.</summary>
    private static readonly string[] Looking = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// <c>POST /text-size</c>: sets a display cookie only, so it needs no form token, and returns to a known page, never to an address
    /// that came with the request.
    /// </summary>
    public static void MapTextSize(this IEndpointRouteBuilder app, bool isProduction) => app.MapPost("/text-size", async context =>
    {
        var form = await context.Request.ReadFormOrNoneAsync();
        if (TextSizeCode.TryParse(form[TextSizeCode.FormField].ToString(), out var size))
        {
            context.Response.Cookies.Append(PortalCookies.Prefix(isProduction) + TextSizeCode.CookieName, TextSizeCode.Of(size), new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = isProduction,
                Path = "/",
                MaxAge = TimeSpan.FromDays(400),
            });
        }

        SeeOther(context, PageRoutes.IsReturnPath(form["return"].ToString()) ? form["return"].ToString() : "/");
    });

    /// <summary>The addresses of the system before this one, so that bookmarks and the societies' home pages survive the move.</summary>
    public static void MapOldAddresses(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/kw21cu/user/login.jsf", Looking, context =>
        {
            SeeOther(context, "/login");
            return Task.CompletedTask;
        });
        app.MapMethods("/kw21cu/clickCount/cc", Looking, context =>
        {
            SeeOther(context, "/c/" + Uri.EscapeDataString(context.Request.Query["r"].ToString()));
            return Task.CompletedTask;
        });
    }

    private static void SeeOther(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
    }
}

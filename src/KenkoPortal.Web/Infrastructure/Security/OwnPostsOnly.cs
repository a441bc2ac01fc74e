using KenkoPortal.Core.Societies;
using KenkoPortal.Design.Requests;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Refuses a form that another site's page posts, before anything counts it: else any page that somebody of an office looks at shuts the office's address (S9).
/// Browsers tell by Sec-Fetch-Site; older ones by Origin. Under <c>no-referrer</c> our own forms carry <c>Origin: null</c> (row L9), which
/// tells nothing: there the form token decides, as ever.
/// </summary>
public sealed class OwnPostsOnly(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context, CurrentSociety society)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.IsErrorPage() || !IsForeign(context.Request, society))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    private static bool IsForeign(HttpRequest request, CurrentSociety society)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        return origin is not ("" or "null") && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && (string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
                || (society.IsKnown && string.Equals(origin, society.Society.Origin, StringComparison.OrdinalIgnoreCase))));
    }
}

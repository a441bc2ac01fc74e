using System.Security.Claims;
using System.Text.Encodings.Web;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Members.Web.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Members.Web.MemberSessions;

/// <summary>
/// Finds who is logged in by the session cookie, anew in the database at each request: an ended session, a suspended account or a
/// changed password acts at once (row A13). It stands before the framework's authentication, which would keep a fault of the
/// database and raise it again under the page that tells of it.
/// </summary>
public sealed class MemberBySession(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, PortalCookies cookies, CurrentSociety society)
    {
        var isErrorPage = context.Request.Path.StartsWithSegments("/errors", StringComparison.Ordinal);
        if (!isErrorPage && society.IsKnown && cookies.Session(context.Request) is { Length: > 0 } token)
        {
            await FindAsync(context, token);
        }

        await next(context);
    }

    private static async Task FindAsync(HttpContext context, string token)
    {
        var services = context.RequestServices;
        var isLooking = HttpMethods.IsGet(context.Request.Method);
        if (isLooking)
        {
            // A page reads several times: one connection for all of it. A form waits for hashing, which must not keep one.
            await services.GetRequiredService<PortalContext>().Database.OpenConnectionAsync(context.RequestAborted);
        }

        if (await services.GetRequiredService<Sessions>().FindLoginAsync(token, context.RequestAborted) is { } signedIn)
        {
            context.Features.Set(signedIn);
            services.GetRequiredService<CurrentActor>().IsAccount(signedIn.AccountId);
            if (isLooking)
            {
                services.GetRequiredService<KnownHousehold>().Set(signedIn.PersonId, signedIn.Household);
            }
        }
    }
}

/// <summary>Tells the framework whom <see cref="MemberBySession"/> found.</summary>
public sealed class PortalAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, PortalCookies cookies)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Portal";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.SignedIn() is not { } signedIn)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, signedIn.AccountId.ToString())], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    /// <summary>
    /// Signed out: on to the login, which says why and leads back to the page afterwards. A cookie carries both, since addresses stand in logs and histories.
    /// </summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var reason = cookies.Session(Request) is not { Length: > 0 } ? LoginReason.None
            : HttpMethods.IsPost(Request.Method) ? LoginReason.Unsaved
            : LoginReason.Ended;
        var path = Request.Path.Value + (HttpMethods.IsGet(Request.Method) ? Request.QueryString.Value : "");
        if (reason != LoginReason.None)
        {
            cookies.DropSession(Response);
        }

        if (reason != LoginReason.None || path != PageRoutes.Home)
        {
            cookies.SetLoginReason(Response, reason, path);
        }

        Response.StatusCode = StatusCodes.Status303SeeOther;
        Response.Headers.Location = "/login";
        return Task.CompletedTask;
    }
}

/// <summary>Who is signed in, for pages.</summary>
public static class SignedInExtensions
{
    public static SignedIn? SignedIn(this HttpContext context) => context.Features.Get<SignedIn>();

    /// <summary>On a page of the Member folder, where nobody else comes.</summary>
    public static SignedIn Member(this HttpContext context) => context.SignedIn() ?? throw new InvalidOperationException("Nobody is signed in.");
}

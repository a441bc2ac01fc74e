using System.Security.Claims;
using System.Text.Encodings.Web;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Societies;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Authenticates by the session cookie, anew in the database at each request: an ended session, a suspended account or a changed
/// password acts at once (row A13).
/// </summary>
public sealed class PortalAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    Sessions sessions, PortalCookies cookies, CurrentSociety society, CurrentActor actor)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Portal";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var isErrorPage = Request.Path.StartsWithSegments("/errors", StringComparison.Ordinal);
        if (isErrorPage || !society.IsKnown || await sessions.FindLoginAsync(cookies.Session(Request), Context.RequestAborted) is not { } signedIn)
        {
            return AuthenticateResult.NoResult();
        }

        Context.Features.Set(signedIn);
        actor.IsAccount(signedIn.AccountId);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, signedIn.AccountId.ToString())], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <summary>Signed out: on to the login. Where it goes on to from there is not told in the address.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
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

using KenkoPortal.Core.Accounts;
using KenkoPortal.Members.Web.Pages;
using Microsoft.AspNetCore.Antiforgery;

namespace KenkoPortal.Web.Infrastructure.Hosting;

/// <summary>
/// Loads what the first page needs beside the rest of a start, which leaves the second processor idle: the first visitor is answered a fifth sooner.
/// Nothing depends on it, and what fails here fails again for the page that needs it, which says so.
/// </summary>
internal static class FirstPage
{
    /// <summary>What services alone can load: keys, form tokens, the database's context.</summary>
    public static Task LoadAsync(WebApplication app) => BesideAsync(app, http =>
    {
        http.RequestServices.GetRequiredService<IAntiforgery>().GetTokens(http);
        http.RequestServices.GetRequiredService<LoginService>();
        return Task.CompletedTask;
    });

    /// <summary>Renders the login page for nobody, of no society, and throws it away. Pages must be mapped.</summary>
    public static Task RenderAsync(WebApplication app) => BesideAsync(app, http =>
    {
        var pages = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
        var login = pages.First(page => "/" + page.RoutePattern.RawText == PageRoutes.Login);
        http.SetEndpoint(login);
        return login.RequestDelegate!(http);
    });

    private static Task BesideAsync(WebApplication app, Func<HttpContext, Task> load) => Task.Run(async () =>
    {
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
            (http.Request.Method, http.Request.Scheme, http.Request.Path) = (HttpMethods.Get, Uri.UriSchemeHttps, PageRoutes.Login);
            await load(http);
        }
        catch (Exception)
        {
        }
    });
}

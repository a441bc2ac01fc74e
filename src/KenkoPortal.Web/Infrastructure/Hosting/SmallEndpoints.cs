using System.Net;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using KenkoPortal.Web.Infrastructure.Security;
using KenkoPortal.Web.Pages;
using KenkoPortal.Web.Pages.Shared;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Web.Infrastructure.Hosting;

/// <summary>What answers without a page.</summary>
public static class SmallEndpoints
{
    /// <summary>A mail that should have left this long ago shows that the queue stands still.</summary>
    private static readonly TimeSpan QueueStandstill = TimeSpan.FromMinutes(15);

    /// <summary>A scanner looks with HEAD before the member opens a link.</summary>
    private static readonly string[] Looking = [HttpMethods.Get, HttpMethods.Head];

    /// <summary><c>/healthz</c>: the process. <c>/readyz</c>: database and mail queue. They answer on any host; what the second tells is for
    /// this machine and its proxies, and for everybody else the page does not exist (S16).</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.Map("/healthz", branch => branch.Run(context => context.Response.WriteAsync("ok\n")));
        var proxies = app.Services.GetRequiredService<PortalOptions>().Proxies();
        app.MapWhen(context => context.Request.Path.Equals("/readyz", StringComparison.OrdinalIgnoreCase) && IsNear(context), branch => branch.Run(ReadyAsync));

        bool IsNear(HttpContext context) =>
            context.Connection.RemoteIpAddress is { } address
            && (IPAddress.IsLoopback(address) || proxies.Any(proxy => proxy.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)));
    }

    /// <summary>
    /// <c>POST /text-size</c>: sets a display cookie only, so it needs no form token, and returns to a known page, never to an address
    /// that came with the request.
    /// </summary>
    public static void MapTextSize(this WebApplication app) => app.MapPost("/text-size", async context =>
    {
        var form = await context.Request.ReadFormOrNoneAsync();
        if (TextSizeCode.TryParse(form[TextSizeCode.FormField].ToString(), out var size))
        {
            context.Response.Cookies.Append(PortalCookies.Prefix(app.Environment.IsProduction()) + TextSizeCode.CookieName, TextSizeCode.Of(size), new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = app.Environment.IsProduction(),
                Path = "/",
                MaxAge = TimeSpan.FromDays(400),
            });
        }

        SeeOther(context, PageRoutes.IsReturnPath(form["return"].ToString()) ? form["return"].ToString() : "/");
    });

    /// <summary>The addresses of the system before this one, so that bookmarks and the societies' home pages survive the move.</summary>
    public static void MapOldAddresses(this WebApplication app)
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

    private static async Task ReadyAsync(HttpContext context)
    {
        await using var scope = context.RequestServices.GetRequiredService<SocietyScopes>().OpenForScheduling();
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        var overdue = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - QueueStandstill;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            limit.CancelAfter(TimeSpan.FromSeconds(5));
            var mails = db.WaitingMails.Where(m => m.SentAt == null && m.FailedAt == null);
            var isStandingStill = await mails.AnyAsync(m => m.NextAttemptAt < overdue && m.Lane == MailLane.Account, limit.Token);
            var refusedAt = await mails.Where(m => m.RefusedAt != null).OrderBy(m => m.RefusedAt).Select(m => m.RefusedAt).Take(RefusedInRow.Several).ToListAsync(limit.Token);
            // One mail may be refused for its own sake; several for so long are the relay's trouble, as if it were down.
            var isRefused = refusedAt.Count == RefusedInRow.Several && refusedAt[0] < overdue;
            context.Response.StatusCode = isStandingStill || isRefused ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            var state = isRefused ? "mail relay refuses us" : isStandingStill ? "mail queue stands still" : refusedAt.Count > 0 ? "ready, but mail relay refuses us" : "ready";
            await context.Response.WriteAsync(state + "\n", context.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or TimeoutException || UnitOfWork.IsOfDatabase(exception))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("database does not answer\n", context.RequestAborted);
        }
    }
}

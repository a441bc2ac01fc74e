using System.Net;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Web.Infrastructure.Hosting;

/// <summary>Tells monitoring how the portal is.</summary>
public static class HealthEndpoints
{
    /// <summary>A mail that should have left this long ago shows that the queue stands still.</summary>
    private static readonly TimeSpan QueueStandstill = TimeSpan.FromMinutes(15);

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

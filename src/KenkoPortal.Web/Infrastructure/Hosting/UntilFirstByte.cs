using Microsoft.AspNetCore.Http.Timeouts;

namespace KenkoPortal.Web.Infrastructure.Hosting;

/// <summary>
/// Ends a request's limit of time once its answer has begun: how long the rest takes is the reader's line. Who reads next to nothing is cut off by Kestrel's least rate.
/// </summary>
public static class UntilFirstByte
{
    public static void UseLimitUntilFirstByte(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
            return Task.CompletedTask;
        });
        return next(context);
    });
}

using KenkoPortal.Core.Societies;
using Microsoft.AspNetCore.Diagnostics;

namespace KenkoPortal.Web.Infrastructure.Tenancy;

/// <summary>Finds the society of the request by host name. An unknown host is answered 404, and nothing after it runs.</summary>
public sealed class SocietyByHost(RequestDelegate next, SocietyScopes scopes)
{
    public async Task InvokeAsync(HttpContext context, CurrentSociety current)
    {
        if (!current.IsKnown && await FindAsync(context) is { } society)
        {
            current.Set(society);
        }

        if (!current.IsKnown && !IsError(context))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }

    /// <summary>The page of a fault is shown though no society was found, or the database is gone. Asked for directly it is a path like any other.</summary>
    private static bool IsError(HttpContext context) => context.Features.Get<IStatusCodeReExecuteFeature>() is not null;

    private async Task<Society?> FindAsync(HttpContext context)
    {
        if (IsError(context))
        {
            return null;
        }

        // In a scope of its own: the request's connection is opened for one society and never for none.
        await using var scope = scopes.OpenForScheduling();
        return await scope.ServiceProvider.GetRequiredService<SocietyDirectory>().FindByHostAsync(context.Request.Host.Host, context.RequestAborted);
    }
}

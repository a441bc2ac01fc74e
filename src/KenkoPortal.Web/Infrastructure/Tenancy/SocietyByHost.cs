using KenkoPortal.Core.Societies;
using KenkoPortal.Design.Requests;

namespace KenkoPortal.Web.Infrastructure.Tenancy;

/// <summary>Finds the society of the request by host name. An unknown host is answered 404, and nothing after it runs.</summary>
public sealed class SocietyByHost(RequestDelegate next, SocietyIndex societies)
{
    public async Task InvokeAsync(HttpContext context, CurrentSociety current)
    {
        var isErrorPage = context.IsErrorPage();
        if (!current.IsKnown && !isErrorPage && await societies.FindByHostAsync(context.Request.Host.Host, context.RequestAborted) is ({ } society, var version))
        {
            current.Set(society, version);
        }

        if (!current.IsKnown && !isErrorPage)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }
}

using Microsoft.AspNetCore.Diagnostics;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>Answers 405 to every method but GET, HEAD and POST. The page of an error is always looked at, whatever was sent.</summary>
public sealed class KnownMethods(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.IsErrorPage())
        {
            request.Method = HttpMethods.IsHead(request.Method) ? HttpMethods.Head : HttpMethods.Get;
        }
        else if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsPost(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD, POST";
            return Task.CompletedTask;
        }

        return next(context);
    }
}

/// <summary>Tells the second run of a request, which shows the page of its status.</summary>
public static class ErrorPageExtensions
{
    public static bool IsErrorPage(this HttpContext context) => context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
}

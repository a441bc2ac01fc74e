using KenkoPortal.Web.Pages.Errors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Answers 405 where a page has nothing for the method (RFC 9110 §15.5.6). Without it the page would be shown without having read what
/// it shows.
/// </summary>
public sealed class PageMethods : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var request = context.HttpContext.Request;
        var isLooking = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (context.HandlerMethod is not null || isLooking || context.HandlerInstance is StatusModel)
        {
            return;
        }

        var mayPost = context.ActionDescriptor.HandlerMethods.Any(handler => HttpMethods.IsPost(handler.HttpMethod));
        context.HttpContext.Response.Headers.Allow = mayPost ? "GET, HEAD, POST" : "GET, HEAD";
        context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }
}

using KenkoPortal.Design.Requests;
namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Refuses what was posted but is no form, or one that breaks off or has too much in it. Behind it a page's check of the form token
/// would refuse it too, but as a form that is too old, which is not what happened.
/// </summary>
public sealed class ReadableForms(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.IsErrorPage() || await IsReadableAsync(context.Request))
        {
            await next(context);
            return;
        }

        context.Features.Set(new UnreadableForm());
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    /// <summary>The form is kept with the request, so that whoever asks for it later has it. Too large a one is the server's own 413.</summary>
    private static async Task<bool> IsReadableAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            return string.IsNullOrEmpty(request.ContentType);
        }

        try
        {
            await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException) or NotSupportedException)
        {
            return false;
        }
    }
}

/// <summary>Tells the page of a status 400 that the request could not be read.</summary>
public sealed record UnreadableForm;

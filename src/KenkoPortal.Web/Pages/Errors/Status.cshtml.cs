using KenkoPortal.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace KenkoPortal.Web.Pages.Errors;

/// <summary>
/// The pages for 400, 404, 405, 429, 500 and 503. They read nothing, hold no form token and nothing of the request, so that a denied page
/// is byte for byte the one that does not exist (row Z1).
/// </summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
public sealed class StatusModel : PageModel
{
    public ErrorWords Words { get; private set; } = ErrorWords.Of(StatusCodes.Status404NotFound);

    /// <summary>Whatever the method was: a fault keeps it.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // Asked for directly, it is a page that does not exist.
        var isFault = HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        var status = isFault ? Response.StatusCode : StatusCodes.Status404NotFound;
        Words = HttpContext.Features.Get<UnreadableForm>() is not null ? ErrorWords.Unreadable
            : HttpContext.Features.Get<UnprintableFile>() is not null ? ErrorWords.Unprintable
            : HttpContext.Features.Get<UnconfirmedWrite>() is not null ? ErrorWords.Unconfirmed
            : ErrorWords.Of(status);
        Response.StatusCode = status;
    }
}

/// <summary>What an error page says: what happened, and what to do next.</summary>
public sealed record ErrorWords(string Title, string Reason, string Next)
{
    /// <summary>What was sent is too long, or no form.</summary>
    public static ErrorWords Unreadable { get; } = new(ErrorText.UnreadableTitle, ErrorText.UnreadableReason, ErrorText.UnreadableNext);

    /// <summary>The file cannot be printed here until something is installed.</summary>
    public static ErrorWords Unprintable { get; } = new(ErrorText.PrintTitle, ErrorText.PrintReason, ErrorText.PrintNext);

    /// <summary>What was sent may be stored or not.</summary>
    public static ErrorWords Unconfirmed { get; } = new(ErrorText.UnconfirmedTitle, ErrorText.UnconfirmedReason, ErrorText.UnconfirmedNext);

    public static ErrorWords Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => new(ErrorText.FormTitle, ErrorText.FormReason, ErrorText.FormNext),
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status405MethodNotAllowed => Unreadable,
        StatusCodes.Status429TooManyRequests => new(ErrorText.ManyTitle, ErrorText.ManyReason, ErrorText.ManyNext),
        StatusCodes.Status503ServiceUnavailable => new(ErrorText.BusyTitle, ErrorText.BusyReason, ErrorText.BusyNext),
        >= 500 => new(ErrorText.FaultTitle, ErrorText.FaultReason, ErrorText.FaultNext),
        _ => new(ErrorText.NotFoundTitle, ErrorText.NotFoundReason, ErrorText.NotFoundNext),
    };
}

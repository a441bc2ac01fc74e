using System.Data.Common;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Printing;
using KenkoPortal.Design.Requests;
using Microsoft.AspNetCore.Diagnostics;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Turns a fault into a status that has a page of its own: 503 with Retry-After when too many wait or the database is gone, 400 for
/// a form that cannot be read, 503 too where the fonts of printed files are missing, else 500. The log gets the fault's type and where it arose, never its message, which may
/// quote what was typed (row G1).
/// </summary>
public sealed partial class FaultAnswers(ILogger<FaultAnswers> logger) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var status = StatusOf(exception, httpContext.Request.HasFormContentType);
        if (exception is LetterFontsMissingException)
        {
            // Its message is ours, and says what to install.
            LogFontsMissing(exception.Message);
            httpContext.Features.Set(new UnprintableFile());
        }
        else if (exception is CommitUnconfirmedException)
        {
            LogUnconfirmed((exception.InnerException ?? exception).GetType().Name);
            httpContext.Response.Headers.RetryAfter = RetryAfter.Seconds;
            httpContext.Features.Set(new UnconfirmedWrite());
        }
        else if (status == StatusCodes.Status500InternalServerError)
        {
            LogFault(exception.GetType().Name, exception.StackTrace);
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            LogUnavailable((exception.InnerException ?? exception).GetType().Name);
            httpContext.Response.Headers.RetryAfter = RetryAfter.Seconds;
        }

        httpContext.Response.StatusCode = status;

        // The status page middleware outside renders the page.
        return ValueTask.FromResult(true);
    }

    private static int StatusOf(Exception exception, bool hasForm) => exception switch
    {
        _ when UnitOfWork.IsRefusal(exception) => StatusCodes.Status500InternalServerError,
        PortalBusyException or TimeoutException or LetterFontsMissingException => StatusCodes.Status503ServiceUnavailable,
        BadHttpRequestException bad => bad.StatusCode,
        InvalidDataException or IOException or NotSupportedException when hasForm => StatusCodes.Status400BadRequest, // it breaks off
        _ when UnitOfWork.IsOfDatabase(exception) => StatusCodes.Status503ServiceUnavailable,
        { InnerException: DbException or TimeoutException } => StatusCodes.Status503ServiceUnavailable,
        OperationCanceledException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected {Fault} at {Trace}")]
    private partial void LogFault(string fault, string? trace);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Answered 503: {Fault}")]
    private partial void LogUnavailable(string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Answered 503: a commit was not confirmed ({Fault})")]
    private partial void LogUnconfirmed(string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Answered 503 for a PDF: {Reason}")]
    private partial void LogFontsMissing(string reason);
}

/// <summary>Marks a request whose write may be there or not.</summary>
public sealed record UnconfirmedWrite;

/// <summary>Marks a request for a file that this machine cannot print yet.</summary>
public sealed record UnprintableFile;

using Microsoft.AspNetCore.Diagnostics;

namespace KenkoPortal.Design.Requests;

/// <summary>Tells the second run of a request, which shows the page of its status.</summary>
public static class ErrorPageExtensions
{
    public static bool IsErrorPage(this HttpContext context) => context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
}

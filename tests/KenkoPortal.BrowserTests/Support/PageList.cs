using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.BrowserTests.Support;

/// <summary>The pages that the portal says it has, so that no new one is forgotten.</summary>
public static class PageList
{
    /// <summary>The addresses of all pages that are shown at an address of their own, with <c>{…}</c> where it varies.</summary>
    public static IReadOnlyList<string> Of(BrowserPortal portal) =>
    [
        .. portal.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>()
            .Select(page => "/" + page.AttributeRouteInfo!.Template)

            // The first three lead on, the fourth is only the inside of an answer, the last is a file.
            .Where(path => !path.StartsWith("/c/", StringComparison.Ordinal) && path is not ("/logout" or "/forget-device") && !path.StartsWith("/errors/", StringComparison.Ordinal)
                && !path.Contains("{file:", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];
}

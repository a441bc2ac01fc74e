using System.Globalization;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>Numbers for the ids of elements that no field names, in the order of the page, so that a page's bytes depend on nothing else.</summary>
internal sealed class PageIds
{
    private int _last;

    public static string Next(HttpContext context, string kind)
    {
        if (context.Items[typeof(PageIds)] is not PageIds ids)
        {
            context.Items[typeof(PageIds)] = ids = new PageIds();
        }

        return string.Create(CultureInfo.InvariantCulture, $"{kind}-{++ids._last}");
    }
}

using Microsoft.AspNetCore.Html;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>Tells a browser where a heading may end its line, where it cannot know: within 健康マイポータルログイン, before a bracket.</summary>
public static class Breaks
{
    /// <summary>The text with a possible end of line before the last <paramref name="mark"/>; what follows stays together where it fits into a line.</summary>
    public static IHtmlContent Before(string mark, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.LastIndexOf(mark, StringComparison.Ordinal);
        var content = new HtmlContentBuilder();
        return at <= 0 ? content.Append(text) : content.Append(text[..at]).AppendHtml(Markup.Tag("span", "kp-whole", text[at..]));
    }
}

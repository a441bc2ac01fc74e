using Markdig;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace KenkoPortal.Core.News;

/// <summary>
/// An article's Markdown as HTML: CommonMark without raw HTML. Links lead to http, https, mailto, a path of the portal, or an attachment; pictures are
/// attachments. What is anything else stays as its words. Headings begin at h2, since the title is the page's h1.
/// </summary>
public static class ArticleMarkup
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePreciseSourceLocation().Build();

    /// <param name="body">Markdown.</param>
    /// <param name="attachments">Addresses of the article's files, by name.</param>
    public static string ToHtml(string body, IReadOnlyDictionary<string, string> attachments)
    {
        var document = Markdown.Parse(body, Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>().ToList())
        {
            heading.Level = Math.Min(6, heading.Level + 1);
        }

        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (Target(link, attachments) is { } target)
            {
                link.Url = target;
                link.Title = null;
                link.GetDynamicUrl = null;
            }
            else
            {
                link.ReplaceBy(new ContainerInline());
            }
        }

        foreach (var link in document.Descendants<AutolinkInline>().Where(l => !IsWeb(l.IsEmail ? "mailto:" + l.Url : l.Url)).ToList())
        {
            link.ReplaceBy(new LiteralInline(link.Url));
        }

        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return writer.ToString();
    }

    /// <summary>False for Markdown whose elements lie in one another more deeply than anybody writes: the library refuses to read or to render it.</summary>
    public static bool CanBeShown(string body)
    {
        try
        {
            ToHtml(body, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Links and pictures that would lose their target, by line of the body from 0.</summary>
    public static IEnumerable<(int Line, string Target)> BadTargets(string body, IReadOnlyCollection<string> attachments)
    {
        var known = attachments.ToDictionary(name => name, name => name, StringComparer.OrdinalIgnoreCase);
        var document = Markdown.Parse(body, Pipeline);
        return
        [
            .. document.Descendants<LinkInline>().Where(l => Target(l, known) is null).Select(l => (l.Line, l.Url ?? "")),
            .. document.Descendants<AutolinkInline>().Where(l => !IsWeb(l.IsEmail ? "mailto:" + l.Url : l.Url)).Select(l => (l.Line, l.Url)),
        ];
    }

    private static string? Target(LinkInline link, IReadOnlyDictionary<string, string> attachments)
    {
        var url = link.Url ?? "";
        var attached = attachments.GetValueOrDefault(url) ?? attachments.GetValueOrDefault(Uri.UnescapeDataString(url));
        return attached ?? (!link.IsImage && (IsWeb(url) || IsOfPortal(url)) ? url : null);
    }

    private static bool IsWeb(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme is "http" or "https" ? uri.Host.Length > 0 && url.Contains("://", StringComparison.Ordinal) : uri.Scheme == "mailto")
        && !url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));

    /// <summary><c>/medical-costs</c>, but not <c>//elsewhere</c>, whose second stroke browsers also take for a backslash.</summary>
    private static bool IsOfPortal(string url) =>
        url is "/" || (url is ['/', not ('/' or '\\'), ..] && !url.Any(c => c == '\\' || char.IsControl(c) || char.IsWhiteSpace(c)));
}

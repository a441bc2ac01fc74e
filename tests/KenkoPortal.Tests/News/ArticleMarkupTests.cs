using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.News;

namespace KenkoPortal.Tests.News;

public sealed class ArticleMarkupTests
{
    private static readonly Dictionary<string, string> Files = new(StringComparer.OrdinalIgnoreCase) { ["annai.pdf"] = "/news/1/files/2", ["e.png"] = "/news/1/files/3" };

    private static readonly string[] Pieces =
    [
        "[a](", "![a](", ")", "<", ">", "javascript:alert(1)", "JaVaScRiPt:", "data:text/html,x", "https://example.jp/", "//evil.test", "/\\evil.test", "annai.pdf", "e.png",
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&#106;avascript:", "\n", "\n\n", " ", "\t", "`", "**", "# ", "> ", "- ", "[a]: javascript:x\n\n[a]", "\"", "'",
        "mailto:a@example.jp", "vbscript:x", "\u0000", "<https://example.jp>", "<javascript:alert(1)>", "&lt;", "&colon;", "[x][a]", "| a | b |\n|--|--|",
    ];

    [Theory]
    [InlineData("[a](https://example.jp/x?y=1)", "https://example.jp/x?y=1")]
    [InlineData("[a](http://example.jp)", "http://example.jp")]
    [InlineData("[a](mailto:a@example.jp)", "mailto:a@example.jp")]
    [InlineData("[a](/medical-costs)", "/medical-costs")]
    [InlineData("[a](annai.pdf)", "/news/1/files/2")]
    [InlineData("<https://example.jp>", "https://example.jp")]
    [InlineData("<a@example.jp>", "mailto:a@example.jp")]
    public void Links_lead_where_links_may(string markdown, string href) => Assert.Equal(href, Parse(markdown).QuerySelector("a")?.GetAttribute("href"));

    [Theory]
    [InlineData("[words](javascript:alert(1))")]
    [InlineData("[words](&#106;avascript:alert(1))")]
    [InlineData("[words](data:text/html,x)")]
    [InlineData("[words](//elsewhere.test/x)")]
    [InlineData("[words](/\\\\elsewhere.test)")]
    [InlineData("[words](other.html)")]
    [InlineData("[words](https:example.jp)")]
    [InlineData("[words][r]\n\n[r]: vbscript:x")]
    public void Other_links_stay_as_their_words(string markdown)
    {
        var body = Parse(markdown);

        Assert.Empty(body.QuerySelectorAll("a"));
        Assert.Contains("words", body.TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(ArticleMarkup.BadTargets(markdown, []));
    }

    [Fact]
    public void Pictures_are_attachments_only()
    {
        Assert.Equal("/news/1/files/3", Parse("![絵](e.png)").QuerySelector("img")?.GetAttribute("src"));
        Assert.Equal("絵", Parse("![絵](https://elsewhere.test/a.png)").TextContent.Trim());
        Assert.Empty(Parse("![絵](/img/logo.svg)").QuerySelectorAll("img"));
    }

    [Fact]
    public void Html_is_text_and_headings_begin_under_the_pages_own()
    {
        var body = Parse("# 一\n\n## 二\n\n<b>強く</b><script>alert(1)</script>");

        Assert.Equal(("一", "二"), (body.QuerySelector("h2")?.TextContent, body.QuerySelector("h3")?.TextContent));
        Assert.Empty(body.QuerySelectorAll("h1, b, script"));
        Assert.Contains("<script>alert(1)</script>", body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_written_nothing_runs_and_nothing_comes_from_elsewhere() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3000),
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), markdown =>
        {
            var body = Parse(markdown);
            return body.QuerySelectorAll("*").All(e =>
                e.LocalName is "p" or "h2" or "h3" or "a" or "img" or "em" or "strong" or "code" or "pre" or "ul" or "ol" or "li" or "blockquote" or "br" or "hr" or "body"
                && e.Attributes.All(a => a.Name switch
                {
                    "href" => a.Value.StartsWith("https://", StringComparison.Ordinal) || a.Value.StartsWith("http://", StringComparison.Ordinal)
                        || a.Value.StartsWith("mailto:", StringComparison.Ordinal) || (a.Value is ['/', not ('/' or '\\'), ..]),
                    "src" => Files.ContainsValue(a.Value),
                    "alt" or "start" or "class" => true,
                    _ => false,
                }));
        }));

    private static AngleSharp.Dom.IElement Parse(string markdown) => new HtmlParser().ParseDocument(ArticleMarkup.ToHtml(markdown, Files)).Body!;
}

using System.IO.Compression;
using System.Text.RegularExpressions;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.TagHelpers;

/// <summary>Rules that hold for the source of every page, whoever writes it.</summary>
public sealed partial class PageSourceTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "src");

    [Fact]
    public void No_page_carries_styles_or_scripts_of_its_own()
    {
        var pages = Files("*.cshtml").ToList();

        Assert.NotEmpty(pages);
        Assert.Equal([], pages.Where(page => Inline().IsMatch(File.ReadAllText(page))).Select(page => Path.GetRelativePath(Sources, page)), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("<p style=\"color:red\">")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<button onclick=\"go()\">")]
    [InlineData("<style>p{}</style>")]
    public void The_rule_sees_what_the_policy_would_block(string markup) => Assert.Matches(Inline(), markup);

    [Fact]
    public void Nothing_is_fetched_from_elsewhere()
    {
        var files = new[] { "*.cshtml", "*.css", "*.js", "*.svg" }.SelectMany(Files);

        Assert.Equal([], files.Where(file => Elsewhere().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(Sources, file)), StringComparer.Ordinal);
    }

    [Fact]
    public void The_style_sheet_stays_below_15_KB_on_the_wire()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(File.ReadAllBytes(Path.Combine(Sources, "KenkoPortal.Design", "wwwroot", "css", "portal.css")));
        }

        Assert.InRange(packed.Length, 1, 15 * 1024);
    }

    // A style attribute, an on… attribute, a style element, a script element without src.
    [GeneratedRegex(@"<[a-z][^>]*\s(style|on[a-z]+)\s*=|<style\b|<script(?![^>]*\ssrc=)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Inline();

    [GeneratedRegex(@"(src|href|action)\s*=\s*[""'](https?:)?//|url\(\s*[""']?(https?:)?//|@import\s|import[^;]*https?://", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Elsewhere();

    private static IEnumerable<string> Files(string pattern) =>
        Directory.GetFiles(Sources, pattern, SearchOption.AllDirectories).Where(file => !BuildOutput().IsMatch(file));

    [GeneratedRegex(@"[\\/](obj|bin)[\\/]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex BuildOutput();
}

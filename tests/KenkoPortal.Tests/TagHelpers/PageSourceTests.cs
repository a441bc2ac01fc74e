using System.IO.Compression;
using System.Text.RegularExpressions;

namespace KenkoPortal.Tests.TagHelpers;

/// <summary>Rules that hold for the source of every page, whoever writes it.</summary>
public sealed partial class PageSourceTests
{
    private static readonly string Web = Path.Combine(RepositoryRoot(), "src", "KenkoPortal.Web");

    [Fact]
    public void No_page_carries_styles_or_scripts_of_its_own()
    {
        var pages = Directory.GetFiles(Path.Combine(Web, "Pages"), "*.cshtml", SearchOption.AllDirectories);

        Assert.NotEmpty(pages);
        Assert.Equal([], pages.Where(page => Inline().IsMatch(File.ReadAllText(page))).Select(page => Path.GetRelativePath(Web, page)), StringComparer.Ordinal);
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
        var files = new[] { "*.cshtml", "*.css", "*.js", "*.svg" }
            .SelectMany(pattern => Directory.GetFiles(Web, pattern, SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

        Assert.Equal([], files.Where(file => Elsewhere().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(Web, file)), StringComparer.Ordinal);
    }

    [Fact]
    public void The_style_sheet_stays_below_15_KB_on_the_wire()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(File.ReadAllBytes(Path.Combine(Web, "wwwroot", "css", "portal.css")));
        }

        Assert.InRange(packed.Length, 1, 15 * 1024);
    }

    // A style attribute, an on… attribute, a style element, a script element without src.
    [GeneratedRegex(@"<[a-z][^>]*\s(style|on[a-z]+)\s*=|<style\b|<script(?![^>]*\ssrc=)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Inline();

    [GeneratedRegex(@"(src|href|action)\s*=\s*[""'](https?:)?//|url\(\s*[""']?(https?:)?//|@import\s|import[^;]*https?://", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Elsewhere();

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "KenkoPortal.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}

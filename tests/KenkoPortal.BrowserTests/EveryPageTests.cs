using System.Text.RegularExpressions;
using KenkoPortal.BrowserTests.Support;
using Microsoft.Playwright;

namespace KenkoPortal.BrowserTests;

/// <summary>What must be so on every page, in each text size, on a phone and on a desk.</summary>
public sealed partial class EveryPageTests(Stage stage)
{
    private const int Phone = 390;
    private const int Desk = 1280;

    /// <summary>WCAG 2.2, 1.4.10: content reflows at this width.</summary>
    private const int Narrowest = 320;

    /// <summary>Where pictures of all pages go, for people to look at; none are made without it.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("KENKO_SCREENSHOTS");

    [Theory, InlineData("s"), InlineData("m"), InlineData("l")]
    public async Task Every_page_is_accessible_and_fits(string size)
    {
        await using var visitor = await stage.VisitAsync(Device.Desk);
        await visitor.Context.AddCookiesAsync([new Cookie { Name = "text-size", Value = size, Url = visitor.Portal.Origin }]);
        await visitor.Context.BringAxeAsync();
        var (faults, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        await new Walk(visitor, $"axe-{size}", async name =>
        {
            seen.Add(new Uri(visitor.Page.Url).AbsolutePath);
            faults.AddRange(await FaultsAsync(visitor.Page, name, size));
        }).GoAsync();

        Assert.Empty(faults);
        Assert.All(PageList.Of(visitor.Portal), page => Assert.Contains(seen, path => Pattern(page).IsMatch(path)));
    }

    [Fact]
    public async Task The_judge_finds_what_is_wrong()
    {
        await using var visitor = await stage.VisitAsync(Device.Phone);
        await visitor.Context.BringAxeAsync();
        await visitor.OpenAsync("/login");
        await visitor.Page.EvaluateAsync(
            """
            () => {
              document.querySelector('main').insertAdjacentHTML('beforeend', '<h1>umi</h1><img src="/img/logo.svg"><canvas width="2000" height="9"></canvas>');
              document.documentElement.dataset.size = 'l';
            }
            """);
        var faults = await FaultsAsync(visitor.Page, "login", "m");
        Assert.Contains(faults, fault => fault.Contains("image-alt", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("scrolls sideways at 320", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("2 h1", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("text size", StringComparison.Ordinal));
    }

    private static async Task<List<string>> FaultsAsync(IPage page, string name, string size)
    {
        var faults = new List<string>();
        if (await page.Locator("h1").CountAsync() is not 1 and var headings)
        {
            faults.Add($"{name}: {headings} h1");
        }

        if (await page.Locator("html").GetAttributeAsync("lang") != "ja" || !(await page.TitleAsync()).Contains('｜', StringComparison.Ordinal) || await page.Locator("html").GetAttributeAsync("data-size") != size)
        {
            faults.Add($"{name}: title, lang or text size");
        }

        foreach (var width in new[] { Narrowest, Phone, Desk })
        {
            await page.SetViewportSizeAsync(width, 900);
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var needed && needed > width)
            {
                faults.Add($"{name}: scrolls sideways at {width} px, it needs {needed}");
            }

            if (width == Narrowest)
            {
                continue;
            }

            faults.AddRange((await page.AxeViolationsAsync()).Select(violation => $"{name} at {width} px: {violation}"));
            if (Pictures is not null)
            {
                // Chromium draws at most 16,384 lines; the mailbox of a whole run is longer.
                var isWhole = await page.EvaluateAsync<int>("document.documentElement.scrollHeight") < 16_000;
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}-{width}-{size}.png"), FullPage = isWhole });
            }
        }

        return faults;
    }

    private static Regex Pattern(string page) => new("^" + Placeholder().Replace(page, "[^/]+") + "$", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}

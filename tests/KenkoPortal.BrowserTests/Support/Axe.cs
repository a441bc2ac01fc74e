using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace KenkoPortal.BrowserTests.Support;

/// <summary>
/// axe-core, every rule of it. It is put into each page once and called there: RunAxe of the package carries the script over three
/// times a look and opens a page of its own, which takes twelve times as long.
/// </summary>
public static class Axe
{
    /// <summary>Puts axe into every page that the context opens from now on.</summary>
    public static Task BringAxeAsync(this IBrowserContext context) => context.AddInitScriptAsync(new BundledAxeScriptProvider().GetScript());

    /// <summary>What it finds, a line each: rule and elements.</summary>
    public static Task<string[]> AxeViolationsAsync(this IPage page) => page.EvaluateAsync<string[]>(
        """
        async () => {
          const found = await axe.run(document, { resultTypes: ['violations'] });
          return found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '));
        }
        """);
}

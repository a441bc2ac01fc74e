using System.Text;
using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>What writing a PDF came to.</summary>
internal sealed record Rendered(int Pages, double Seconds, long PeakKibibytes)
{
    public double PerSecond => Pages / Seconds;

    public double PeakMebibytes => PeakKibibytes / 1024.0;
}

/// <summary>A browser that prints a page to PDF, from its start to its end.</summary>
internal static class Chromium
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <param name="ground">The run's.</param>
    /// <param name="html">The page, a file.</param>
    /// <param name="folder">For the PDF and the browser's own files.</param>
    public static async Task<Rendered> PrintAsync(Ground ground, string html, string folder)
    {
        var file = Path.Combine(folder, "chromium.pdf");
        File.Delete(file);
        var ended = await Child.RunAsync(
            ground,
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-pdf-header-footer", $"--user-data-dir={Path.Combine(folder, "profile")}",
                $"--print-to-pdf={file}", new Uri(html).AbsoluteUri,
            ],
            Limit);
        ended.Succeeded("chromium");
        var pages = PagesOf(await File.ReadAllTextAsync(file, Encoding.Latin1, ground.Cancellation));
        return new Rendered(pages, ended.Took.TotalSeconds, ended.PeakKibibytes);
    }

    /// <summary>Chromium writes its page tree in the clear; each page is an object of /Type /Page.</summary>
    private static int PagesOf(string pdf) => pdf.Split("/Type /Page\n").Length - 1;
}

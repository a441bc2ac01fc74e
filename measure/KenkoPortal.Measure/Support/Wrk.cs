using System.Globalization;

namespace KenkoPortal.Measure.Support;

/// <summary>What a load came to.</summary>
/// <param name="PerSecond">Answers a second.</param>
/// <param name="P50">Median of the answers' times, in milliseconds.</param>
/// <param name="P99">In milliseconds.</param>
/// <param name="Requests">Answers in all.</param>
public sealed record Load(double PerSecond, double P50, double P99, long Requests);

/// <summary>wrk, one thread: it asks for pages, each connection for the next as soon as it has one.</summary>
/// <param name="ground">Where the run stands.</param>
public sealed class Wrk(Ground ground)
{
    private readonly string _script = Path.Combine(AppContext.BaseDirectory, "Bench", "load.lua");

    /// <summary>Loads one URL.</summary>
    /// <param name="url">Which.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="requests">A file with one request a line, taken in turns: a Host, a blank, a Cookie (<c>-</c> for none); null asks for the URL as it is.</param>
    /// <param name="pause">Milliseconds that a connection waits before the next request.</param>
    /// <exception cref="MeasureException">An answer was not 200, or a connection broke.</exception>
    public async Task<Load> RunAsync(string url, int seconds, int connections, string? requests = null, int pause = 0)
    {
        string[] command =
        [
            "wrk", "-t1", "-c", Text(connections), "-d", Text(seconds) + "s", "--timeout", "10s", "-s", _script, url, "--", requests ?? "-", Text(pause),
        ];
        var ended = (await Child.RunAsync(ground, command, TimeSpan.FromSeconds(seconds + 30))).Succeeded("wrk");
        var line = ended.Output.Split('\n').FirstOrDefault(l => l.StartsWith("LOAD ", StringComparison.Ordinal)) ?? throw new MeasureException("wrk said nothing");
        var values = line.Split(' ').Skip(1).Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        return values[4] > 0
            ? throw new MeasureException($"{url}: {values[4]:F0} of {values[3]:F0} answers were not 200 or did not come")
            : new Load(values[0], values[1], values[2], (long)values[3]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

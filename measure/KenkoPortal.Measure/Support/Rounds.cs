namespace KenkoPortal.Measure.Support;

/// <summary>The values of several rounds.</summary>
public sealed record Spread(IReadOnlyList<double> Values)
{
    public double Median { get; } = MedianOf(Values);

    public double Least => Values.Min();

    public double Most => Values.Max();

    /// <summary>One value that was measured once.</summary>
    public static Spread Of(params double[] values) => new(values);

    /// <summary>Round by round, this divided by the other: what slowed one round slowed both.</summary>
    public Spread Over(Spread other) => new([.. Values.Zip(other.Values, (a, b) => a / b)]);

    private static double MedianOf(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count switch
        {
            0 => throw new ArgumentException("There is no round.", nameof(values)),
            var n when n % 2 == 1 => sorted[n / 2],
            var n => (sorted[(n / 2) - 1] + sorted[n / 2]) / 2,
        };
    }
}

/// <summary>
/// Rounds in turns, A B C A B C: a machine that is busy for a while slows all sides of a comparison and not one.
/// </summary>
public static class Rounds
{
    /// <summary>Runs each side once a round, so many rounds.</summary>
    /// <param name="ground">Where it is told how far it is.</param>
    /// <param name="rounds">At least three give a median.</param>
    /// <param name="sides">What is measured in turns.</param>
    /// <returns>The results of each side, in the order of the rounds.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<T>>> InTurnsAsync<T>(Ground ground, int rounds, params Func<Task<T>>[] sides)
    {
        var results = sides.Select(_ => new List<T>()).ToList();
        for (var round = 1; round <= rounds; round++)
        {
            ground.Tell($"round {round} of {rounds}");
            foreach (var (side, result) in sides.Zip(results))
            {
                ground.Cancellation.ThrowIfCancellationRequested();
                result.Add(await side());
            }
        }

        return results;
    }

    /// <summary>The spread of one value of all rounds.</summary>
    public static Spread Of<T>(this IEnumerable<T> rounds, Func<T, double> value) => new([.. rounds.Select(value)]);

    /// <summary>The value below which this part of them lies; the nearest that was measured.</summary>
    public static double Percentile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}

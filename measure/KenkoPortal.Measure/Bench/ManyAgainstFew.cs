using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>p99 of a page or a deed.</summary>
/// <param name="What">What the table calls it.</param>
/// <param name="Milliseconds">Its p99.</param>
internal sealed record Tail(string What, double Milliseconds);

/// <summary>A portal under the load that is compared.</summary>
internal interface ISide : IAsyncDisposable
{
    /// <summary>The load for so many seconds each; the same things in the same order each time.</summary>
    Task<IReadOnlyList<Tail>> RunAsync(Ground ground, int seconds);
}

/// <summary>
/// Whether a portal of a million people answers as one of ten thousand does: both have twenty societies and the same load, in turns,
/// and only the number of people differs.
/// </summary>
internal static class ManyAgainstFew
{
    public const int Societies = 20;

    /// <summary>Who ask for pages at once.</summary>
    public const int Readers = 4;

    /// <summary>Milliseconds that a reader looks at a page: the times are the portal's, not those of a queue before it.</summary>
    public const int Look = 5;

    private const int Few = 10_000;

    /// <param name="ground">The run's.</param>
    /// <param name="kind">On which database.</param>
    /// <param name="open">Opens a portal of so many people.</param>
    public static async Task<IReadOnlyList<Row>> CompareAsync(Ground ground, DatabaseKind kind, Func<int, Task<ISide>> open)
    {
        await using var few = await open(Few);
        await using var many = await open(ground.Pick(100_000, 1_000_000));
        foreach (var side in new[] { few, many })
        {
            await side.RunAsync(ground, ground.Pick(3, 6));
        }

        var rounds = await Rounds.InTurnsAsync(
            ground, ground.Pick(3, 7), () => few.RunAsync(ground, ground.Pick(4, 10)), () => many.RunAsync(ground, ground.Pick(4, 10)));
        var name = ground.Pick("100,000 people against 10,000", "1,000,000 people against 10,000");
        return [.. rounds[0][0].Select((tail, i) => RowsOf(tail.What, i)).SelectMany(rows => rows)];

        IEnumerable<Row> RowsOf(string what, int place)
        {
            var tails = rounds[1].Of(tails => tails[place].Milliseconds);
            yield return new Figure($"{name}, p99 of {what}", kind, tails.Over(rounds[0].Of(tails => tails[place].Milliseconds)), "×", Bound.AtMost(1.2));
            yield return new Figure($"p99 of {what} with the many", kind, tails, "ms");
        }
    }
}

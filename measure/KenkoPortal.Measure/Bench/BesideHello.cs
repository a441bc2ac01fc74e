using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>A page that is loaded.</summary>
/// <param name="What">What the table calls it.</param>
/// <param name="Path">Its address.</param>
/// <param name="Least">Of hello's rate.</param>
internal sealed record LoadedPage(string What, string Path, double Least);

/// <summary>Pages of many members in turns, beside a bare Kestrel.</summary>
internal static class BesideHello
{
    /// <summary>Members who are logged in.</summary>
    public const int Sessions = 1000;

    /// <summary>
    /// How long a page is asked for before it is measured. What was compiled ahead is compiled again while it runs, twice: a page of ours then becomes four to six
    /// times as fast, within some twenty seconds of full load.
    /// </summary>
    public const int WarmSeconds = 25;

    private const int Connections = 16;

    /// <summary>Loads hello and each page in turns, after each was warm.</summary>
    /// <param name="ground">The run's.</param>
    /// <param name="hello">Hello's URL.</param>
    /// <param name="portal">Where the pages are.</param>
    /// <param name="kind">On which database.</param>
    /// <param name="requests">The members' file.</param>
    /// <param name="pages">What they ask for.</param>
    public static async Task<IReadOnlyList<Row>> MeasureAsync(
        Ground ground, string hello, PortalProcess portal, DatabaseKind kind, string requests, params IReadOnlyList<LoadedPage> pages)
    {
        var wrk = new Wrk(ground);
        await wrk.RunAsync(hello, ground.Pick(2, 5), Connections);
        foreach (var page in pages)
        {
            await wrk.RunAsync(portal.Origin + page.Path, WarmSeconds, Connections, requests);
        }

        var loads = await Rounds.InTurnsAsync(
            ground,
            ground.Pick(3, 5),
            [
                () => wrk.RunAsync(hello, ground.Pick(3, 8), Connections),
                .. pages.Select(page => (Func<Task<Load>>)(() => wrk.RunAsync(portal.Origin + page.Path, ground.Pick(3, 8), Connections, requests))),
            ]);
        var peer = loads[0].Of(load => load.PerSecond);
        return [.. pages.Zip(loads.Skip(1)).SelectMany(page => RowsOf(page.First, kind, page.Second, peer))];
    }

    private static IEnumerable<Row> RowsOf(LoadedPage page, DatabaseKind kind, IReadOnlyList<Load> loads, Spread hello)
    {
        var rate = loads.Of(load => load.PerSecond);
        yield return new Figure($"{page.What}, against hello", kind, rate.Over(hello), "×", Bound.AtLeast(page.Least));
        yield return new Figure(page.What, kind, rate, "/s");
        yield return new Figure($"{page.What}, p99", kind, loads.Of(load => load.P99), "ms");
    }
}

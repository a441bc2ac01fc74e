using System.Collections.Concurrent;
using System.Diagnostics;
using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>What logins of many clients came to.</summary>
/// <param name="PerSecond">Logins a second.</param>
/// <param name="Milliseconds">How long each post took.</param>
internal sealed record LoginLoad(double PerSecond, IReadOnlyCollection<double> Milliseconds)
{
    public double P99 => Rounds.Percentile(Milliseconds, 0.99);
}

/// <summary>Members who log in, each with a browser and an address of its own, one account after the other.</summary>
/// <param name="portal">Where.</param>
/// <param name="population">Who.</param>
internal sealed class Logins(PortalProcess portal, Population population)
{
    private int _next = -1;

    /// <summary>So many clients log in until it is cancelled or over.</summary>
    /// <param name="clients">How many at once.</param>
    /// <param name="length">How long.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    public async Task<LoginLoad> RunAsync(int clients, TimeSpan length, CancellationToken cancellationToken)
    {
        var taken = new ConcurrentBag<double>();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(
            async () =>
            {
                while (Stopwatch.GetElapsedTime(begun) < length)
                {
                    taken.Add(await LogInAsync(cancellationToken));
                }
            },
            cancellationToken)));
        return new LoginLoad(taken.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds, taken);
    }

    private async Task<double> LogInAsync(CancellationToken cancellationToken)
    {
        // A step that shares no factor with the number of accounts goes through all of them, from society to society.
        var account = population.Accounts[(int)(Interlocked.Increment(ref _next) * 7919L % population.Accounts.Count)];
        using var browser = new MemberBrowser(portal.Origin, population.Societies[account.Society].Host);
        return await browser.LogInAsync(account.LoginId, cancellationToken);
    }
}

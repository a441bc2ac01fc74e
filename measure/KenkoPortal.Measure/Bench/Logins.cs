using System.Collections.Concurrent;
using System.Diagnostics;
using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>What logins of many clients came to.</summary>
/// <param name="Begun">When they began, as <see cref="Stopwatch.GetTimestamp"/> tells it.</param>
/// <param name="Ended">When they ended.</param>
/// <param name="Taken">When each ended, and how long its post took, in milliseconds.</param>
internal sealed record LoginLoad(long Begun, long Ended, IReadOnlyCollection<(long At, double Milliseconds)> Taken)
{
    public double PerSecond => Taken.Count / Stopwatch.GetElapsedTime(Begun, Ended).TotalSeconds;

    public double P99 => Rounds.Percentile(Taken.Select(t => t.Milliseconds), 0.99);

    /// <summary>Those that ended in a part of the time.</summary>
    public LoginLoad Between(long begun, long ended) => new(begun, ended, [.. Taken.Where(t => t.At >= begun && t.At < ended)]);
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
        var taken = new ConcurrentBag<(long At, double Milliseconds)>();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(
            async () =>
            {
                while (Stopwatch.GetElapsedTime(begun) < length)
                {
                    var milliseconds = await LogInAsync(cancellationToken);
                    taken.Add((Stopwatch.GetTimestamp(), milliseconds));
                }
            },
            cancellationToken)));
        return new LoginLoad(begun, Stopwatch.GetTimestamp(), taken);
    }

    private async Task<double> LogInAsync(CancellationToken cancellationToken)
    {
        // A step that shares no factor with the number of accounts goes through all of them, from society to society.
        var account = population.Accounts[(int)(Interlocked.Increment(ref _next) * 7919L % population.Accounts.Count)];
        using var browser = new MemberBrowser(portal.Origin, population.Societies[account.Society].Host);
        return await browser.LogInAsync(account.LoginId, cancellationToken);
    }
}

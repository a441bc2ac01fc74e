using System.Diagnostics;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Fuzzing;

/// <summary>How long an answer took for one kind of person.</summary>
/// <param name="Action">registration, reissue, address or login.</param>
/// <param name="Subject">known, unknown, locked or suspended.</param>
/// <param name="Tries">Answers measured.</param>
/// <param name="Median">Of all of them.</param>
/// <param name="Lower">A quarter were quicker.</param>
/// <param name="Upper">A quarter were slower.</param>
public sealed record AnswerTime(string Action, string Subject, int Tries, TimeSpan Median, TimeSpan Lower, TimeSpan Upper);

/// <summary>
/// Rows A2 and A11 as figures: the same request for known, unknown, locked and suspended addresses and IDs, in turns, against Kestrel on
/// a port of this machine. It measures and does not judge; how still the machine is decides what the figures are worth.
/// </summary>
public static class AnswerTimes
{
    private const int WarmUp = 10;
    private static readonly string[] States = ["known", "unknown", "locked", "suspended"];

    /// <param name="kind">The database.</param>
    /// <param name="tries">Measured answers for each action and each kind of person; the row says 500.</param>
    /// <param name="progress">Told how many answers came, of how many.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<AnswerTime>> MeasureAsync(
        DatabaseKind kind, int tries, Action<int, int>? progress = null, CancellationToken cancellationToken = default)
    {
        await using var portal = await WebPortal.StartAsync(kind, isOnSockets: true);
        foreach (var state in States.Where(s => s != "unknown"))
        {
            await portal.RegisterAsync(portal.Stranger(), (await portal.AddHouseholdAsync("本人"))[0], $"{state}-hito", $"{state}@example.jp");
        }

        await portal.RegisterAsync(portal.Stranger(), (await portal.AddHouseholdAsync("本人"))[0], "kaeru-hito", "kaeru@example.jp");
        await portal.RunJobsAsync();
        var samples = new Dictionary<(string, string), List<TimeSpan>>();
        var actions = new Dictionary<string, Func<WebPortal, string, Task<TimeSpan>>>(StringComparer.Ordinal)
        {
            ["registration"] = (p, state) => AskAsync(p, "/register", "送信する", state),
            ["reissue"] = (p, state) => AskAsync(p, "/reissue", "送信", state),
            ["address"] = AddAsync,
            ["login"] = LogInAsync,
        };
        var (done, all) = (0, (tries + WarmUp) * actions.Count * States.Length);
        for (var round = -WarmUp; round < tries; round++)
        {
            foreach (var (action, measure) in actions)
            {
                // Each round begins with another, so that none always follows the same one.
                for (var i = 0; i < States.Length; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var state = States[(i + round + WarmUp) % States.Length];
                    await PrepareAsync(portal);
                    var took = await measure(portal, state);
                    if (round >= 0)
                    {
                        samples.TryAdd((action, state), []);
                        samples[(action, state)].Add(took);
                    }

                    progress?.Invoke(++done, all);
                }
            }
        }

        return [.. samples.Select(s => Summary(s.Key.Item1, s.Key.Item2, s.Value))];
    }

    /// <summary>How far the medians of one action lie apart: row A2 allows 10 ms.</summary>
    public static TimeSpan Apart(IEnumerable<AnswerTime> times, string action)
    {
        var medians = times.Where(t => t.Action == action).Select(t => t.Median).ToList();
        return medians.Max() - medians.Min();
    }

    /// <summary>Counts and queues as they were, so that the thousandth try meets what the first met.</summary>
    private static async Task PrepareAsync(WebPortal portal)
    {
        portal.Clock.Advance(TimeSpan.FromSeconds(7));
        await portal.WriteAsync(db =>
        {
            db.MailAsks.ExecuteDelete();
            db.AddressConfirmations.ExecuteDelete();
            foreach (var account in db.MemberAccounts)
            {
                account.SuspendedAt = account.LoginId == "suspended-hito" ? portal.Clock.Now : null;
                account.Throttle.Reset();
                for (var i = 0; account.LoginId == "locked-hito" && i < LoginThrottle.MostFailures; i++)
                {
                    account.Throttle.TryReserve(portal.Clock.Now.AddHours(i - 200));
                }
            }
        });
    }

    private static async Task<TimeSpan> AskAsync(WebPortal portal, string path, string button, string state)
    {
        var page = await portal.Stranger().OpenAsync(path);
        return await TimeAsync(page, button, ("メールアドレス", $"{state}@example.jp"));
    }

    private static async Task<TimeSpan> LogInAsync(WebPortal portal, string state)
    {
        var page = await portal.Stranger().OpenAsync("/login");
        return await TimeAsync(page, "ログイン", ("ログインID", $"{state}-hito"), ("パスワード", "chigau-0000-umi"));
    }

    private static async Task<TimeSpan> AddAsync(WebPortal portal, string state)
    {
        var visitor = portal.Stranger();
        await visitor.LogInAsync("kaeru-hito");
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", $"{state}@example.jp"));
        return await TimeAsync(confirm, "登録", ("現在のパスワード", Journeys.Password));
    }

    private static async Task<TimeSpan> TimeAsync(ShownPage page, string button, params (string Label, string Value)[] fields)
    {
        var begun = Stopwatch.GetTimestamp();
        using var answer = await page.PressOnceAsync(button, fields);
        await answer.Content.ReadAsByteArrayAsync();
        var took = Stopwatch.GetElapsedTime(begun);
        return (int)answer.StatusCode is 200 or 303 ? took : throw new InvalidOperationException($"answered {(int)answer.StatusCode}");
    }

    private static AnswerTime Summary(string action, string subject, List<TimeSpan> samples)
    {
        var sorted = samples.Order().ToList();
        TimeSpan At(double share) => sorted[(int)(share * (sorted.Count - 1))];
        return new AnswerTime(action, subject, sorted.Count, At(0.5), At(0.25), At(0.75));
    }
}

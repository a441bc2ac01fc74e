using System.Numerics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Core.Jobs;

/// <summary>
/// Runs every job in a loop of its own for as long as the portal serves. A job that fails is logged and tried again; it never takes
/// the process down, and a database that comes back finds it waiting.
/// </summary>
public sealed partial class JobRunner(IEnumerable<IPortalJob> jobs, JobBell bell, TimeProvider clock, ILogger<JobRunner> logger) : BackgroundService
{
    /// <summary>The pause after a failure.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(3);

    /// <summary>The first pages come before the jobs, which load what those do not need and would take a small machine's processors from them.</summary>
    private static readonly TimeSpan BeforeFirstLook = TimeSpan.FromSeconds(1);

    /// <summary>After this the next job waits no more for the one before it.</summary>
    private static readonly TimeSpan LongestFirstLook = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await SleepAsync(BeforeFirstLook, rung: null, stoppingToken);
        // One begins when the one before it looked for the first time: all at once would build the same model side by side.
        var loops = new List<Task>();
        foreach (var job in jobs.TakeWhile(_ => !stoppingToken.IsCancellationRequested))
        {
            var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            loops.Add(Task.Run(() => LoopAsync(job, looked, stoppingToken), CancellationToken.None));
            await Task.WhenAny(looked.Task, Task.Delay(LongestFirstLook, clock, stoppingToken));
        }

        await Task.WhenAll(loops);
    }

    private async Task LoopAsync(IPortalJob job, TaskCompletionSource looked, CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var rung = bell.Next;
            var isMore = false;
            try
            {
                isMore = await job.RunAsync(stopping);
                if (failures > 0)
                {
                    LogRecovered(job.Name, failures);
                    failures = 0;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // An hour without a database makes eleven lines and not twelve hundred.
                if (BitOperations.IsPow2(++failures))
                {
                    LogFailed(job.Name, NameOf(exception), failures);
                }
            }

            looked.TrySetResult();

            if (failures > 0)
            {
                await SleepAsync(job.Interval > AfterFailure ? job.Interval : AfterFailure, null, stopping);
            }
            else if (!isMore)
            {
                await SleepAsync(job.Interval, job.WakesWithBell ? rung : null, stopping);
            }
        }
    }

    private async Task SleepAsync(TimeSpan time, Task? rung, CancellationToken stopping)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var sleep = Task.Delay(time, clock, awake.Token);
        await Task.WhenAny(rung is null ? [sleep] : [sleep, rung]);
        await awake.CancelAsync();
    }

    /// <summary>Types only: a database's message may quote the values of a row.</summary>
    private static string NameOf(Exception exception) => exception is AggregateException several
        ? string.Join(' ', several.Flatten().InnerExceptions.Select(NameOf).Distinct(StringComparer.Ordinal))
        : exception.GetBaseException() is var cause && cause != exception ? $"{exception.GetType().Name}/{cause.GetType().Name}" : exception.GetType().Name;

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed ({Error}), {Failures} in a row; it will be tried again")]
    private partial void LogFailed(string job, string error, int failures);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} works again after {Failures} failures")]
    private partial void LogRecovered(string job, int failures);
}

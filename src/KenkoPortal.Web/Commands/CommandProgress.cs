using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data.Backup;
using KenkoPortal.Design.TagHelpers;
using Spectre.Console;

namespace KenkoPortal.Web.Commands;

/// <summary>Shows that a command is at work once it takes longer than a second: a bar for a person, one line for a log.</summary>
internal sealed class CommandProgress(CommandSurroundings surroundings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Redrawing = TimeSpan.FromMilliseconds(100);

    /// <param name="what">What is being done, in Japanese.</param>
    /// <param name="work">The work; it is given where to report how many of how many are done. A total of 0 is not known.</param>
    public async Task<T> ShowAsync<T>(string what, Func<WorkDone, Task<T>> work)
    {
        var done = new WorkDone();
        var running = Task.Run(() => work(done));
        await Task.WhenAny(running, Task.Delay(Patience, TimeProvider.System, CancellationToken.None));
        if (!running.IsCompleted)
        {
            if (surroundings.IsTerminal)
            {
                await DrawAsync(what, done, running);
            }
            else
            {
                await surroundings.Error.WriteLineAsync(CommandText.Working.With(what));
            }
        }

        return await running;
    }

    private async Task DrawAsync(string what, WorkDone done, Task running)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(surroundings.Error) });
        await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(what));
                while (!running.IsCompleted)
                {
                    var (count, total) = done.Now;
                    bar.IsIndeterminate = total == 0;
                    bar.MaxValue = Math.Max(1, total);
                    bar.Value = total == 0 ? 0 : count;
                    bar.Description = Markup.Escape(total == 0 ? $"{what} {count:N0}" : $"{what} {count * 100 / total} %");
                    await Task.WhenAny(running, Task.Delay(Redrawing, TimeProvider.System, CancellationToken.None));
                }
            });
    }
}

/// <summary>How much is done; written by the work, read by the bar.</summary>
internal sealed class WorkDone : IProgress<int>, IProgress<double>, IProgress<BackupProgress>
{
    private const int Parts = 1000;

    private long _count;
    private long _total;

    public (long Count, long Total) Now => (Interlocked.Read(ref _count), Interlocked.Read(ref _total));

    private void SetTotal(long total) => Interlocked.Exchange(ref _total, total);

    /// <summary>How many are done.</summary>
    public void Report(int value) => Interlocked.Exchange(ref _count, value);

    /// <summary>Which part is done, from 0 to 1.</summary>
    public void Report(double value)
    {
        SetTotal(Parts);
        Interlocked.Exchange(ref _count, (long)(value * Parts));
    }

    public void Report(BackupProgress value)
    {
        SetTotal(value.Total);
        Interlocked.Exchange(ref _count, value.Done);
    }
}

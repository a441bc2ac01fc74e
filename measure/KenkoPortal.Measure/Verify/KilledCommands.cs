using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>Commands of <c>./kenko</c> that are killed with SIGKILL at random moments until they get through, and what was in the tables after each.</summary>
/// <param name="ground">The run's.</param>
/// <param name="store">The database on which they work.</param>
/// <param name="numbers">Tell the moments.</param>
/// <param name="mostKills">After so many all may live.</param>
/// <param name="digestAsync">A checksum of the tables as they are.</param>
internal sealed class KilledCommands(Ground ground, PortalStore store, Seeded numbers, int mostKills, Func<Task<string>> digestAsync)
{
    /// <summary>A command that was killed five times may live.</summary>
    private const int MostTries = 5;

    /// <summary>Shorter than a process needs to begin.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs that were killed before they said that they were done.</summary>
    public int Killed { get; private set; }

    /// <summary>Runs that said that they were done.</summary>
    public int Acked { get; private set; }

    /// <summary>Said that it was done, and the tables are not what it leaves.</summary>
    public int Lost { get; private set; }

    /// <summary>After a run the tables were neither what they had been nor what it leaves.</summary>
    public int Corrupt { get; private set; }

    /// <summary>Whether all kills were made.</summary>
    public bool IsOver => Killed >= mostKills;

    /// <summary>How long the last run took that got through; before the first a guess.</summary>
    public TimeSpan Whole { get; private set; } = TimeSpan.FromSeconds(3);

    /// <summary>Runs a command until the tables are what it leaves.</summary>
    /// <param name="whole">About what it takes when nobody kills it.</param>
    /// <param name="before">The tables as they are.</param>
    /// <param name="after">The tables as it must leave them.</param>
    /// <param name="command">The command.</param>
    /// <returns>False when it left something else; then there is nothing to go on from.</returns>
    public async Task<bool> GetThroughAsync(TimeSpan whole, string before, string after, params string[] command)
    {
        for (var tries = 0; ; tries++)
        {
            var isDone = await RunAsync(command, tries < MostTries && !IsOver ? numbers.Between(Least, whole * 1.1) : null);
            (Killed, Acked) = isDone ? (Killed, Acked + 1) : (Killed + 1, Acked);
            var digest = await digestAsync();
            if (digest == after)
            {
                return true;
            }

            Corrupt += digest == before ? 0 : 1;
            Lost += isDone ? 1 : 0;
            if (isDone || digest != before)
            {
                return false;
            }
        }
    }

    /// <returns>Whether it said that it is done, before it was killed or because nobody killed it.</returns>
    private async Task<bool> RunAsync(string[] command, TimeSpan? killAfter)
    {
        await using var child = Child.Start(ground, [ground.CommandScript, Path.Combine(ground.Portal, "KenkoPortal.Web.dll"), .. command], store.Settings);
        var output = child.Output.ReadToEndAsync(ground.Cancellation);
        var ended = child.WaitAsync(ground.Cancellation);
        if (killAfter is { } time && await Task.WhenAny(ended, Task.Delay(time, TimeProvider.System, ground.Cancellation)) != ended)
        {
            child.Kill();
        }

        await ended;
        Whole = child.ExitCode == 0 ? child.Age : Whole;
        await output;
        // 0: it was through before the signal came.
        return child.ExitCode is 0 or 137 or -1 or 9
            ? child.ExitCode == 0
            : throw new MeasureException($"kenko {string.Join(' ', command.Take(2))} ended with {child.ExitCode}: {await File.ReadAllTextAsync(child.ErrorFile, ground.Cancellation)}");
    }
}

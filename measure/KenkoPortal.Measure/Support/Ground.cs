using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Core.Common;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Support;

/// <summary>What a run stands on: its folder, the published portal, PostgreSQL, and all that it started, which ends with it.</summary>
public sealed class Ground : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly Lock _gate = new();
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private string _name = "";

    /// <summary>A temporary folder of the run's own; the script removes it.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder of the published portal.</summary>
    public required string Portal { get; init; }

    /// <summary>The repository's root, for the page that is written.</summary>
    public required string Root { get; init; }

    /// <summary>What starts a command as ./kenko starts it: <c>scripts/command.sh PROGRAM.dll COMMAND…</c>.</summary>
    public string CommandScript => Path.Combine(Root, "scripts", "command.sh");

    /// <summary>Connection string of a PostgreSQL superuser, or null where there is none.</summary>
    public required string? Postgres { get; init; }

    /// <summary>Fewer and shorter rounds, smaller heaps; the same figures.</summary>
    public required bool IsQuick { get; init; }

    /// <summary>Ends the run: Ctrl-C, or a measurement that takes too long.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>SQLite, and PostgreSQL where it is installed.</summary>
    public IReadOnlyList<DatabaseKind> Databases => Postgres is null ? [DatabaseKind.Sqlite] : [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    /// <summary>The first while quick, else the second.</summary>
    public T Pick<T>(T quick, T full) => IsQuick ? quick : full;

    /// <summary>Does one measurement: progress carries its name, it ends in time, and what it started ends with it.</summary>
    public async Task<T> DoAsync<T>(string name, TimeSpan limit, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limit);
        (_name, Cancellation) = (name, late.Token);
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MeasureException($"it took longer than {limit.TotalMinutes:F0} minutes");
        }
        finally
        {
            await EndOwnedAsync();
            (_name, Cancellation) = ("", CancellationToken.None);
        }
    }

    /// <summary>Tells how far it is, on standard error.</summary>
    public void Tell(string line) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_startedAt):h\\:mm\\:ss} {(_name.Length > 0 ? _name + ": " : "")}{line}"));

    /// <summary>Ends the thing with the measurement, the youngest first.</summary>
    public T Own<T>(T thing)
        where T : IAsyncDisposable
    {
        lock (_gate)
        {
            _owned.Push(thing);
        }

        return thing;
    }

    /// <summary>A fresh folder below the run's, for this user alone.</summary>
    public string NewFolder(string name)
    {
        var path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{Guid.CreateVersion7():N}"));
        PrivateFiles.CreateDirectory(path);
        return path;
    }

    /// <summary>The whole path of a program, also where a user's PATH leaves out the administrator's.</summary>
    /// <exception cref="MeasureException">It is not installed.</exception>
    public static string Find(string program) => program.Contains('/', StringComparison.Ordinal) ? program
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(["/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new MeasureException($"{program} is not installed");

    /// <summary>Notes a process for the script, which ends what is left when this program was killed.</summary>
    internal void WriteDown(int pid)
    {
        lock (_gate)
        {
            File.AppendAllText(Path.Combine(Folder, "started"), string.Create(CultureInfo.InvariantCulture, $"{pid}\n"));
        }
    }

    public async ValueTask DisposeAsync() => await EndOwnedAsync();

    private async Task EndOwnedAsync()
    {
        while (true)
        {
            IAsyncDisposable thing;
            lock (_gate)
            {
                if (!_owned.TryPop(out thing!))
                {
                    return;
                }
            }

            await thing.DisposeAsync();
        }
    }
}

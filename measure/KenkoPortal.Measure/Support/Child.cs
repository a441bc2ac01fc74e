using System.Diagnostics;
using System.Globalization;

namespace KenkoPortal.Measure.Support;

/// <summary>What a program said and how it ended.</summary>
public sealed record Ended(int ExitCode, string Output, string Error, TimeSpan Took, long PeakKibibytes)
{
    /// <summary>The same, or an exception that says what went wrong.</summary>
    public Ended Succeeded(string what) => ExitCode == 0 ? this : throw new MeasureException($"{what} ended with {ExitCode}: {LastWords}");

    private string LastWords => (Error.Trim().Length > 0 ? Error : Output).Trim() is { Length: > 0 } words ? words[Math.Max(0, words.Length - 600)..] : "without a word";
}

/// <summary>
/// A program that a run started: its standard error goes to a file, its standard output to memory. Every one is written down beside the
/// run's folder, so that the script ends those that outlive this process.
/// </summary>
public sealed class Child : IAsyncDisposable
{
    /// <summary>Settings of whoever called must not change what is measured.</summary>
    private static readonly string[] Foreign = ["ConnectionStrings__", "Portal__", "Mail__", "ASPNETCORE_", "Kestrel__", "Logging__", "DOTNET_gc", "DOTNET_GC", "DOTNET_Tiered"];

    private readonly Process _process;
    private readonly StreamWriter _errors;
    private readonly Task _reading;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private bool _isOver;

    private Child(Process process, string errorFile)
    {
        (_process, ErrorFile) = (process, errorFile);
        _errors = new StreamWriter(errorFile, append: true) { AutoFlush = true };
        _reading = CopyErrorsAsync();
    }

    public int Pid => _process.Id;

    /// <summary>What the program wrote to standard error.</summary>
    public string ErrorFile { get; }

    public bool HasExited => _isOver || _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Since the program was started.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_startedAt);

    /// <summary>Physical memory now (VmRSS), in KiB; 0 when it has ended.</summary>
    public long ResidentKibibytes => Memory("VmRSS:");

    /// <summary>Of that, what is the process's own and no mapped file (RssAnon), in KiB.</summary>
    public long OwnKibibytes => Memory("RssAnon:");

    /// <summary>The most physical memory that it ever had (VmHWM), in KiB; 0 when it has ended.</summary>
    public long PeakKibibytes => Memory("VmHWM:");

    /// <summary>Starts a program that goes on running.</summary>
    /// <param name="ground">Where the run stands.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="settings">Environment variables; null takes one away.</param>
    /// <param name="folder">Where it runs; the run's folder unless given.</param>
    public static Child Start(Ground ground, IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? settings = null, string? folder = null)
    {
        ground.Cancellation.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(Ground.Find(command[0]), command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? ground.Folder,
        };
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => Foreign.Any(f => name.StartsWith(f, StringComparison.Ordinal))).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        start.Environment["KENKO_MEASURE_FOLDER"] = ground.Folder;
        var process = Process.Start(start) ?? throw new MeasureException($"{command[0]} could not be started.");
        process.StandardInput.Close();
        ground.WriteDown(process.Id);
        return ground.Own(new Child(process, Path.Combine(ground.Folder, $"{Path.GetFileName(command[0])}-{process.Id}.err")));
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="ground">Where the run stands.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="limit">After this time it is killed and the measurement fails.</param>
    /// <param name="settings">Environment variables; null takes one away.</param>
    /// <param name="folder">Where it runs; the run's folder unless given.</param>
    public static async Task<Ended> RunAsync(
        Ground ground, IReadOnlyList<string> command, TimeSpan limit, IReadOnlyDictionary<string, string?>? settings = null, string? folder = null)
    {
        await using var child = Start(ground, command, settings, folder);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ground.Cancellation);
        late.CancelAfter(limit);
        try
        {
            var output = child.Output.ReadToEndAsync(late.Token);
            var peak = 0L;
            while (!child.HasExited)
            {
                peak = Math.Max(peak, child.PeakKibibytes);
                await Task.WhenAny(child._process.WaitForExitAsync(late.Token), Task.Delay(20, late.Token));
                late.Token.ThrowIfCancellationRequested();
            }

            var took = child.Age;
            await child._reading;
            return new Ended(child.ExitCode, await output, await File.ReadAllTextAsync(child.ErrorFile, CancellationToken.None), took, peak);
        }
        catch (OperationCanceledException) when (!ground.Cancellation.IsCancellationRequested)
        {
            throw new MeasureException($"{string.Join(' ', command.Take(4))} … took longer than {limit.TotalSeconds:F0} s.");
        }
    }

    /// <summary>SIGKILL, as a power cut would.</summary>
    public void Kill()
    {
        if (!HasExited)
        {
            _process.Kill();
        }
    }

    /// <summary>Any signal, by its name: TERM, STOP, CONT …</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>SIGTERM, and SIGKILL where that is not heard within 15 seconds.</summary>
    public async Task StopAsync()
    {
        if (!HasExited)
        {
            Signal("TERM");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, true))
        {
            return;
        }

        if (!_process.HasExited)
        {
            // Its own children too: a browser has many.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _reading;
        _process.Dispose();
    }

    private async Task CopyErrorsAsync()
    {
        await using (_errors)
        {
            while (await _process.StandardError.ReadLineAsync() is { } line)
            {
                await _errors.WriteLineAsync(line);
            }
        }
    }

    private long Memory(string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{Pid}/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}

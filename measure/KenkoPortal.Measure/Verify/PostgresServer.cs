using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Measure.Support;
using Npgsql;

namespace KenkoPortal.Measure.Verify;

/// <summary>
/// The PostgreSQL of the run as processes, to be stopped and killed. Only a server that ./verify started for itself is touched: its
/// socket lies in the run's own folder.
/// </summary>
internal sealed class PostgresServer
{
    private readonly Ground _ground;
    private readonly string _data;
    private readonly string _programs;
    private readonly string? _user;

    private PostgresServer(Ground ground, string data, string programs, string? user) => (_ground, _data, _programs, _user) = (ground, data, programs, user);

    /// <summary>Null where the server is somebody else's.</summary>
    public static PostgresServer? Find(Ground ground)
    {
        var folder = new NpgsqlConnectionStringBuilder(ground.Postgres).Host ?? "";
        var data = Path.Combine(folder, "data");
        if (Path.GetDirectoryName(folder) != ground.Folder || !File.Exists(Path.Combine(data, "postmaster.pid")))
        {
            return null;
        }

        var pid = PidIn(data);
        var program = new FileInfo($"/proc/{pid}/exe").ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        return program is null ? null : new PostgresServer(ground, data, Path.GetDirectoryName(program)!, Environment.UserName == "root" ? OwnerOf(pid) : null);
    }

    /// <summary>SIGSTOP to the server and every process of its.</summary>
    public Task FreezeAsync() => SignalAllAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => SignalAllAsync("CONT");

    /// <summary>What a power cut leaves: <c>pg_ctl stop -m immediate</c>.</summary>
    public async Task StopAtOnceAsync() => (await ControlAsync("-m", "immediate", "-w", "-t", "60", "stop")).Succeeded("pg_ctl stop");

    /// <summary>Starts it again; it recovers by itself.</summary>
    public async Task StartAsync()
    {
        var log = Path.Combine(Path.GetDirectoryName(_data.TrimEnd('/'))!, "server.log");
        (await ControlAsync("-l", log, "-w", "-t", "60", "start")).Succeeded("pg_ctl start");
        NpgsqlConnection.ClearAllPools();
    }

    private Task<Ended> ControlAsync(params string[] arguments) => Child.RunAsync(
        _ground,
        [.. _user is null ? Array.Empty<string>() : ["runuser", "-u", _user, "--"], Path.Combine(_programs, "pg_ctl"), "-D", _data, .. arguments],
        TimeSpan.FromSeconds(90));

    private async Task SignalAllAsync(string signal)
    {
        var postmaster = PidIn(_data);
        // The postmaster first: it must not start others in the place of those that stand still.
        var all = new[] { postmaster }.Concat(Directory.EnumerateDirectories("/proc").Select(p => int.TryParse(Path.GetFileName(p), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && ParentOf(pid) == postmaster)).ToList();
        using var kill = Process.Start("kill", [$"-{signal}", .. all.Select(pid => pid.ToString(CultureInfo.InvariantCulture))]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    private static int PidIn(string data) => int.Parse(File.ReadLines(Path.Combine(data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static int ParentOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("PPid:", StringComparison.Ordinal));
            return int.Parse(line["PPid:".Length..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static string OwnerOf(int pid)
    {
        var uid = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        return File.ReadLines("/etc/passwd").Select(l => l.Split(':')).First(f => f[2] == uid)[0];
    }
}

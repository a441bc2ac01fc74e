using System.Diagnostics;
using Npgsql;

namespace KenkoPortal.Tests.Support;

/// <summary>
/// A PostgreSQL primary with one synchronous standby, on Unix sockets in a folder of its own. A test kills either. Where the server's programs are missing the
/// test is skipped.
/// </summary>
public sealed class StandbyCluster : IAsyncDisposable
{
    private const int PrimaryPort = 5432;
    private const int StandbyPort = 5433;
    private readonly string _programs;
    private readonly string _folder;

    private StandbyCluster(string programs, string folder) => (_programs, _folder) = (programs, folder);

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>A superuser's connection string of the primary.</summary>
    public string Primary => ConnectionOf(PrimaryPort);

    /// <summary>The same of the standby, once it was promoted.</summary>
    public string Standby => ConnectionOf(StandbyPort);

    public static async Task<StandbyCluster> StartAsync()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "pg_basebackup"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        Assert.SkipWhen(programs is null, "PostgreSQL's server programs are not installed");
        Assert.SkipWhen(IsRoot && !Tool.Exists("runuser"), "runuser is missing, and PostgreSQL refuses root");
        var cluster = new StandbyCluster(programs!, Directory.CreateTempSubdirectory("kenko-pg-").FullName);
        try
        {
            await cluster.MakeAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public void KillStandby() => Run("pg_ctl", "-D", Data("standby"), "-m", "immediate", "-w", "stop");

    /// <summary>The primary dies; the standby takes its place with what it has.</summary>
    public void FailOver()
    {
        Run("pg_ctl", "-D", Data("primary"), "-m", "immediate", "-w", "stop");
        StartServer("standby");
        Run("pg_ctl", "-D", Data("standby"), "-w", "promote");
    }

    /// <summary>Waits until some commit waits for the standby, and cancels that wait as an administrator might.</summary>
    public async Task CancelWaitAsync(CancellationToken cancellationToken)
    {
        while (await ScalarAsync(Primary, "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") is not > 0L)
        {
            await Task.Delay(20, cancellationToken);
        }
    }

    public static async Task<object?> ScalarAsync(string connection, string sql)
    {
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync();
    }

    public ValueTask DisposeAsync()
    {
        foreach (var name in new[] { "primary", "standby" }.Where(n => File.Exists(Path.Combine(Data(n), "postmaster.pid"))))
        {
            TryRun("pg_ctl", "-D", Data(name), "-m", "immediate", "-w", "stop");
        }

        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task MakeAsync()
    {
        if (IsRoot)
        {
            Assert.Equal(0, Tool.Run("chown", "postgres", _folder).ExitCode);
        }

        Run("initdb", "-D", Data("primary"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        Configure("primary", PrimaryPort);
        StartServer("primary");
        Run("pg_basebackup", "-h", _folder, "-U", "postgres", "-D", Data("standby"), "-R", "-X", "stream", "-c", "fast", "--no-sync");
        Configure("standby", StandbyPort);
        StartServer("standby");
        await ScalarAsync(Primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
        await ScalarAsync(Primary, "SELECT pg_reload_conf()");
        while (await ScalarAsync(Primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") is not 1L)
        {
            await Task.Delay(50);
        }
    }

    private void Configure(string name, int port) => File.AppendAllText(Path.Combine(Data(name), "postgresql.conf"), $"""

        listen_addresses = ''
        unix_socket_directories = '{_folder}'
        port = {port}
        fsync = off
        wal_retrieve_retry_interval = 100ms
        """);

    private void StartServer(string name) => Run("pg_ctl", "-D", Data(name), "-l", Path.Combine(_folder, name + ".log"), "-w", "-t", "60", "start");

    private string Data(string name) => Path.Combine(_folder, name);

    private string ConnectionOf(int port) => new NpgsqlConnectionStringBuilder { Host = _folder, Port = port, Username = "postgres", Database = "postgres", Pooling = false }.ConnectionString;

    private void Run(string program, params string[] args)
    {
        var code = TryRun(program, args);
        Assert.True(code == 0, $"{program} ended with {code}");
    }

    /// <summary>Without pipes: a server that pg_ctl starts would keep them open.</summary>
    private int TryRun(string program, params string[] args)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$@\" >/dev/null 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        foreach (var arg in (string[])[.. IsRoot ? new[] { "runuser", "-u", "postgres", "--" } : [], Path.Combine(_programs, program), .. args])
        {
            start.ArgumentList.Add(arg);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

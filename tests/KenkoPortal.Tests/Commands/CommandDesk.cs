using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using KenkoPortal.Web.Commands;
using Microsoft.Data.Sqlite;

namespace KenkoPortal.Tests.Commands;

/// <summary>What a command said and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>An operator's desk: runs command lines on a data folder of its own, as <c>./kenko</c> does.</summary>
internal sealed class CommandDesk : IAsyncDisposable
{
    private readonly TestDatabase? _database;

    private CommandDesk(string folder, TestDatabase? database) => (Folder, _database) = (folder, database);

    /// <summary>What the person at the terminal answers; null for a script.</summary>
    public string? Answer { get; set; }

    /// <summary>The data folder, which need not be there.</summary>
    public string Folder { get; }

    /// <summary>On an empty SQLite folder that does not exist yet.</summary>
    public static CommandDesk Empty() => new(Path.Combine(Directory.CreateTempSubdirectory("kenko-desk-").FullName, "data"), null);

    /// <summary>On a migrated database.</summary>
    public static async Task<CommandDesk> OnAsync(DatabaseKind kind)
    {
        var database = await TestDatabase.CreateAsync(kind);
        return new CommandDesk(database.Directory, database);
    }

    /// <summary>On a migrated database with the society <c>minato</c>.</summary>
    public static async Task<CommandDesk> WithSocietyAsync(DatabaseKind kind)
    {
        var desk = await OnAsync(kind);
        Assert.Equal(0, (await desk.AddSocietyAsync()).ExitCode);
        return desk;
    }

    public Task<CommandResult> AddSocietyAsync(string key = "minato", params string[] further) => RunAsync(
    [
        "society", "add", "--key", key, "--insurer-number", key == "minato" ? ListText.Insurer : TestPortal.InsurerNumberOf(key), "--name", $"{key}健康保険組合", "--host", $"{key}.portal.test",
        "--mail-from", $"portal@{key}.test", "--registration-address", $"toroku@{key}.test", .. further,
    ]);

    public Task<CommandResult> RunAsync(params string[] args) => RunAsync(args, [], TestContext.Current.CancellationToken);

    public async Task<CommandResult> RunAsync(string[] args, Dictionary<string, string?> settings, CancellationToken cancellation)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await PortalCommandLine.RunAsync(Complete(args), Surroundings(output, error, settings, cancellation));
        return new CommandResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts <c>serve</c> on free ports and waits until it says READY.</summary>
    public async Task<ServedPortal> ServeAsync(params string[] further)
    {
        var portal = new ServedPortal();
        await portal.StartAsync(Complete(["serve", "--port", "0", "--smtp-port", "0", .. further]), Surroundings(portal.Output, portal.Error, [], portal.Stopping));
        return portal;
    }

    /// <summary>A superuser's connection string to the desk's database, or null.</summary>
    public string? AdminConnection => _database?.AdminConnection;

    /// <summary>A file outside the data folder.</summary>
    public string File(string name, string? text = null)
    {
        var path = Path.Combine(Directory.CreateDirectory(Folder + "-files").FullName, name);
        if (text is not null)
        {
            System.IO.File.WriteAllText(path, text);
        }

        return path;
    }

    /// <summary>Runs SQL as whoever owns the tables, for faults that no command makes.</summary>
    public async Task ExecuteAsync(string sql)
    {
        if (_database?.Database.IsPostgres == true)
        {
            await _database.ExecuteAsAdminAsync(sql);
            return;
        }

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "portal.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The portal behind the desk, to look at what a command did.</summary>
    public TestPortal Look() => TestPortal.Start(_database ?? throw new InvalidOperationException("The desk has no database of its own."));

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Folder + "-files"))
        {
            Directory.Delete(Folder + "-files", recursive: true);
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
            return;
        }

        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    private string[] Complete(string[] args) => ["--data", Folder, .. args];

    private CommandSurroundings Surroundings(TextWriter output, TextWriter error, Dictionary<string, string?> settings, CancellationToken cancellation) => new(
        output,
        error,
        IsTerminal: false,
        new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase)
        {
            ["ConnectionStrings:Portal"] = settings.GetValueOrDefault("ConnectionStrings:Portal") ?? _database?.PortalConnection ?? "",
            ["ConnectionStrings:Owner"] = settings.GetValueOrDefault("ConnectionStrings:Owner") ?? _database?.OwnerConnection ?? "",
        },
        cancellation)
    {
        Input = Answer is null ? null : new StringReader(Answer + "\n"),
    };
}

/// <summary>A portal that <c>serve</c> opened.</summary>
internal sealed class ServedPortal : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private Task<int> _serving = Task.FromResult(0);

    public WatchedWriter Output { get; } = new();

    public StringWriter Error { get; } = new();

    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Where it answers.</summary>
    public Uri Origin { get; private set; } = new("http://localhost");

    public async Task StartAsync(string[] args, CommandSurroundings surroundings)
    {
        _serving = Task.Run(() => PortalCommandLine.RunAsync(args, surroundings));
        if (await Task.WhenAny(Output.Ready, _serving) == _serving)
        {
            Assert.Fail($"serve ended with {await _serving}: {Error}");
        }

        Origin = new Uri((await Output.Ready)["READY ".Length..]);
    }

    /// <summary>Ctrl-C.</summary>
    public async Task<int> StopAsync()
    {
        await _stopping.CancelAsync();
        return await _serving;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        await Output.DisposeAsync();
        await Error.DisposeAsync();
    }
}

/// <summary>Standard output that tells when the line of readiness has come.</summary>
internal sealed class WatchedWriter : StringWriter
{
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<string> Ready => _ready.Task;

    /// <summary>All that is said before it only serves.</summary>
    public Task Told => _told.Task;

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        _told.TrySetResult();
        return base.FlushAsync(cancellationToken);
    }

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.StartsWith("READY ", StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult(value);
        }
    }
}

using System.CommandLine;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Web.Infrastructure.Hosting;
using Npgsql;

namespace KenkoPortal.Web.Commands;

/// <summary>What a command needs of the database before it begins.</summary>
internal enum Opening
{
    /// <summary>It must be there, with this version's schema. Nothing is made by a mistyped folder.</summary>
    Existing,

    /// <summary>It is made and migrated where it is missing.</summary>
    Creating,

    /// <summary>The command itself sees to it.</summary>
    Unchecked,
}

/// <summary>One run of a command: its arguments, where it speaks to, and the way to the portal's services.</summary>
internal sealed class CommandRun
{
    private readonly ParseResult _parsed;
    private readonly CommandFrame _frame;
    private readonly CommandSurroundings _surroundings;

    public CommandRun(ParseResult parsed, CommandFrame frame, CommandSurroundings surroundings)
    {
        (_parsed, _frame, _surroundings) = (parsed, frame, surroundings);
        Settings = new Dictionary<string, string?>(surroundings.Settings, StringComparer.OrdinalIgnoreCase);
        var usual = Path.GetFullPath(Options.DataDirectory);
        var folder = Path.GetFullPath(Value(frame.Data) ?? usual);
        DataHint = folder == usual ? "" : " --data " + Quoted(folder);
        Settings[$"{PortalOptions.Section}:{nameof(PortalOptions.DataDirectory)}"] = folder;
    }

    /// <summary>Settings that win over files and the environment.</summary>
    public Dictionary<string, string?> Settings { get; }

    /// <summary>What a command that is suggested needs behind it to find the same data: <c> --data DIR</c>, or nothing for the usual folder.</summary>
    public string DataHint { get; }

    /// <summary>The settings as the portal will see them.</summary>
    public IConfigurationRoot Configuration => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables()
        .AddInMemoryCollection(Settings)
        .Build();

    public PortalOptions Options => Configuration.GetSection(PortalOptions.Section).Get<PortalOptions>() ?? new PortalOptions();

    public CommandSurroundings Surroundings => _surroundings;

    public CancellationToken Cancellation => _surroundings.Cancellation;

    public CommandProgress Progress => new(_surroundings);

    public T? Value<T>(Option<T> option) => _parsed.GetValue(option);

    public T? Value<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>The value of <see cref="CommandFrame.Month"/>.</summary>
    /// <exception cref="PortalInputException">It is no month.</exception>
    public TreatmentMonth Month(Option<string> option) => TreatmentMonth.TryParse(Value(option), out var month)
        ? month
        : throw new PortalInputException(CommandText.MonthForm.With(PlainText.Shown(Value(option) ?? "")));

    /// <summary>Whether the option was given, with a value or without.</summary>
    public bool IsGiven(Option option) => _parsed.GetResult(option) is { Implicit: false };

    public void Say(string line) => _surroundings.Output.WriteLine(line);

    public void Complain(string line) => _surroundings.Error.WriteLine(line);

    /// <summary>Tells whose data were looked at, where there was nothing in them: the folder may have been the wrong one.</summary>
    public void ComplainPlace() => Complain(Place());

    /// <summary>The actor of what the command does, in the audit events.</summary>
    public static void Act(CurrentActor actor) => actor.IsSystemUser(Environment.UserName);

    /// <exception cref="PortalInputException">The data folder or the key cannot be used.</exception>
    public WebApplicationBuilder CreateBuilder(bool isProduction)
    {
        try
        {
            return PortalHost.CreateBuilder(Settings, isProduction);
        }
        catch (InvalidDataException)
        {
            throw new PortalInputException(CommandText.BadKey.With(Path.Combine(Options.ActualKeysDirectory, "portal.key")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PortalInputException(CommandText.BadFolder.With(Options.DataDirectory, exception.Message));
        }
    }

    /// <summary>Opens the portal's services, without pages, listener and jobs.</summary>
    /// <exception cref="PortalInputException">The database is not there, or has another version's schema.</exception>
    public async Task<WebApplication> OpenAsync(Opening opening)
    {
        RefuseUnusableConnections();
        if (opening == Opening.Existing)
        {
            RefuseWhereNothingIs();
        }

        var builder = CreateBuilder(isProduction: true);
        builder.Logging.ClearProviders();
        var portal = builder.Build();
        try
        {
            await PrepareAsync(portal.Services.GetRequiredService<Migrator>(), opening);
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }

        return portal;
    }

    /// <summary>Does something in the society that <c>--society</c> names, or in the only one.</summary>
    public async Task<int> InSocietyAsync(Func<IServiceProvider, Society, Task<int>> act)
    {
        await using var portal = await OpenAsync(Opening.Existing);
        var society = await FindSocietyAsync(portal.Services, Value(_frame.Society));
        if (Value(_frame.Society) is not null)
        {
            // The same card may be in another society, where the same words would be as true.
            Complain(CommandText.WhichSociety.With(society.Key, society.Name));
        }

        await using var scope = portal.Services.GetRequiredService<SocietyScopes>().Open(society, Act);
        return await act(scope.ServiceProvider, society);
    }

    /// <exception cref="PortalInputException">There is none, or no key was given and there are several.</exception>
    public async Task<Society> FindSocietyAsync(IServiceProvider services, string? key)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        try
        {
            return await scope.ServiceProvider.GetRequiredService<SocietyDirectory>().ByKeyAsync(key, Cancellation);
        }
        catch (PortalInputException exception)
        {
            throw new PortalInputException($"{exception.Message}\n{Place()}");
        }
    }

    public Task<List<Society>> AllSocietiesAsync(IServiceProvider services) => services.GetRequiredService<SocietyIndex>().AllAsync(Cancellation);

    private async Task PrepareAsync(Migrator migrator, Opening opening)
    {
        switch (opening)
        {
            case Opening.Creating:
                await migrator.MigrateAsync(Cancellation);
                break;
            case Opening.Existing when !await migrator.IsReadyAsync(Cancellation):
                throw new PortalInputException($"{DataText.NotMigrated}\n{Place()}");
            default:
                break;
        }
    }

    /// <summary>The database and the key folder that are used, without credentials.</summary>
    private string Place()
    {
        var text = Configuration.GetConnectionString("Portal");
        if (string.IsNullOrWhiteSpace(text))
        {
            return CommandText.PlaceFolder.With(Options.DataDirectory);
        }

        var connection = new NpgsqlConnectionStringBuilder(text);
        return CommandText.PlacePostgres.With(connection.Host, connection.Port, connection.Database, Options.ActualKeysDirectory);
    }

    /// <summary>As a shell takes it for one word.</summary>
    public static string Quoted(string path) => path.All(c => char.IsLetterOrDigit(c) || c is '/' or '.' or '_' or '-')
        ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private void RefuseWhereNothingIs()
    {
        var options = Options;
        using var database = new PortalDatabase(options.DataDirectory, Configuration.GetConnectionString("Portal"), null);
        if (database.SqliteFile is { } file)
        {
            RefuseMissing(file, CommandText.NoDatabase);
        }

        RefuseMissing(Path.Combine(options.ActualKeysDirectory, "portal.key"), CommandText.NoKey);
    }

    private void RefuseMissing(string file, string message)
    {
        if (File.Exists(file))
        {
            return;
        }

        // A folder that we may not look into hides its files. Asking for its contents tells the two apart.
        var folder = Path.GetDirectoryName(file);
        if (Directory.Exists(folder))
        {
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
        }

        throw new PortalInputException(message.With(file, DataHint));
    }

    /// <summary>A connection string with a slip in it would be quoted by whoever parses it first, password and all; an owner alone would leave the
    /// portal on SQLite.</summary>
    public void RefuseUnusableConnections()
    {
        foreach (var name in new[] { "Portal", "Owner" })
        {
            try
            {
                _ = new NpgsqlConnectionStringBuilder(Configuration.GetConnectionString(name));
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
            {
                throw new PortalInputException(CommandText.BadConnection.With(name));
            }
        }

        if (string.IsNullOrWhiteSpace(Configuration.GetConnectionString("Portal")) && !string.IsNullOrWhiteSpace(Configuration.GetConnectionString("Owner")))
        {
            throw new PortalInputException(CommandText.OwnerAlone);
        }
    }
}

using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KenkoPortal.Core;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace KenkoPortal.Measure.Support;

/// <summary>
/// A fresh database with one society, made by the program's own commands. On PostgreSQL two roles that are no superusers own and serve
/// it, so that row-level security is at work in what is measured.
/// </summary>
public sealed class PortalStore : IAsyncDisposable
{
    public const string SocietyKey = "minato";
    public const string Host = "portal.minato.test";
    public const string InsurerNumber = "06990014";
    public const string MailFrom = "portal@" + MailDomain;
    public const string RegistrationAddress = "toroku@mail.minato.test";
    public const string BounceDomain = "bounce.minato.test";

    private const string MailDomain = "minato.test";
    private const string Owner = "kenko_measure_owner";
    private const string Portal = "kenko_measure_portal";
    private const string Password = "kenko-measure";
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(15);

    private readonly Ground _ground;
    private readonly string? _name;
    private readonly string? _admin;
    private ServiceProvider? _services;
    private bool _isOver;

    private PortalStore(Ground ground, DatabaseKind kind, string folder, string? name)
    {
        (_ground, Kind, Folder, _name) = (ground, kind, folder, name);
        if (name is not null)
        {
            _admin = new NpgsqlConnectionStringBuilder(ground.Postgres) { Database = name, Pooling = false, CommandTimeout = 0 }.ConnectionString;
            PortalConnection = ConnectionOf(ground, Portal, name);
            OwnerConnection = ConnectionOf(ground, Owner, name);
        }
    }

    public DatabaseKind Kind { get; }

    /// <summary>The data folder: keys, and the SQLite file.</summary>
    public string Folder { get; }

    /// <summary>The serving role's connection string; null on SQLite.</summary>
    public string? PortalConnection { get; }

    /// <summary>The owning role's connection string; null on SQLite.</summary>
    public string? OwnerConnection { get; }

    /// <summary>What a process needs in its environment to work on this store.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Portal__DataDirectory"] = Folder,
        ["ConnectionStrings__Portal"] = PortalConnection,
        ["ConnectionStrings__Owner"] = OwnerConnection,
    };

    /// <summary>The Message-ID of an outgoing mail, without its brackets.</summary>
    public static string MessageIdOf(Guid mailId) => $"{mailId:N}@{MailDomain}";

    /// <summary>The portal's own services on this store, without pages and jobs, in this process.</summary>
    public IServiceProvider Services => _services ??= new ServiceCollection()
        .AddLogging(logging => logging.ClearProviders())
        .AddPortalCore(new PortalDatabase(Folder, PortalConnection, OwnerConnection), PortalKeys.LoadOrCreate(Path.Combine(Folder, "keys")))
        .BuildServiceProvider();

    /// <summary>A migrated database with one society and nobody in it.</summary>
    public static async Task<PortalStore> CreateAsync(Ground ground, DatabaseKind kind)
    {
        string? name = null;
        if (kind is DatabaseKind.Postgres)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"kenko_measure_{Guid.CreateVersion7():N}");
            await MakeDatabaseAsync(ground, name);
        }

        var store = ground.Own(new PortalStore(ground, kind, ground.NewFolder("data"), name));
        await store.CommandAsync(
            "society", "add", "--key", SocietyKey, "--insurer-number", InsurerNumber, "--name", "みなと健康保険組合", "--host", Host, "--origin", $"https://{Host}",
            "--mail-from", MailFrom, "--registration-address", RegistrationAddress, "--bounce-domain", BounceDomain, "--staff-mail", "kenpo@minato.test",
            "--postal-code", "231-0003", "--address", "架空県みなと市海岸1-2-3", "--tel", "045-000-0000");
        return store;
    }

    /// <summary>One of <c>./kenko</c>'s commands, as a process of its own.</summary>
    /// <exception cref="MeasureException">It ended with something else than 0.</exception>
    public async Task<Ended> CommandAsync(params string[] command) =>
        (await RunAsync(command)).Succeeded($"kenko {string.Join(' ', command.Take(2))}");

    /// <summary>One of <c>./kenko</c>'s commands, however it ends.</summary>
    public Task<Ended> RunAsync(params string[] command) =>
        Child.RunAsync(_ground, [_ground.CommandScript, Path.Combine(_ground.Portal, "KenkoPortal.Web.dll"), .. command], CommandLimit, Settings);

    /// <summary>The only society, or the one with this key.</summary>
    public async Task<Society> SocietyAsync(string key = SocietyKey)
    {
        await using var scope = Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        return await scope.ServiceProvider.GetRequiredService<SocietyDirectory>().ByKeyAsync(key, _ground.Cancellation);
    }

    /// <summary>A connection that sees every society's rows: the superuser's, or the SQLite file's with the portal's own settings.</summary>
    public async Task<DbConnection> OpenAsync()
    {
        if (_admin is not null)
        {
            var admin = new NpgsqlConnection(_admin);
            await admin.OpenAsync(CancellationToken.None);
            return admin;
        }

        var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Folder, "portal.db"), DefaultTimeout = 30, Pooling = false }.ConnectionString);
        await file.OpenAsync(CancellationToken.None);
        await ExecuteAsync(file, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;");
        return file;
    }

    /// <summary>The number that a query gives, over all societies.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // written by measurements, not by visitors
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(CancellationToken.None), CultureInfo.InvariantCulture);
    }

    /// <summary>A checksum of the rows that queries give, over all societies, in whatever order they come.</summary>
    public async Task<string> DigestAsync(params IEnumerable<string> queries)
    {
        await using var connection = await OpenAsync();
        var lines = new List<string>();
        foreach (var sql in queries)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // written by measurements, not by visitors
            command.CommandText = sql;
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            var values = new object[reader.FieldCount];
            while (await reader.ReadAsync(CancellationToken.None))
            {
                reader.GetValues(values);
                lines.Add(string.Join('|', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))));
            }
        }

        return DigestOf(lines);
    }

    /// <summary>The checksum of <see cref="DigestAsync"/> for rows as text, their values parted by <c>|</c>.</summary>
    public static string DigestOf(IEnumerable<string> lines) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines.Order(StringComparer.Ordinal)))));

    /// <summary>Runs SQL over all societies.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection, sql);
    }

    /// <summary>What the database does by itself some time after a load (autovacuum, the checkpoint), so that it does not fall into a measurement.</summary>
    public Task SettleAsync() => ExecuteAsync(Kind is DatabaseKind.Postgres ? "VACUUM ANALYZE; CHECKPOINT" : "PRAGMA wal_checkpoint(TRUNCATE)");

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, true))
        {
            return;
        }

        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_name is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_ground.Postgres) { Pooling = false }.ConnectionString);
            await admin.OpenAsync(CancellationToken.None);
            await ExecuteAsync(admin, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
        }
        else
        {
            SqliteConnection.ClearAllPools();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string ConnectionOf(Ground ground, string role, string database) =>
        new NpgsqlConnectionStringBuilder(ground.Postgres) { Username = role, Password = Password, Database = database }.ConnectionString;

    private static async Task MakeDatabaseAsync(Ground ground, string name)
    {
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ground.Postgres) { Pooling = false }.ConnectionString);
        await admin.OpenAsync(ground.Cancellation);
        foreach (var role in new[] { Owner, Portal })
        {
            try
            {
                await ExecuteAsync(admin, $"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{Password}'");
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateObject)
            {
            }
        }

        await ExecuteAsync(admin, $"CREATE DATABASE {name} OWNER {Owner} TEMPLATE template0 ENCODING 'UTF8'");
        await ExecuteAsync(admin, $"GRANT CONNECT ON DATABASE {name} TO {Portal}");
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        // PostgreSQL takes several statements as one transaction, in which VACUUM may not stand.
        foreach (var statement in sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // written by measurements, not by visitors
            command.CommandText = statement;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}

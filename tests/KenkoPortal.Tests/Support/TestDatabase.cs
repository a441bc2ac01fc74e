using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(KenkoPortal.Tests.Support.TestDatabase.CleaningUp))]

namespace KenkoPortal.Tests.Support;

/// <summary>
/// A database of a test's own, migrated. The migrated state is made once a run and copied. On PostgreSQL two roles that are no
/// superusers own and serve it, so that row-level security is really at work.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string Owner = "kenko_test_owner";
    private const string Portal = "kenko_test_portal";
    private const string Password = "kenko-test";
    private static readonly SemaphoreSlim Making = new(1, 1);
    private static string? s_sqliteTemplate;
    private static string? s_postgresTemplate;
    private readonly string? _postgresName;
    private readonly string? _admin;

    private TestDatabase(PortalDatabase database, string directory, string? postgresName, string? ownerConnection, string? portalConnection, string? admin = null)
    {
        (Database, Directory, _postgresName, _admin) = (database, directory, postgresName, admin ?? PostgresAdmin);
        (OwnerConnection, PortalConnection) = (ownerConnection, portalConnection);
    }

    /// <summary>Connection string of a superuser, or null.</summary>
    public static string? PostgresAdmin => Environment.GetEnvironmentVariable("KENKO_TEST_POSTGRES") is { Length: > 0 } admin ? admin : null;

    public PortalDatabase Database { get; }

    /// <summary>The data folder: the SQLite file, keys, mail.</summary>
    public string Directory { get; }

    /// <summary>For a process that the test starts; null on SQLite.</summary>
    public string? PortalConnection { get; }

    /// <inheritdoc cref="PortalConnection"/>
    public string? OwnerConnection { get; }

    /// <summary>A superuser's connection string to this database; null on SQLite.</summary>
    public string? AdminConnection => _postgresName is null
        ? null
        : new NpgsqlConnectionStringBuilder(_admin) { Database = _postgresName, Pooling = false }.ConnectionString;

    /// <summary>The keys of the data folder.</summary>
    public PortalKeys Keys => PortalKeys.LoadOrCreate(Path.Combine(Directory, "keys"));

    /// <summary>A fresh database in a fresh data folder.</summary>
    /// <param name="kind">Which database.</param>
    /// <param name="isEmpty">True: not even migrated.</param>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind, bool isEmpty = false)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("kenko-test-").FullName;
        if (kind is DatabaseKind.Sqlite)
        {
            if (!isEmpty)
            {
                CopyFolder(await SqliteTemplateAsync(), directory);
            }

            return new TestDatabase(new PortalDatabase(directory, null, null), directory, null, null, null);
        }

        if (isEmpty)
        {
            await MakeRolesAsync();
        }
        else
        {
            var keys = Path.Combine(await SqliteTemplateAsync(), "keys");
            CopyFolder(keys, Path.Combine(directory, "keys"));
        }

        var template = isEmpty ? null : await PostgresTemplateAsync();
        return await CreatePostgresAsync(directory, template);
    }

    /// <summary>A fresh, migrated database on another server, which the caller ends.</summary>
    /// <param name="admin">Connection string of a superuser there.</param>
    public static async Task<TestDatabase> CreateOnAsync(string admin)
    {
        await MakeRolesAsync(admin);
        var database = await CreatePostgresAsync(System.IO.Directory.CreateTempSubdirectory("kenko-test-").FullName, template: null, admin);
        await MigrateAsync(database.Database, database.Keys);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        Database.Dispose();
        if (_postgresName is not null && _admin == PostgresAdmin)
        {
            await LeaveAsync();
            await ExecuteAsync($"DROP DATABASE IF EXISTS {_postgresName} WITH (FORCE)");
        }

        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Ends every connection of this process and waits until PostgreSQL has seen it: a template may have no visitors.</summary>
    private async Task LeaveAsync()
    {
        foreach (var asOwner in new[] { false, true })
        {
            await using var pooled = (NpgsqlConnection)Database.CreateConnection(asOwner);
            NpgsqlConnection.ClearPool(pooled);
        }

        await ExecuteAsync($"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{_postgresName}'");
    }

    /// <summary>Runs SQL as the superuser, for faults that the portal could not make.</summary>
    public async Task ExecuteAsAdminAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<TestDatabase> CreatePostgresAsync(string directory, string? template, string? admin = null)
    {
        var name = $"kenko_test_{Guid.CreateVersion7():N}";
        await ExecuteAsync($"CREATE DATABASE {name} OWNER {Owner} TEMPLATE {template ?? "template0"}", admin);
        await ExecuteAsync($"GRANT CONNECT ON DATABASE {name} TO {Portal}", admin);
        var (owner, portal) = (ConnectionOf(Owner, name, admin), ConnectionOf(Portal, name, admin));
        return new TestDatabase(new PortalDatabase(directory, portal, owner), directory, name, owner, portal, admin);
    }

    private static string ConnectionOf(string role, string database, string? admin) => new NpgsqlConnectionStringBuilder(admin ?? PostgresAdmin)
    {
        Username = role, Password = Password, Database = database, MaxPoolSize = 30, Pooling = true,
    }.ConnectionString;

    private static async Task<string> SqliteTemplateAsync()
    {
        await Making.WaitAsync();
        try
        {
            if (s_sqliteTemplate is null)
            {
                var directory = System.IO.Directory.CreateTempSubdirectory("kenko-test-template-").FullName;
                using var database = new PortalDatabase(directory, null, null);
                await MigrateAsync(database, PortalKeys.LoadOrCreate(Path.Combine(directory, "keys")));
                await using (var connection = database.CreateConnection())
                {
                    await connection.OpenAsync();
                    await using var command = connection.CreateCommand();
                    command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
                    await command.ExecuteNonQueryAsync();
                }

                s_sqliteTemplate = directory;
            }

            return s_sqliteTemplate;
        }
        finally
        {
            Making.Release();
        }
    }

    private static async Task<string> PostgresTemplateAsync()
    {
        var keys = PortalKeys.LoadOrCreate(Path.Combine(await SqliteTemplateAsync(), "keys"));
        await Making.WaitAsync();
        try
        {
            if (s_postgresTemplate is null)
            {
                await MakeRolesAsync();
                var made = await CreatePostgresAsync("", template: null);
                await MigrateAsync(made.Database, keys);
                made.Database.Dispose();
                await made.LeaveAsync();
                s_postgresTemplate = made._postgresName;
            }

            return s_postgresTemplate!;
        }
        finally
        {
            Making.Release();
        }
    }

    private static Task<int> MigrateAsync(PortalDatabase database, PortalKeys keys) =>
        new Migrator(database, keys, NullLogger<Migrator>.Instance).MigrateAsync(CancellationToken.None);

    private static async Task MakeRolesAsync(string? admin = null)
    {
        foreach (var role in new[] { Owner, Portal })
        {
            try
            {
                await ExecuteAsync($"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{Password}'", admin);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
            {
            }
        }
    }

    private static async Task ExecuteAsync(string sql, string? admin = null)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(admin ?? PostgresAdmin) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static void CopyFolder(string from, string to)
    {
        System.IO.Directory.CreateDirectory(to);
        foreach (var file in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Drops what the whole run shared.</summary>
    public sealed class CleaningUp : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (s_sqliteTemplate is not null)
            {
                System.IO.Directory.Delete(s_sqliteTemplate, recursive: true);
            }

            if (s_postgresTemplate is not null)
            {
                await ExecuteAsync($"DROP DATABASE IF EXISTS {s_postgresTemplate} WITH (FORCE)");
            }
        }
    }
}

using System.Data.Common;
using System.Reflection;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace KenkoPortal.Core.Data;

/// <summary>
/// Brings the database to the schema of this version, as the role that owns the tables, gives the serving role its rights, and
/// checks that database and keys belong together. Several processes may do it at once; a crash in between leaves the old schema.
/// </summary>
public sealed partial class Migrator(PortalDatabase database, PortalKeys keys, ILogger<Migrator> logger)
{
    /// <summary>"kenkomig": one migrator at a time in a PostgreSQL database.</summary>
    private const long MigrationLock = 0x6B656E6B6F6D6967;

    private const string HistoryTable = "__EFMigrationsHistory";

    /// <summary>Migrates what is not migrated yet. Where nothing is to be done the serving role is enough.</summary>
    /// <returns>How many migrations were applied.</returns>
    /// <exception cref="PortalInputException">The database was made with other keys.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        return await IsReadyAsync(cancellationToken) ? 0 : await ApplyAsync(ClaimAsync, cancellationToken);
    }

    /// <summary>Migrates for a restore, which brings its own keys.</summary>
    internal Task<int> PrepareAsync(CancellationToken cancellationToken) => ApplyAsync((_, _) => Task.CompletedTask, cancellationToken);

    /// <summary>The fingerprint of the keys that the data were made with; null where there are no data.</summary>
    internal static async Task<byte[]?> FingerprintInUseAsync(PortalContext db, CancellationToken cancellationToken) =>
        await db.Societies.AnyAsync(cancellationToken) && await db.Installations.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is { } installation
            ? installation.KeyFingerprint
            : null;

    private Task<int> ApplyAsync(Func<PortalContext, CancellationToken, Task> claim, CancellationToken cancellationToken) =>
        database.IsPostgres ? MigratePostgresAsync(claim, cancellationToken) : MigrateSqliteAsync(claim, cancellationToken);

    /// <summary>Whether row-level security binds the serving role. It binds no superuser, and SQLite has none: there the question does not arise.</summary>
    public async Task<bool> IsServingRoleBoundAsync(CancellationToken cancellationToken)
    {
        if (!database.IsPostgres)
        {
            return true;
        }

        await using var connection = database.CreateConnection();
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user", (NpgsqlConnection)connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Whether the database has the schema of this version and belongs to the keys; changes nothing.</summary>
    /// <exception cref="PortalInputException">The database was made with other keys.</exception>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        if (database.SqliteFile is { } file && !File.Exists(file))
        {
            return false;
        }

        await using var connection = database.CreateConnection();
        await connection.OpenAsync(cancellationToken);
        var hasTables = database.IsPostgres
            ? await IsServedAsync((NpgsqlConnection)connection, cancellationToken)
            : (await ReadAsync(connection, $"SELECT name FROM sqlite_master WHERE name = '{HistoryTable}'", cancellationToken)).Count > 0;
        return hasTables && Known.IsSubsetOf(await ReadAsync(connection, $"""SELECT "MigrationId" FROM "{HistoryTable}" """, cancellationToken))
            && (await AreKeysRightAsync(connection, cancellationToken) ?? false);
    }

    /// <summary>Every migration of this version. Each start asks for them, and Entity Framework would build its whole model first.</summary>
    private static HashSet<string> Known => typeof(Migrator).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Migration)))
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Id).ToHashSet(StringComparer.Ordinal);

    private static async Task<List<string>> ReadAsync(DbConnection connection, string query, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // no part of it comes from outside
        command.CommandText = query;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    /// <summary>Id of the newest migration of this version.</summary>
    internal static string LatestMigration(PortalContext db) => db.Database.GetMigrations().Last();

    internal PortalContext Open(bool asOwner)
    {
        var options = new DbContextOptionsBuilder<PortalContext>();
        database.Configure(options, asOwner);
        var current = new CurrentSociety();
        current.BeginScheduling();
        return new PortalContext(options.Options).For(current);
    }

    private async Task<int> MigrateSqliteAsync(Func<PortalContext, CancellationToken, Task> claim, CancellationToken cancellationToken)
    {
        var file = database.SqliteFile!;
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var own = await FileLock.WaitAsync(Path.Combine(Path.GetDirectoryName(file)!, "migrate.lock"), cancellationToken);
        if (!File.Exists(file))
        {
            // SQLite would make it readable for everybody; its WAL takes the mode of the file.
            await PrivateFiles.Create(file, FileMode.OpenOrCreate).DisposeAsync();
        }

        await using var db = Open(asOwner: true);
        await ForgetDeadMigratorAsync(db, cancellationToken);
        return await ApplyAsync(db, claim, cancellationToken);
    }

    /// <summary>On SQLite a migrator's lock is a row, and EF waits for ever for one that was killed. Ours is the file's lock, which we hold.</summary>
    private static async Task ForgetDeadMigratorAsync(PortalContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await db.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock" """, cancellationToken);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private async Task<int> MigratePostgresAsync(Func<PortalContext, CancellationToken, Task> claim, CancellationToken cancellationToken)
    {
        await using var connection = (NpgsqlConnection)database.CreateConnection(asOwner: true);
        await connection.OpenAsync(cancellationToken);
        await using var @lock = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new() { Value = MigrationLock } } };
        await @lock.ExecuteNonQueryAsync(cancellationToken);
        try
        {
            await using var db = Open(asOwner: true);
            var applied = await ApplyAsync(db, claim, cancellationToken);
            await GrantAsync(connection, db, cancellationToken);
            return applied;
        }
        finally
        {
            // The pool would keep the session, and the lock with it.
            await using var unlock = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new() { Value = MigrationLock } } };
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private async Task<int> ApplyAsync(PortalContext db, Func<PortalContext, CancellationToken, Task> claim, CancellationToken cancellationToken)
    {
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            await db.Database.MigrateAsync(cancellationToken);
            LogMigrated(pending.Count, pending[^1]);
        }

        await claim(db, cancellationToken);
        return pending.Count;
    }

    /// <summary>Writes down whose keys a new database's data will be made with.</summary>
    private async Task ClaimAsync(PortalContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        if (await AreKeysRightAsync(db.Database.GetDbConnection(), cancellationToken) is not true)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.Installations.ExecuteDeleteAsync(cancellationToken);
            db.Installations.Add(new Installation { KeyFingerprint = keys.Fingerprint });
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }

    /// <summary>Null where the database belongs to no keys: it is new, or nothing in it was made with any.</summary>
    private async Task<bool?> AreKeysRightAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT (SELECT "KeyFingerprint" FROM "Installations"), (SELECT COUNT(*) FROM "Societies")""";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var fingerprint = await reader.IsDBNullAsync(0, cancellationToken) ? null : await reader.GetFieldValueAsync<byte[]>(0, cancellationToken);
        return fingerprint?.AsSpan().SequenceEqual(keys.Fingerprint) == true ? true
            : fingerprint is null || reader.GetInt64(1) == 0 ? null
            : throw new PortalInputException(DataText.KeyMismatch);
    }

    /// <summary>The serving role reads and writes rows, no more. It cannot change a society's settings, delete, change or unseal what was audited, nor alter a table.</summary>
    private async Task GrantAsync(NpgsqlConnection owner, PortalContext db, CancellationToken cancellationToken)
    {
        var (schema, user) = await NamesAsync(owner, cancellationToken);
        if (database.ServingRole is not { } role || role == user)
        {
            return;
        }

        var (to, prefix) = (Quote(role), Quote(schema) + ".");
        var tables = db.Model.GetEntityTypes().Select(e => e.GetTableName()).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var sql = new List<string> { $"GRANT USAGE ON SCHEMA {Quote(schema)} TO {to}", $"GRANT SELECT ON {prefix}{Quote(HistoryTable)} TO {to}" };
        foreach (var table in tables)
        {
            var rights = table switch
            {
                "Installations" => "SELECT",
                "Societies" => """SELECT, UPDATE ("Revision")""",
                "AuditEvents" => """SELECT, INSERT, UPDATE ("Sequence", "Hash")""",
                "AuditChains" => """SELECT, INSERT, UPDATE ("Length", "Head")""",
                _ => "SELECT, INSERT, UPDATE, DELETE",
            };

            // An earlier version may have given more.
            sql.Add($"REVOKE ALL ON {prefix}{Quote(table)} FROM {to}");
            sql.Add($"GRANT {rights} ON {prefix}{Quote(table)} TO {to}");
        }

        sql.AddRange(ScheduledWork.Views.Select(v => $"GRANT SELECT ON {prefix}{Quote(v.View)} TO {to}"));

        await using var command = new NpgsqlCommand(string.Join(";\n", sql), owner);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<(string Schema, string User)> NamesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT current_schema()::text, current_user::text", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString(0), reader.GetString(1));
    }

    /// <summary>Whether the serving role has its rights on every tenant table, which migrating gives with all others.</summary>
    private static async Task<bool> IsServedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT to_regclass('"{HistoryTable}"') IS NOT NULL AND (
                       SELECT bool_and(has_table_privilege(c.oid, 'SELECT')) FROM pg_class c
                       JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'society' WHERE c.relnamespace = current_schema()::regnamespace)
            """,
            connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} migrations applied, up to {Latest}")]
    private partial void LogMigrated(int count, string latest);
}

using System.Data.Common;
using KenkoPortal.Core.Data.Postgres;
using KenkoPortal.Core.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace KenkoPortal.Core.Data;

/// <summary>
/// Which database the portal runs on and how it is reached: PostgreSQL where a connection string with a host is given, else the
/// embedded SQLite file of the data folder (docs/decisions/ADR-001-databases.md).
/// </summary>
public sealed class PortalDatabase : IDisposable
{
    /// <summary>Statements that a PostgreSQL connection keeps planned.</summary>
    private const int MostPlans = 100;

    private readonly string _connection;
    private readonly string? _ownerConnection;

    /// <param name="dataDirectory">Folder of the SQLite file.</param>
    /// <param name="portalConnection">The serving role's connection string, or null for SQLite.</param>
    /// <param name="ownerConnection">The role that owns the tables and migrates; null when it is the same.</param>
    public PortalDatabase(string dataDirectory, string? portalConnection, string? ownerConnection)
    {
        IsPostgres = !string.IsNullOrWhiteSpace(portalConnection);
        _connection = IsPostgres
            ? new NpgsqlConnectionStringBuilder(portalConnection) { IncludeErrorDetail = false, PersistSecurityInfo = false }.ConnectionString
            : new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(dataDirectory, "portal.db"), ForeignKeys = true, DefaultTimeout = 30,
            }.ConnectionString;
        _ownerConnection = IsPostgres && !string.IsNullOrWhiteSpace(ownerConnection) ? ownerConnection : null;
    }

    public bool IsPostgres { get; }

    /// <summary>Path of the SQLite file; null on PostgreSQL.</summary>
    public string? SqliteFile => IsPostgres ? null : new SqliteConnectionStringBuilder(_connection).DataSource;

    /// <summary>SQLite has one writer: writers of this process queue here instead of polling the file's lock.</summary>
    internal SemaphoreSlim? WriteGate => IsPostgres ? null : _writeGate;

    private readonly SemaphoreSlim _writeGate = new(1, 1);

    /// <summary>The role that serves, to which migrating grants its rights; null on SQLite.</summary>
    internal string? ServingRole => IsPostgres ? new NpgsqlConnectionStringBuilder(_connection).Username : null;

    public void Configure(DbContextOptionsBuilder builder, bool asOwner = false)
    {
        if (IsPostgres)
        {
            builder.UseNpgsql(asOwner ? _ownerConnection ?? ServingConnection : ServingConnection);
            builder.AddInterceptors(SocietyOnConnection.Instance);
        }
        else
        {
            builder.UseSqlite(_connection);
            builder.AddInterceptors(SqlitePragmas.Instance);
        }

        builder.ConfigureWarnings(warnings => warnings.Ignore(
            RelationalEventId.PendingModelChangesWarning, // no snapshot is kept: SchemaTests compare model and migrations
            CoreEventId.ManyServiceProvidersCreatedWarning));
    }

    public void Dispose() => _writeGate.Dispose();

    /// <summary>
    /// The contexts' connections, which each opening tells its society (<see cref="SocietyOnConnection"/>): the pool need not reset them,
    /// and keeps what every page asks planned. Raw connections have a pool of their own, which does.
    /// </summary>
    internal string ServingConnection => new NpgsqlConnectionStringBuilder(_connection)
    {
        NoResetOnClose = true, MaxAutoPrepare = MostPlans, AutoPrepareMinUsages = 2,
    }.ConnectionString;

    /// <summary>A raw connection for bulk writes, health and maintenance, not opened.</summary>
    public DbConnection CreateConnection(bool asOwner = false) => IsPostgres
        ? new NpgsqlConnection(asOwner ? _ownerConnection ?? _connection : _connection)
        : new SqliteConnection(_connection);
}

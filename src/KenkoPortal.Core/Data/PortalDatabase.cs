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
            ? Serving(portalConnection)
            : new SqliteConnectionStringBuilder
            {
                // Contexts keep theirs, see KeptConnection.
                DataSource = Path.Combine(dataDirectory, "portal.db"), ForeignKeys = true, DefaultTimeout = 30, Pooling = false,
            }.ConnectionString;
        _ownerConnection = IsPostgres && !string.IsNullOrWhiteSpace(ownerConnection) ? ownerConnection : null;
    }

    /// <summary>
    /// A query that is given up keeps a thread for as long as connecting may take: the driver tells a server so over a connection of its
    /// own and waits for its end. With fifteen seconds, Npgsql's own, a server that stands still soon has every thread of the portal.
    /// </summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

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
            // A list as one parameter, as on PostgreSQL: with one for each of its values the SQL would be written anew at each request.
            builder.UseSqlite(_connection, sqlite => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter));
            builder.AddInterceptors(SqlitePragmas.Instance, KeptStatements.Instance);
        }

        builder.ConfigureWarnings(warnings => warnings.Ignore(
            RelationalEventId.PendingModelChangesWarning, // no snapshot is kept: SchemaTests compare model and migrations
            CoreEventId.ManyServiceProvidersCreatedWarning));
    }

    public void Dispose() => _writeGate.Dispose();

    /// <summary>What the operator gave; a time to connect that differs from the driver's default is theirs.</summary>
    private static string Serving(string? given)
    {
        var connection = new NpgsqlConnectionStringBuilder(given) { IncludeErrorDetail = false, PersistSecurityInfo = false };
        if (connection.Timeout == new NpgsqlConnectionStringBuilder().Timeout)
        {
            connection.Timeout = (int)ConnectTimeout.TotalSeconds;
        }

        return connection.ConnectionString;
    }

    /// <summary>
    /// The contexts' connections. Their society ends with each transaction (<see cref="SocietyOnConnection"/>) and nothing else is ever set on one, so the pool need not reset them
    /// and keeps what every page asks planned. Raw connections have a pool of their own, which is reset.
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

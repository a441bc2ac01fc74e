using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KenkoPortal.Core.Data.Sqlite;

/// <summary>
/// What every SQLite connection is set to. WAL lets readers go on while one writes; synchronous FULL makes a commit survive a power
/// cut; secure_delete overwrites what is deleted (row G3). The pages that a connection keeps to itself are few: the system keeps the file.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    public static readonly SqlitePragmas Instance = new();

    public const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-512;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (connection.ConnectionString.Contains("Mode=ReadOnly", StringComparison.OrdinalIgnoreCase))
        {
            return; // EF looks so whether the file is a database; journal_mode would be a write
        }

        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// A context keeps its connection while it waits in its pool: to open one again would open the file, register all of Entity Framework's functions
    /// and compile every statement anew (<see cref="SqliteStatements"/>). Disposing the context closes it.
    /// </summary>
    public override InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => InterceptionResult.Suppress();

    public override ValueTask<InterceptionResult> ConnectionClosingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        ValueTask.FromResult(InterceptionResult.Suppress());

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}

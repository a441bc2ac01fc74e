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

    public override InterceptionResult<DbConnection> ConnectionCreating(ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result) =>
        IsReadOnly(eventData.ConnectionString) ? result : InterceptionResult<DbConnection>.SuppressWithResult(new KeptConnection(eventData.ConnectionString!));

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (IsReadOnly(connection.ConnectionString))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    /// <summary>EF looks so whether the file is a database; journal_mode would be a write.</summary>
    private static bool IsReadOnly(string? connection) => connection?.Contains("Mode=ReadOnly", StringComparison.OrdinalIgnoreCase) == true;
}

using KenkoPortal.Core.Jobs;
using Microsoft.Data.Sqlite;

namespace KenkoPortal.Core.Data.Sqlite;

/// <summary>
/// Moves the write-ahead log into the database file and cuts it off, so that what was deleted is gone from the files within a minute
/// (row G3). secure_delete overwrites it in the database, but the log holds the pages of before.
/// </summary>
public sealed class SqliteMaintenance(PortalDatabase database) : IPortalJob
{
    /// <summary>How long the checkpoint waits for readers, with writers waiting behind it.</summary>
    private const int PatienceMilliseconds = 250;

    public string Name => "sqlite";

    public TimeSpan Interval => TimeSpan.FromSeconds(20);

    public bool WakesWithBell => false;

    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (database.SqliteFile is { } file && File.Exists(file + "-wal") && new FileInfo(file + "-wal").Length > 0)
        {
            await TruncateLogAsync(cancellationToken);
        }

        return false;
    }

    /// <returns>False when a reader kept the log; the next turn tries again.</returns>
    public async Task<bool> TruncateLogAsync(CancellationToken cancellationToken)
    {
        var gate = database.WriteGate!;
        await gate.WaitAsync(cancellationToken);
        try
        {
            await using var connection = (SqliteConnection)database.CreateConnection();
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA busy_timeout={PatienceMilliseconds}; PRAGMA wal_checkpoint(TRUNCATE);";
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) && reader.GetInt32(0) == 0;
        }
        finally
        {
            gate.Release();
        }
    }
}

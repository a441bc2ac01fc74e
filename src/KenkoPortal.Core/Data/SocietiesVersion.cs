using KenkoPortal.Core.Data.Sqlite;
using Npgsql;

namespace KenkoPortal.Core.Data;

/// <summary>
/// A number that is another one whenever the societies may have changed, whichever process changed them: what is kept of them in memory
/// is compared with it before each use.
/// </summary>
/// <remarks>
/// SQLite: the file's change counter, which any commit moves. PostgreSQL: the sum of the transactions that wrote the rows, and their number.
/// </remarks>
public sealed class SocietiesVersion(PortalDatabase database) : IDisposable
{
    private readonly string? _connection = database.IsPostgres ? database.ServingConnection : null;
    private readonly SqliteChanges? _changes = database.IsPostgres ? null : new SqliteChanges(database);

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public ValueTask<(decimal Writers, long Rows)> ReadAsync(CancellationToken cancellationToken) =>
        _changes is null ? ReadPostgresAsync(cancellationToken) : ValueTask.FromResult(((decimal)_changes.Count(), 0L));

    public void Dispose() => _changes?.Dispose();

    private async ValueTask<(decimal Writers, long Rows)> ReadPostgresAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""SELECT COALESCE(SUM(xmin::text::bigint), 0), COUNT(*) FROM "Societies" """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetDecimal(0), reader.GetInt64(1));
    }
}

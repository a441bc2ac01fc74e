using System.Runtime.InteropServices;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data.Sqlite;
using Npgsql;

namespace KenkoPortal.Core.Data;

/// <summary>What <see cref="SocietiesVersion"/> said: the sum of the rows' last writers and their number, or the file's change counter and the connection that counts.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RowsVersion(decimal Writers, long Rows);

/// <summary>
/// A number that is another one whenever the societies, or what is kept of them (<see cref="IKeptInMemory"/>), may have changed, whichever process
/// changed them: what is kept in memory is compared with it before each use.
/// </summary>
/// <remarks>
/// SQLite: the file's change counter, which any commit moves. PostgreSQL: the sum of the transactions that wrote the societies' rows, and their number;
/// whoever asks while a look is on its way shares the next one with all who do, so that no answer is older than its question.
/// </remarks>
public sealed class SocietiesVersion : IDisposable
{
    /// <summary>Seconds after which a server that stands still is given up, for all who wait.</summary>
    private const int LongestLook = 10;

    private readonly SharedLook<RowsVersion>? _look;
    private readonly SqliteChanges? _changes;

    public SocietiesVersion(PortalDatabase database)
    {
        if (database.IsPostgres)
        {
            var connection = database.ServingConnection;
            _look = new SharedLook<RowsVersion>(() => ReadPostgresAsync(connection));
        }
        else
        {
            _changes = new SqliteChanges(database);
        }
    }

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async ValueTask<RowsVersion> ReadAsync(CancellationToken cancellationToken)
    {
        if (_look is not null)
        {
            return await _look.TakeAsync().WaitAsync(cancellationToken);
        }

        var (commits, connection) = _changes!.Count();
        return new RowsVersion(commits, connection);
    }

    public void Dispose() => _changes?.Dispose();

    private static async Task<RowsVersion> ReadPostgresAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""SELECT COALESCE(SUM(xmin::text::bigint), 0), COUNT(*) FROM "Societies" """, connection);
        command.CommandTimeout = LongestLook;
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new RowsVersion(reader.GetDecimal(0), reader.GetInt64(1));
    }
}

using Microsoft.Data.Sqlite;

namespace KenkoPortal.Core.Data.Sqlite;

/// <summary>
/// Watches the file's change counter on a connection of its own, which never writes: another value than before means that somebody
/// committed, in this process or another (https://sqlite.org/pragma.html#pragma_data_version). A look takes microseconds.
/// </summary>
internal sealed class SqliteChanges(PortalDatabase database) : IDisposable
{
    private readonly Lock _gate = new();
    private SqliteCommand? _look;
    private long _connections;

    /// <summary>The counter, which each connection counts from a beginning of its own, and which connection it is.</summary>
    /// <exception cref="SqliteException">The file is not there or cannot be read.</exception>
    public (long Commits, long Connection) Count()
    {
        lock (_gate)
        {
            try
            {
                return ((long)(_look ??= Open()).ExecuteScalar()!, _connections);
            }
            catch (SqliteException)
            {
                Close();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    private SqliteCommand Open()
    {
        var connection = (SqliteConnection)database.CreateConnection();
        try
        {
            connection.Open();
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }

        var look = connection.CreateCommand();
        look.CommandText = "PRAGMA data_version";
        _connections++;
        return look;
    }

    private void Close()
    {
        _look?.Connection?.Dispose();
        _look?.Dispose();
        _look = null;
    }
}

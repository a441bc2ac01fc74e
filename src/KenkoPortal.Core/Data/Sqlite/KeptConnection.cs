using Microsoft.Data.Sqlite;

namespace KenkoPortal.Core.Data.Sqlite;

/// <summary>
/// A context's connection, which stays open, and keeps what its queries were compiled to, while the context waits in its pool. To open one again
/// would open the file, register all of Entity Framework's functions and compile every query anew. Disposing the context closes it.
/// </summary>
/// <remarks>
/// Giving a context back to its pool closes its connection, and no interceptor is asked. The driver's own pool is no way out: it lends one connection to
/// two at once when many open together (https://github.com/dotnet/efcore/issues/39008), and one's rollback would take the other's rows.
/// </remarks>
internal sealed class KeptConnection(string connectionString) : SqliteConnection(connectionString)
{
    private bool _isEnding;

    /// <summary>By the text of the query.</summary>
    public Dictionary<string, KeptStatement> Statements { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes back what was not committed, as closing does.</summary>
    public override void Close()
    {
        if (_isEnding)
        {
            base.Close();
        }
        else
        {
            Transaction?.Dispose();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _isEnding = true;
        base.Dispose(disposing);
    }
}

using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KenkoPortal.Core.Data.Sqlite;

/// <summary>
/// Keeps on each connection what its queries were compiled to. SQLite parses and plans the text of a command anew each time, which costs a page
/// more than reading its rows; the driver has no such memory of its own, and Entity Framework makes a new command for each query.
/// </summary>
internal sealed class SqliteStatements : DbCommandInterceptor, IDbConnectionInterceptor
{
    public static readonly SqliteStatements Instance = new();

    /// <summary>Statements that a connection keeps, some ten kilobytes each; then it begins anew.</summary>
    private const int Most = 64;

    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, Statement>> s_kept = [];

    /// <summary>
    /// What was compiled before the connection was closed is of a file that is closed. The driver finalizes a command's statements when it closes the
    /// connection, but knows a command for one closing only: a command that is used again after it would go on with statements of another opening.
    /// </summary>
    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => s_kept.Remove((SqliteConnection)connection);

    public Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Execute(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Execute(command, result));
    }

    public override InterceptionResult DataReaderDisposing(DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
    {
        if (command is SqliteCommand { Connection: { } connection } && s_kept.TryGetValue(connection, out var kept)
            && kept.TryGetValue(command.CommandText, out var statement) && statement.Reader == eventData.DataReader)
        {
            statement.Reader = null;
        }

        return result;
    }

    private static InterceptionResult<DbDataReader> Execute(DbCommand command, InterceptionResult<DbDataReader> result)
    {
        if (result.HasResult || command is not SqliteCommand { Connection: { } connection } query
            || !query.CommandText.StartsWith("SELECT", StringComparison.Ordinal) || Keep(connection, query) is not { Reader: null } statement)
        {
            return result;
        }

        var own = statement.Command;
        own.Transaction = query.Transaction;
        own.CommandTimeout = query.CommandTimeout;
        own.Parameters.Clear();
        foreach (SqliteParameter parameter in query.Parameters)
        {
            own.Parameters.Add(parameter);
        }

        return InterceptionResult<DbDataReader>.SuppressWithResult(statement.Reader = own.ExecuteReader());
    }

    private static Statement Keep(SqliteConnection connection, SqliteCommand query)
    {
        var kept = s_kept.GetValue(connection, static _ => new Dictionary<string, Statement>(StringComparer.Ordinal));
        if (kept.TryGetValue(query.CommandText, out var statement))
        {
            return statement;
        }

        if (kept.Count >= Most)
        {
            Forget(kept);
        }

        var command = connection.CreateCommand();
        command.CommandText = query.CommandText;
        return kept[query.CommandText] = new Statement(command);
    }

    private static void Forget(Dictionary<string, Statement> kept)
    {
        foreach (var (text, idle) in kept.Where(k => k.Value.Reader is null).ToList())
        {
            kept.Remove(text);
            idle.Command.Dispose();
        }
    }

    private sealed class Statement(SqliteCommand command)
    {
        public SqliteCommand Command { get; } = command;

        /// <summary>The reader that still reads from it: until it is disposed a second one needs a command of its own.</summary>
        public DbDataReader? Reader { get; set; }
    }
}

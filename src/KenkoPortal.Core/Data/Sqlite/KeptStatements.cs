using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KenkoPortal.Core.Data.Sqlite;

/// <summary>A query of a <see cref="KeptConnection"/>, compiled.</summary>
internal sealed class KeptStatement(SqliteCommand command)
{
    public SqliteCommand Command { get; } = command;

    /// <summary>The reader that still reads from it: until it is disposed a second one needs a command of its own.</summary>
    public DbDataReader? Reader { get; set; }
}

/// <summary>
/// Runs a context's queries from <see cref="KeptConnection.Statements"/>. SQLite parses and plans the text of a command anew each time, which costs a
/// page more than reading its rows; the driver has no such memory of its own, and Entity Framework makes a new command for each query.
/// </summary>
internal sealed class KeptStatements : DbCommandInterceptor
{
    public static readonly KeptStatements Instance = new();

    /// <summary>Statements that a connection keeps, some ten kilobytes each; then it begins anew.</summary>
    private const int Most = 64;

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
        if (command.Connection is KeptConnection { Statements: var kept } && kept.TryGetValue(command.CommandText, out var statement)
            && statement.Reader == eventData.DataReader)
        {
            statement.Reader = null;
        }

        return result;
    }

    private static InterceptionResult<DbDataReader> Execute(DbCommand command, InterceptionResult<DbDataReader> result)
    {
        if (result.HasResult || command is not SqliteCommand { Connection: KeptConnection connection } query
            || !query.CommandText.StartsWith("SELECT", StringComparison.Ordinal) || Find(connection, query.CommandText) is not { Reader: null } statement)
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

    private static KeptStatement Find(KeptConnection connection, string text)
    {
        var kept = connection.Statements;
        if (kept.TryGetValue(text, out var statement))
        {
            return statement;
        }

        if (kept.Count >= Most)
        {
            Forget(kept);
        }

        var command = connection.CreateCommand();
#pragma warning disable CA2100 // the text is a query's that Entity Framework made
        command.CommandText = text;
#pragma warning restore CA2100
        return kept[text] = new KeptStatement(command);
    }

    private static void Forget(Dictionary<string, KeptStatement> kept)
    {
        foreach (var (text, idle) in kept.Where(k => k.Value.Reader is null).ToList())
        {
            kept.Remove(text);
            idle.Command.Dispose();
        }
    }
}

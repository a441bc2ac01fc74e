using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace KenkoPortal.Core.Data.Postgres;

/// <summary>
/// Sets on PostgreSQL, for each transaction of a context, in which society it acts, so that row-level security shows that society's rows alone (row Z5). The
/// setting ends with the transaction: a connection never holds a society between two, so a command that passes Entity Framework sees no rows.
/// </summary>
/// <remarks>
/// A command outside a transaction takes the setting along: PostgreSQL runs both as one implicit transaction, in one round trip. What the interceptor does not
/// reach (a scalar outside a transaction, a raw command) has no society.
/// </remarks>
internal sealed class SocietyOnConnection : IDbCommandInterceptor, IDbTransactionInterceptor
{
    public static readonly SocietyOnConnection Instance = new();

    private const string Setting = "SELECT set_config('portal.society', @portal_society, true), set_config('portal.scope', @portal_scope, true)";

    /// <summary>A transaction also asks for warnings: <see cref="ConfirmedCommit"/> needs to see them, whatever the role's own setting.</summary>
    private const string SettingOfTransaction = Setting + ", set_config('client_min_messages', 'warning', true)";

    public void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Discard(command.Connection, eventData.Exception);

    public Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Discard(command.Connection, eventData.Exception);
        return Task.CompletedTask;
    }

    public InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        TakeAlong(command, eventData);
        return result;
    }

    public ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        TakeAlong(command, eventData);
        return ValueTask.FromResult(result);
    }

    public DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        if (HasTakenAlong(command))
        {
            result.NextResult();
        }

        return result;
    }

    public async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (HasTakenAlong(command))
        {
            await result.NextResultAsync(cancellationToken);
        }

        return result;
    }

    public InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        TakeAlong(command, eventData);
        return result;
    }

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        TakeAlong(command, eventData);
        return ValueTask.FromResult(result);
    }

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        if (eventData.Context is PortalContext context)
        {
            using var command = SettingOf(connection, context);
            try
            {
                command.ExecuteNonQuery();
            }
            catch (Exception exception)
            {
                result.Dispose();
                Discard(connection, exception);
                throw;
            }
        }

        return result;
    }

    public async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is PortalContext context)
        {
            await using var command = SettingOf(connection, context);
            try
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (Exception exception)
            {
                await result.DisposeAsync();
                Discard(connection, exception);
                throw;
            }
        }

        return result;
    }

    public InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        ConfirmedCommit.Run(transaction);
        return InterceptionResult.Suppress();
    }

    public async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await ConfirmedCommit.RunAsync(transaction);
        return InterceptionResult.Suppress();
    }

    /// <summary>
    /// A connection opened while the server comes back after a crash may disagree with the driver about what is prepared on it, from then on: each statement that would be prepared
    /// fails (seen with Npgsql 10.0.0). It and its fellows are closed as soon as they come back to the pool.
    /// </summary>
    private static void Discard(DbConnection? connection, Exception exception)
    {
        if (exception is PostgresException { SqlState: PostgresErrorCodes.DuplicatePreparedStatement or PostgresErrorCodes.InvalidSqlStatementName } && connection is NpgsqlConnection poisoned)
        {
            NpgsqlConnection.ClearPool(poisoned);
        }
    }

    private static void TakeAlong(DbCommand command, CommandEventData eventData)
    {
        if (command.Transaction is null && eventData.Context is PortalContext context)
        {
            command.CommandText = $"{Setting};\n{command.CommandText}";
            AddSociety((NpgsqlCommand)command, context);
        }
    }

    private static bool HasTakenAlong(DbCommand command) => command.CommandText.StartsWith(Setting, StringComparison.Ordinal);

    private static NpgsqlCommand SettingOf(DbConnection connection, PortalContext context)
    {
        var command = ((NpgsqlConnection)connection).CreateCommand();
        command.CommandText = SettingOfTransaction;
        AddSociety(command, context);
        return command;
    }

    private static void AddSociety(NpgsqlCommand command, PortalContext context)
    {
        command.Parameters.AddWithValue("portal_society", context.Current.IsKnown ? context.Current.Id.ToString() : "");
        command.Parameters.AddWithValue("portal_scope", context.Current.IsScheduling ? "scheduling" : "");
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace KenkoPortal.Core.Data.Postgres;

/// <summary>
/// Tells PostgreSQL, on each connection that the context opens, in which society it acts, so that row-level security shows that
/// society's rows alone (row Z5). It always sets both, so that nothing of the connection's life before is left.
/// </summary>
/// <remarks>
/// A query takes the telling along in the same round trip; anything else is told apart, a transaction before it begins. What is not told sees no
/// rows of any society, or those of the connection's life before: so no tenant table is reached over an open connection but through Entity
/// Framework or in a transaction of its own.
/// </remarks>
internal sealed class SocietyOnConnection : DbConnectionInterceptor, IDbCommandInterceptor, IDbTransactionInterceptor
{
    public static readonly SocietyOnConnection Instance = new();

    private const string Telling = "SELECT set_config('portal.society', @portal_society, false), set_config('portal.scope', @portal_scope, false)";

    public void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Discard(command.Connection, eventData.Exception);

    public Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Discard(command.Connection, eventData.Exception);
        return Task.CompletedTask;
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Begin(eventData.Context);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Begin(eventData.Context);
        return Task.CompletedTask;
    }

    public InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        if (!TryTakeAlong(command, eventData))
        {
            Tell(command.Connection!, eventData.Context);
        }

        return result;
    }

    public async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (!TryTakeAlong(command, eventData))
        {
            await TellAsync(command.Connection!, eventData.Context, cancellationToken);
        }

        return result;
    }

    public DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        if (eventData.Context is PortalContext context && context.SocietyTelling == command)
        {
            result.NextResult();
            context.SocietyTelling = null;
        }

        return result;
    }

    public async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is PortalContext context && context.SocietyTelling == command)
        {
            await result.NextResultAsync(cancellationToken);
            context.SocietyTelling = null;
        }

        return result;
    }

    public InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Tell(command.Connection!, eventData.Context);
        return result;
    }

    public async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await TellAsync(command.Connection!, eventData.Context, cancellationToken);
        return result;
    }

    public InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Tell(command.Connection!, eventData.Context);
        return result;
    }

    public async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        await TellAsync(command.Connection!, eventData.Context, cancellationToken);
        return result;
    }

    public InterceptionResult<DbTransaction> TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        Tell(connection, eventData.Context);
        return result;
    }

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        await TellAsync(connection, eventData.Context, cancellationToken);
        return result;
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

    private static void Begin(object? context)
    {
        if (context is PortalContext portal)
        {
            portal.SocietyTelling = portal;
        }
    }

    /// <summary>
    /// Sends the telling before the query. Both are one transaction: where the query fails PostgreSQL forgets the telling too, and the next
    /// command tells anew, since only a query that came back counts.
    /// </summary>
    private static bool TryTakeAlong(DbCommand command, CommandEventData eventData)
    {
        if (eventData.Context is not PortalContext { SocietyTelling: not null } context || command.Transaction is not null
            || !command.CommandText.StartsWith("SELECT", StringComparison.Ordinal))
        {
            return false;
        }

        command.CommandText = $"{Telling};\n{command.CommandText}";
        AddSociety((NpgsqlCommand)command, context);
        context.SocietyTelling = command;
        return true;
    }

    private static void Tell(DbConnection connection, object? context)
    {
        if (context is PortalContext { SocietyTelling: not null } portal)
        {
            using var command = TellingOf(connection, portal);
            try
            {
                command.ExecuteNonQuery();
            }
            catch (PostgresException exception)
            {
                Discard(connection, exception);
                throw;
            }

            portal.SocietyTelling = null;
        }
    }

    private static async ValueTask TellAsync(DbConnection connection, object? context, CancellationToken cancellationToken)
    {
        if (context is PortalContext { SocietyTelling: not null } portal)
        {
            await using var command = TellingOf(connection, portal);
            try
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException exception)
            {
                Discard(connection, exception);
                throw;
            }

            portal.SocietyTelling = null;
        }
    }

    private static NpgsqlCommand TellingOf(DbConnection connection, PortalContext context)
    {
        var command = ((NpgsqlConnection)connection).CreateCommand();
        command.CommandText = Telling;
        AddSociety(command, context);
        return command;
    }

    private static void AddSociety(NpgsqlCommand command, PortalContext context)
    {
        command.Parameters.AddWithValue("portal_society", context.Current.IsKnown ? context.Current.Id.ToString() : "");
        command.Parameters.AddWithValue("portal_scope", context.Current.IsScheduling ? "scheduling" : "");
    }
}

using System.Data.Common;
using Npgsql;

namespace KenkoPortal.Core.Data.Postgres;

/// <summary>
/// COMMIT as every transaction of the portal ends: it is never cancelled, and a commit that the synchronous standby did not confirm is a failure. Without it,
/// what was acknowledged is lost when the primary dies after its standby.
/// </summary>
/// <remarks>
/// PostgreSQL answers a cancelled wait for the standby with a warning and then with success. The warning has no SQLSTATE of its own and its text follows the server's
/// language; the routine that raises it is the same everywhere.
/// </remarks>
internal static class ConfirmedCommit
{
    private const string Warning = "01000";
    private const string WaitForStandby = "SyncRepWaitForLSN";

    /// <exception cref="CommitUnconfirmedException">The transaction may be committed or not, or is committed on this server alone.</exception>
    public static async Task RunAsync(DbTransaction transaction)
    {
        var watch = Watch.Begin(transaction);
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception exception) when (watch is not null && !IsRefused(exception))
        {
            throw new CommitUnconfirmedException(exception);
        }
        finally
        {
            watch?.End();
        }

        watch?.RefuseUnconfirmed();
    }

    /// <inheritdoc cref="RunAsync"/>
    public static void Run(DbTransaction transaction)
    {
        var watch = Watch.Begin(transaction);
        try
        {
            transaction.Commit();
        }
        catch (Exception exception) when (watch is not null && !IsRefused(exception))
        {
            throw new CommitUnconfirmedException(exception);
        }
        finally
        {
            watch?.End();
        }

        watch?.RefuseUnconfirmed();
    }

    /// <summary>PostgreSQL says that it did not commit. Anything else, a lost connection or a time that ran out, names no outcome.</summary>
    private static bool IsRefused(Exception exception) => exception is PostgresException { InvariantSeverity: "ERROR" };

    private sealed class Watch(NpgsqlConnection connection)
    {
        private volatile bool _isUnconfirmed;

        /// <summary>Null on SQLite, whose commit has no standby.</summary>
        public static Watch? Begin(DbTransaction transaction)
        {
            if (transaction is not NpgsqlTransaction { Connection: { } connection })
            {
                return null;
            }

            var watch = new Watch(connection);
            connection.Notice += watch.See;
            return watch;
        }

        public void End() => connection.Notice -= See;

        public void RefuseUnconfirmed()
        {
            if (_isUnconfirmed)
            {
                throw new CommitUnconfirmedException();
            }
        }

        private void See(object sender, NpgsqlNoticeEventArgs e) => _isUnconfirmed |= e.Notice is { SqlState: Warning, Routine: WaitForStandby };
    }
}

using System.Data.Common;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data.Postgres;
using KenkoPortal.Core.Jobs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace KenkoPortal.Core.Data;

/// <summary>
/// The one place where a transaction begins and ends. Entity, audit event and outbox row go in together or not at all. Validation and
/// hashing come before it; nothing slow happens inside.
/// </summary>
/// <remarks>SQLite: BEGIN IMMEDIATE, one writer at a time. PostgreSQL: read committed; what must not be raced is locked first by <see cref="LockAsync{TEntity}"/>.</remarks>
public sealed class UnitOfWork(PortalContext db, PortalDatabase database, JobBell bell) : IDisposable, IAsyncDisposable
{
    private const int MostTries = 5;
    private const int SqliteConstraintTrigger = 1811;

    /// <summary>The last COMMIT on PostgreSQL. Its caller may have gone before it ended.</summary>
    private Task _commit = Task.CompletedTask;

    /// <summary>
    /// Runs the write in a transaction of its own and commits it. On a deadlock or a busy file it runs again from the start. The caller's cancellation ends the write, and the wait for
    /// the commit, but never the commit itself.
    /// </summary>
    /// <exception cref="CommitUnconfirmedException">The write must not be acknowledged, though it may be there (<see cref="ConfirmedCommit"/>).</exception>
    public Task<T> CommitAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken = default) => RunAsync(write, isRehearsal: false, cancellationToken);

    /// <summary>Runs the write as <see cref="CommitAsync{T}"/> would, and takes everything back: for a dry run, which then tells what would really happen.</summary>
    public Task<T> RehearseAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken = default) => RunAsync(write, isRehearsal: true, cancellationToken);

    private async Task<T> RunAsync<T>(Func<Task<T>> write, bool isRehearsal, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(write, isRehearsal, cancellationToken);
            }
            catch (Exception exception) when (tries < MostTries && IsPassing(exception))
            {
            }
        }
    }

    public Task CommitAsync(Func<Task> write, CancellationToken cancellationToken = default) => CommitAsync(
        async () =>
        {
            await write();
            return true;
        },
        cancellationToken);

    /// <summary>Locks a row until the commit, so that what is then read of it is the newest and stays so. SQLite's writer needs none.</summary>
    public async Task LockAsync<TEntity>(Guid id, CancellationToken cancellationToken = default)
        where TEntity : class, ITenantOwned
    {
        if (database.IsPostgres)
        {
            var table = db.Model.FindEntityType(typeof(TEntity))!.GetTableName();
#pragma warning disable EF1002 // the table's name comes from the model
            await db.Database.ExecuteSqlRawAsync($"""SELECT 1 FROM "{table}" WHERE "Id" = @p0 FOR UPDATE""", [id], cancellationToken);
#pragma warning restore EF1002
        }
    }

    /// <summary>Lets one transaction at a time pass under this name in this society, on however many machines; the others wait for its commit. SQLite's writer needs none.</summary>
    /// <remarks>
    /// What queues up looks for thousands of keys at a time, and is planned each time for those: by a plan for any keys PostgreSQL compares each row with
    /// each key wherever it takes a table for empty, as it does after a run that was taken back.
    /// </remarks>
    public async Task QueueUpAsync(string name, CancellationToken cancellationToken = default)
    {
        if (database.IsPostgres)
        {
            var queue = $"{name}:{db.SocietyId}";
            await db.Database.ExecuteSqlAsync(
                $"SELECT pg_advisory_xact_lock(hashtextextended({queue}, 0)), set_config('plan_cache_mode', 'force_custom_plan', true)", cancellationToken);
        }
    }

    /// <summary>True for the violation of a unique index: somebody else was first.</summary>
    public static bool IsDuplicate(DbUpdateException exception) => exception.InnerException is
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        or SqliteException { SqliteExtendedErrorCode: 2067 or 1555 };

    private async Task<T> TryAsync<T>(Func<Task<T>> write, bool isRehearsal, CancellationToken cancellationToken)
    {
        if (!_commit.IsCompleted)
        {
            // The connection is busy with it.
            throw new CommitUnconfirmedException();
        }

        var gate = database.WriteGate;
        if (gate is not null)
        {
            await gate.WaitAsync(cancellationToken);
        }

        T result;
        try
        {
            db.ChangeTracker.Clear();
            db.HasNewWork = false;
            // A write is taken back as a whole. With savepoints Entity Framework would pass over one that cannot be released, and the commit over the write.
            db.Database.AutoSavepointsEnabled = false;
            var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var isCommitting = false;
            try
            {
                result = await write();
                if (isRehearsal)
                {
                    await transaction.RollbackAsync(cancellationToken);
                    db.ChangeTracker.Clear();
                    return result;
                }

                await db.SaveChangesAsync(cancellationToken);
                await RefuseAbortedAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                isCommitting = true;
                await CommitAsync(transaction, cancellationToken);
            }
            finally
            {
                if (!isCommitting)
                {
                    await transaction.DisposeAsync();
                }
            }
        }
        finally
        {
            gate?.Release();
        }

        if (db.HasNewWork)
        {
            bell.Ring();
        }

        return result;
    }

    /// <summary>SQLite commits before it returns. PostgreSQL may wait for its standby for as long as there is none: the caller leaves, the commit goes on.</summary>
    private async Task CommitAsync(IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        var commit = EndAsync(transaction);
        if (!database.IsPostgres)
        {
            await commit;
            return;
        }

        _commit = commit;
        try
        {
            await commit.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException exception) when (!commit.IsCompletedSuccessfully)
        {
            throw new CommitUnconfirmedException(exception);
        }
    }

    private static async Task EndAsync(IDbContextTransaction transaction)
    {
        await using (transaction)
        {
            // On PostgreSQL SocietyOnConnection makes it a confirmed one.
            await transaction.CommitAsync(CancellationToken.None);
        }
    }

    /// <summary>Keeps the scope, and with it the connection, until a commit whose caller has gone is over. Npgsql's command timeout ends it at the latest.</summary>
    public async ValueTask DisposeAsync() => await _commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        if (!_commit.IsCompleted)
        {
            ((IAsyncResult)_commit).AsyncWaitHandle.WaitOne();
        }
    }

    /// <summary>
    /// PostgreSQL answers COMMIT with ROLLBACK where a statement of the transaction failed, and neither the driver nor Entity Framework says so: whoever passed over that failure would
    /// acknowledge what is nowhere. Any statement tells.
    /// </summary>
    private async Task RefuseAbortedAsync(CancellationToken cancellationToken)
    {
        if (database.IsPostgres)
        {
            await db.Database.ExecuteSqlRawAsync("SELECT 1", cancellationToken);
        }
    }

    /// <summary>
    /// True for a fault of the database, however EF Core has wrapped it: what the driver calls transient comes inside an InvalidOperationException. A connection that dies
    /// under Npgsql may also come out of it as it is, as no connection, or as nothing where one was.
    /// </summary>
    public static bool IsOfDatabase(Exception exception) => exception switch
    {
        DbException or DbUpdateException => true,
        NullReferenceException or InvalidOperationException when exception.Source == nameof(Npgsql) => true,
        InvalidOperationException { InnerException: { } inner } => IsOfDatabase(inner),
        _ => false,
    };

    /// <summary>
    /// True where the database is there and refuses the values it was given: data exceptions (SQLSTATE class 22), constraints (23), SQLite's constraint and mismatch.
    /// No visitor may bring that about; it is a fault of the program. A trigger is somebody's will and no such fault.
    /// </summary>
    public static bool IsRefusal(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState.StartsWith("22", StringComparison.Ordinal) || postgres.SqlState.StartsWith("23", StringComparison.Ordinal),
        SqliteException { SqliteErrorCode: 19 or 20 } sqlite => sqlite.SqliteExtendedErrorCode != SqliteConstraintTrigger,
        _ => exception.InnerException is { } inner && IsRefusal(inner),
    };

    private static bool IsPassing(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => true,
        SqliteException { SqliteErrorCode: 5 or 6 } => true,
        DbUpdateException or InvalidOperationException => exception.InnerException is { } inner && IsPassing(inner),
        _ => false,
    };
}

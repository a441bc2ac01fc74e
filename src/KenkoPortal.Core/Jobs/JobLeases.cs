using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Jobs;

/// <summary>Lets one process at a time run a job. A holder that died loses its lease after <see cref="Length"/>.</summary>
public sealed class JobLeases(IServiceScopeFactory scopes, TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Short, so that after a crash the next process need not wait long; a holder renews it.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    /// <summary>Null: somebody else runs the job.</summary>
    public async Task<HeldLease?> TryTakeAsync(string name, CancellationToken cancellationToken)
    {
        var owner = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.CreateVersion7():N}";
        try
        {
            return await InTransactionAsync(db => TakeAsync(db, name, owner, cancellationToken), cancellationToken)
                ? new HeldLease(this, name, owner, cancellationToken)
                : null;
        }
        catch (DbUpdateException exception) when (UnitOfWork.IsDuplicate(exception))
        {
            return null;
        }
    }

    private async Task<bool> TakeAsync(PortalContext db, string name, string owner, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        // A lease that lies further ahead than any is given was taken before the clock was set back.
        var (until, tooFar) = (now + Length, now + Length + Length);
        var taken = await db.JobLeases.Where(l => l.Name == name && (l.Until <= now || l.Until > tooFar))
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Owner, owner).SetProperty(l => l.Until, until), cancellationToken);
        if (taken == 0 && !await db.JobLeases.AnyAsync(l => l.Name == name, cancellationToken))
        {
            db.JobLeases.Add(new JobLease { Name = name, Owner = owner, Until = until });
            return true;
        }

        return taken > 0;
    }

    private Task<bool> SetUntilAsync(string name, string owner, DateTimeOffset until, CancellationToken cancellationToken) => InTransactionAsync(
        async db => await db.JobLeases.Where(l => l.Name == name && l.Owner == owner)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Until, until), cancellationToken) > 0,
        cancellationToken);

    private async Task<bool> InTransactionAsync(Func<PortalContext, Task<bool>> write, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().CommitAsync(() => write(db), cancellationToken);
    }

    /// <summary>A lease while it is held: renewed by itself, let go when disposed.</summary>
    public sealed class HeldLease : IAsyncDisposable
    {
        private readonly JobLeases _leases;
        private readonly string _name;
        private readonly string _owner;
        private readonly CancellationTokenSource _held;
        private readonly CancellationTokenSource _over = new();
        private readonly Task _renewing;

        internal HeldLease(JobLeases leases, string name, string owner, CancellationToken cancellationToken)
        {
            (_leases, _name, _owner) = (leases, name, owner);
            _held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Held = _held.Token;
            _renewing = RenewAsync();
        }

        /// <summary>Cancelled when the lease is lost, or by whoever took it.</summary>
        public CancellationToken Held { get; }

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _renewing;
            try
            {
                await _leases.SetUntilAsync(_name, _owner, _leases._clock.GetUtcNow(), CancellationToken.None);
            }
            catch (Exception exception) when (exception is InvalidOperationException || UnitOfWork.IsOfDatabase(exception))
            {
                // The database is gone: the lease runs out.
            }

            _held.Dispose();
            _over.Dispose();
        }

        private async Task RenewAsync()
        {
            try
            {
                while (true)
                {
                    await Task.Delay(Renewal, _leases._clock, _over.Token);
                    if (!await _leases.SetUntilAsync(_name, _owner, _leases._clock.GetUtcNow() + Length, _over.Token))
                    {
                        break;
                    }
                }
            }
            catch (OperationCanceledException) when (_over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is InvalidOperationException || UnitOfWork.IsOfDatabase(exception))
            {
            }

            await _held.CancelAsync();
        }
    }
}

using System.Linq.Expressions;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Jobs;

/// <summary>
/// How long a feature keeps its rows. The feature registers its own rules; the jobs <see cref="ExpiryJob"/> and <see cref="RetentionJob"/> run them in each society.
/// </summary>
public abstract class RetentionRules(PortalContext db, UnitOfWork work, TimeProvider clock)
{
    private const int BatchSize = 1000;

    protected DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Runs each minute: marks in the database what is over, so that a clock set back revives nothing (row L1).</summary>
    public virtual Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs each hour: deletes rows that nothing reads any more.</summary>
    public virtual Task DeleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Deletes rows in batches. It looks first: on SQLite even a write that changes nothing waits for its turn.</summary>
    protected async Task DeleteAsync<TEntity>(IQueryable<TEntity> over, Expression<Func<TEntity, Guid>> id, CancellationToken cancellationToken)
        where TEntity : class
    {
        while (await over.AnyAsync(cancellationToken))
        {
            await work.CommitAsync(() => over.OrderBy(id).Take(BatchSize).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        }
    }

    /// <summary>Changes rows in one statement, where there are any.</summary>
    protected async Task ChangeAsync<TEntity>(IQueryable<TEntity> over, Func<IQueryable<TEntity>, Task<int>> change, CancellationToken cancellationToken)
        where TEntity : class
    {
        if (await over.AnyAsync(cancellationToken))
        {
            await work.CommitAsync(() => change(over), cancellationToken);
        }
    }

    protected PortalContext Db => db;
}

using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Jobs;

/// <summary>A job that first looks, across societies, which of them have work, and then works in each as that society alone.</summary>
/// <param name="scopes">Opens the scopes.</param>
/// <param name="leases">Given where two processes at once would be a waste; every body is safe without.</param>
public abstract class SocietyJob(SocietyScopes scopes, JobLeases? leases = null) : IPortalJob
{
    public abstract string Name { get; }

    public abstract TimeSpan Interval { get; }

    public virtual bool WakesWithBell => false;

    /// <exception cref="AggregateException">Some societies' work failed; that of the others was done.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var societies = await SocietiesAsync(cancellationToken);
        if (societies.Count == 0)
        {
            return false;
        }

        if (leases is null)
        {
            return await RunInEachAsync(societies, cancellationToken);
        }

        await using var lease = await leases.TryTakeAsync(Name, cancellationToken);
        return lease is not null && await RunInEachAsync(societies, lease.Held);
    }

    /// <summary>The societies with work, as a query that ignores the society filter. Only tables that row-level security opens to scheduling may be asked.</summary>
    protected abstract IQueryable<Society> WithWork(PortalContext db);

    /// <summary>A part of the society's work.</summary>
    /// <returns>True when there may be more at once.</returns>
    protected abstract Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken);

    private async Task<List<Society>> SocietiesAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.OpenForScheduling();
        return await WithWork(scope.ServiceProvider.GetRequiredService<PortalContext>())
            .IgnoreQueryFilters([PortalContext.SocietyFilter]).AsNoTracking().OrderBy(s => s.Id).ToListAsync(cancellationToken);
    }

    private async Task<bool> RunInEachAsync(List<Society> societies, CancellationToken cancellationToken)
    {
        var isMore = false;
        var failures = new List<Exception>();
        foreach (var society in societies)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await using var scope = scopes.Open(society, actor => actor.IsJob(Name));
                isMore |= await RunAsync(scope.ServiceProvider, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add(exception);
            }
        }

        return failures.Count == 0 ? isMore : throw new AggregateException(failures);
    }
}

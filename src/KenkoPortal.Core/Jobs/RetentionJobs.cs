using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Jobs;

/// <summary>Runs each feature's <see cref="RetentionRules.EndAsync"/> each minute.</summary>
public sealed class ExpiryJob(SocietyScopes scopes, JobLeases leases) : SocietyJob(scopes, leases)
{
    public override string Name => "expiry";

    public override TimeSpan Interval => TimeSpan.FromMinutes(1);

    protected override IQueryable<Society> WithWork(PortalContext db) => db.Societies;

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken)
    {
        foreach (var rules in society.GetServices<RetentionRules>())
        {
            await rules.EndAsync(cancellationToken);
        }

        return false;
    }
}

/// <summary>Runs each feature's <see cref="RetentionRules.DeleteAsync(CancellationToken)"/> each hour.</summary>
public sealed class RetentionJob(SocietyScopes scopes, JobLeases leases) : SocietyJob(scopes, leases)
{
    public override string Name => "retention";

    public override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override IQueryable<Society> WithWork(PortalContext db) => db.Societies;

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken)
    {
        foreach (var rules in society.GetServices<RetentionRules>())
        {
            await rules.DeleteAsync(cancellationToken);
        }

        return false;
    }
}

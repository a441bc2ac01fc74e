using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Audit;

/// <summary>Chains new events within seconds (row G2).</summary>
public sealed class AuditJob(SocietyScopes scopes, JobLeases leases) : SocietyJob(scopes, leases)
{
    public override string Name => "audit";

    public override TimeSpan Interval => TimeSpan.FromSeconds(2);

    protected override IQueryable<Society> WithWork(PortalContext db) =>
        db.Societies.Where(s => db.UnsealedEvents.Any(e => e.SocietyId == s.Id));

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken) =>
        await society.GetRequiredService<AuditSealing>().SealAsync(cancellationToken) >= AuditSealing.BatchSize;
}

using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>Decides the asks that wait.</summary>
public sealed class AskJob(SocietyScopes scopes) : SocietyJob(scopes)
{
    public override string Name => "asks";

    public override TimeSpan Interval => TimeSpan.FromSeconds(1);

    public override bool WakesWithBell => true;

    protected override IQueryable<Society> WithWork(PortalContext db) =>
        db.Societies.Where(s => db.WaitingAsks.Any(a => a.SocietyId == s.Id));

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken) =>
        await society.GetRequiredService<AskDecisions>().DecideAsync(cancellationToken) > 0;
}

/// <summary>Counts the bounces that came back.</summary>
public sealed class BounceJob(SocietyScopes scopes) : SocietyJob(scopes)
{
    public override string Name => "bounces";

    public override TimeSpan Interval => TimeSpan.FromSeconds(2);

    public override bool WakesWithBell => true;

    protected override IQueryable<Society> WithWork(PortalContext db) =>
        db.Societies.Where(s => db.WaitingBounces.Any(b => b.SocietyId == s.Id));

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken) =>
        await society.GetRequiredService<BounceDecisions>().DecideAsync(cancellationToken) > 0;
}

/// <summary>Takes marks off that are old or disproved, each hour (row M11).</summary>
public sealed class BounceAgeJob(SocietyScopes scopes, JobLeases leases) : SocietyJob(scopes, leases)
{
    public override string Name => "bounce-age";

    public override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override IQueryable<Society> WithWork(PortalContext db) => db.Societies;

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken)
    {
        await society.GetRequiredService<BounceDecisions>().ForgetOldAsync(cancellationToken);
        return false;
    }
}

using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Data;

/// <summary>
/// A unit of work as the role that owns the tables, for what the serving role may only read: the societies and their settings. It acts in the scope's society, since row-level security binds
/// the owner too. Where no owner is configured it is the serving role's, and PostgreSQL refuses the write.
/// </summary>
public sealed class OwnerWork : IAsyncDisposable, IDisposable
{
    private readonly AuditTrail _audit;

    public OwnerWork(PortalDatabase database, CurrentSociety current, CurrentActor actor, JobBell bell, TimeProvider clock)
    {
        var options = new DbContextOptionsBuilder<PortalContext>();
        database.Configure(options, asOwner: true);
        Db = new PortalContext(options.Options).For(current);
        Work = new UnitOfWork(Db, database, bell);
        _audit = new AuditTrail(Db, actor, clock);
    }

    public PortalContext Db { get; }

    public UnitOfWork Work { get; }

    /// <summary>A service that writes through this unit of work.</summary>
    public T Create<T>(IServiceProvider services) => ActivatorUtilities.CreateInstance<T>(services, Db, Work, _audit);

    public async ValueTask DisposeAsync()
    {
        await Work.DisposeAsync();
        await Db.DisposeAsync();
    }

    public void Dispose()
    {
        Work.Dispose();
        Db.Dispose();
    }
}

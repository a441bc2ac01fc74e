using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data.Backup;
using KenkoPortal.Core.Data.Sqlite;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Data;

/// <summary>Registers the database, its context and what keeps it.</summary>
internal static class DataFeature
{
    /// <summary>Contexts that wait in the pool, on SQLite each with its connection.</summary>
    private const int MostIdleContexts = 32;

    public static IServiceCollection AddData(this IServiceCollection services, PortalDatabase database, PortalKeys keys) => services
        .AddSingleton(database)
        .AddSingleton(keys)
        // Pooled: to make a context's services anew costs a request more than its query.
        .AddPooledDbContextFactory<PortalContext>(options => database.Configure(options), MostIdleContexts)
        .AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PortalContext>>().CreateDbContext().For(provider.GetRequiredService<CurrentSociety>()))
        .AddScoped<UnitOfWork>()
        .AddScoped<OwnerWork>()
        .AddSingleton<SocietiesVersion>()
        .AddScoped<BulkWrites>()
        .AddScoped<PersonRows>()
        .AddSingleton<Migrator>()
        .AddSingleton<PortalBackup>()
        .AddSingleton<PortalRestore>()
        .AddSingleton<SqliteMaintenance>();

    /// <summary>Registers the job that wipes deleted rows from SQLite's files. It comes after the features' jobs, which delete them (row G3).</summary>
    public static IServiceCollection AddDataMaintenance(this IServiceCollection services) =>
        services.AddSingleton<IPortalJob>(provider => provider.GetRequiredService<SqliteMaintenance>());
}

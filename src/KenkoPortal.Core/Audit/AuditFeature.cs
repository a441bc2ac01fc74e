using KenkoPortal.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Audit;

/// <summary>Registers what the feature consists of.</summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddScoped<CurrentActor>()
        .AddScoped<AuditTrail>()
        .AddScoped<AuditReading>()
        .AddScoped<AuditSealing>()
        .AddScoped<AuditTallies>()
        .AddSingleton<IPortalJob, AuditJob>()
        .AddScoped<RetentionRules, AuditRetention>();
}

using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Jobs;

/// <summary>Registers what the feature consists of.</summary>
internal static class JobsFeature
{
    public static IServiceCollection AddJobs(this IServiceCollection services) => services
        .AddSingleton<JobBell>()
        .AddSingleton<JobLeases>()
        .AddSingleton<PortalJobs>()
        .AddSingleton<IPortalJob, ExpiryJob>()
        .AddSingleton<IPortalJob, RetentionJob>();
}

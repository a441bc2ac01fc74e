using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Statistics;

/// <summary>Registers what the feature consists of.</summary>
internal static class StatisticsFeature
{
    public static IServiceCollection AddStatistics(this IServiceCollection services) => services
        .AddScoped<ReachFigures>();
}

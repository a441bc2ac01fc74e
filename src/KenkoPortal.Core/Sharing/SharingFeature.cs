using KenkoPortal.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Sharing;

/// <summary>Registers what the feature consists of.</summary>
internal static class SharingFeature
{
    public static IServiceCollection AddSharing(this IServiceCollection services) => services
        .AddSingleton<HouseholdQuery>()
        .AddScoped<KnownHousehold>()
        .AddScoped<Visibility>()
        .AddScoped<DisclosureChoices>()
        .AddScoped<DisclosureEnding>()
        .AddScoped<HiddenLines>()
        .AddScoped<RetentionRules, SharingRetention>();
}

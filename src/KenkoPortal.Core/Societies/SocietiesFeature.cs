using KenkoPortal.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Societies;

/// <summary>Registers what the feature consists of.</summary>
internal static class SocietiesFeature
{
    public static IServiceCollection AddSocieties(this IServiceCollection services) => services
        .AddScoped<CurrentSociety>()
        .AddScoped<SocietyDirectory>()
        .AddScoped(provider => provider.GetRequiredService<OwnerWork>().Create<SocietySettings>(provider))
        .AddSingleton<SocietyScopes>()
        .AddSingleton<SocietyIndex>()
        .AddSingleton(typeof(KeptRows<>));
}

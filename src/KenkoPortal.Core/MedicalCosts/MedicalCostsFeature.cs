using KenkoPortal.Core.MedicalCosts.Tax;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.MedicalCosts;

/// <summary>Registers what the feature consists of.</summary>
internal static class MedicalCostsFeature
{
    public static IServiceCollection AddMedicalCosts(this IServiceCollection services) => services
        .AddScoped<LineHiding>()
        .AddScoped<NationalFiles>()
        .AddSingleton<TaxPrint>();
}

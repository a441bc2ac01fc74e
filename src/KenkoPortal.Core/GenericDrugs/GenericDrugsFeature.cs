using KenkoPortal.Core.GenericDrugs.Import;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>Registers what the feature consists of.</summary>
internal static class GenericDrugsFeature
{
    public static IServiceCollection AddGenericDrugs(this IServiceCollection services) => services
        .AddScoped<DrugListImport>()
        .AddSingleton<DrugCatalogues>()
        .AddScoped<GenericNotices>()
        .AddScoped<GenericExplanation>();
}

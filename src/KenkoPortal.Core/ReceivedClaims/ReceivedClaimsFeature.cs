using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.ReceivedClaims.Import;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.ReceivedClaims;

/// <summary>Registers what the feature consists of.</summary>
internal static class ReceivedClaimsFeature
{
    public static IServiceCollection AddReceivedClaims(this IServiceCollection services) => services
        .AddScoped<ClaimFilesImport>()
        .AddScoped<ClaimOwners>()
        .AddScoped<ClaimChoice>()
        .AddScoped<RetentionRules, ReceivedClaimRetention>();
}

using KenkoPortal.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Letters;

/// <summary>Registers what the feature consists of.</summary>
internal static class LettersFeature
{
    public static IServiceCollection AddLetters(this IServiceCollection services) => services
        .AddScoped<LetterIssue>()
        .AddScoped<RetentionRules, LetterRetention>();
}

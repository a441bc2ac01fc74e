using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.News;

/// <summary>Registers what the feature consists of.</summary>
internal static class NewsFeature
{
    public static IServiceCollection AddNews(this IServiceCollection services) => services
        .AddSingleton<ArticleQueries>()
        .AddScoped<NewsReading>()
        .AddScoped<ArticleDesk>();
}

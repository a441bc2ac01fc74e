using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Publication;

/// <summary>Registers what the feature consists of.</summary>
internal static class PublicationFeature
{
    public static IServiceCollection AddPublication(this IServiceCollection services) => services
        .AddSingleton<NoticeQueries>()
        .AddSingleton<SeenMonths>()
        .AddScoped<NoticeReading>()
        .AddScoped<NoticeComputation>()
        .AddScoped<PublicationService>()
        .AddScoped<PublicationPlan>()
        .AddScoped<NoticeSeen>()
        .AddScoped<NoticeMailStop>()
        .AddScoped<NoticeSupport>()
        .AddScoped<NoticeMailing>()
        .AddScoped<IMailTemplate, NoticeMail>()
        .AddSingleton<IPortalJob, NoticeMailJob>()
        .AddScoped<RetentionRules, PublicationRetention>();
}

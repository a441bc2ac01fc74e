using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>Registers what the feature consists of.</summary>
internal static class MailedLinksFeature
{
    public static IServiceCollection AddMailedLinks(this IServiceCollection services) => services
        .AddOptions()
        .AddScoped<MailAsks>()
        .AddScoped<AskCaps>()
        .AddScoped<AskDecisions>()
        .AddScoped<BounceDecisions>()
        .AddScoped<LinkClicks>()
        .AddSingleton(provider => new InboundRates(provider.GetRequiredService<IOptions<InboundRateOptions>>().Value, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<InboundMailIntake>()
        .AddScoped<IMailTemplate, PostmasterForward>()
        .AddScoped<IMailTemplate, AsksWaitMail>()
        .AddScoped<IMailTemplate, BounceAlarmMail>()
        .AddSingleton<IPortalJob, AskJob>()
        .AddSingleton<IPortalJob, BounceJob>()
        .AddSingleton<IPortalJob, BounceAgeJob>()
        .AddScoped<RetentionRules, InboundMailRetention>();
}

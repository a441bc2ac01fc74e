using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Core.Mail;

/// <summary>Registers what the feature consists of.</summary>
public static class MailFeature
{
    internal static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.TryAddSingleton(NoticeHours.Usual);
        return services
            .AddSingleton<ReturnPaths>()
            .AddScoped<Outbox>()
            .AddScoped<MailDesk>()
            .AddScoped<RetentionRules, MailRetention>();
    }

    /// <summary>Adds the jobs that send what is queued. A host that serves also adds <see cref="JobRunner"/> as a hosted service.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="transport">Makes the way out (<see cref="MailTransports.Create"/>); it is called once for each lane.</param>
    public static IServiceCollection AddMailSending(this IServiceCollection services, Func<IServiceProvider, IMailTransport> transport)
    {
        services.AddScoped<Mailer>().AddSingleton<SendingTurn>();
        foreach (var lane in Enum.GetValues<MailLane>())
        {
            services.AddKeyedSingleton(lane, (provider, _) => transport(provider));
            services.AddSingleton<IPortalJob>(provider => new OutboxJob(
                lane,
                provider.GetRequiredKeyedService<IMailTransport>(lane),
                provider.GetRequiredService<NoticeHours>(),
                provider.GetRequiredService<SocietyScopes>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<OutboxJob>>()));
        }

        return services;
    }
}

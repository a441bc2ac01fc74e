using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Smtp;

namespace KenkoPortal.Web.Infrastructure.Hosting;

/// <summary>Wires the SMTP server to the portal's inbound mailbox.</summary>
public static class InboundMailListener
{
    /// <summary>The section of the settings that holds <see cref="SmtpListenerOptions"/>.</summary>
    public const string Section = "Mail:Inbound";

    public static IServiceCollection AddInboundMail(this IServiceCollection services)
    {
        services.AddOptions<InboundRateOptions>().BindConfiguration($"{Section}:Rates").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSmtpListener<Envelope>(
            Section,
            provider => new InboundMailHost(Intake(provider).JudgeAsync, provider.GetRequiredService<EnvelopeBatcher<Envelope>>().KeepAsync),
            provider => Intake(provider).CommitAsync);
    }

    private static InboundMailIntake Intake(IServiceProvider provider) => provider.GetRequiredService<InboundMailIntake>();
}

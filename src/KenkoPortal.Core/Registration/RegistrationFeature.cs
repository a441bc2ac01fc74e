using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Registration;

/// <summary>Registers what the feature consists of.</summary>
internal static class RegistrationFeature
{
    public static IServiceCollection AddRegistration(this IServiceCollection services) => services
        .AddScoped<RegistrationService>()
        .AddScoped<AccountRecovery>()
        .AddScoped<IAskAnswer, RegistrationLinks>()
        .AddScoped<IMailTemplate, RegistrationLinkMail>()
        .AddScoped<IMailTemplate, RegistrationFormMail>()
        .AddScoped<IMailTemplate, RegisteredMail>()
        .AddScoped<IMailTemplate, StaffAlarmMail>()
        .AddScoped<IMailTemplate, RecoveredMail>()
        .AddScoped<IMailTemplate, RecoveryToldMail>()
        .AddScoped<RetentionRules, RegistrationRetention>();
}

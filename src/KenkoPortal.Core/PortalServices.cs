using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.InboundMail;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Links;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KenkoPortal.Core;

/// <summary>What a host (the web, a command, a test) needs to run the core.</summary>
public static class PortalServices
{
    /// <param name="services">The host's services.</param>
    /// <param name="database">Where the data are.</param>
    /// <param name="keys">The keys that are not in the database.</param>
    public static IServiceCollection AddPortalCore(this IServiceCollection services, PortalDatabase database, PortalKeys keys)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        services.AddSingleton(keys);
        services.AddDbContext<PortalContext>((_, options) => database.Configure(options));
        services.AddScoped<CurrentSociety>().AddScoped<CurrentActor>().AddScoped<UnitOfWork>().AddScoped<AuditTrail>().AddScoped<AuditSealing>();
        services.AddScoped<SocietyDirectory>().AddScoped<SocietySettings>();
        services.AddSingleton<SocietyScopes>();
        services.AddSingleton<HashingGate>().AddSingleton<PasswordHashing>();
        services.AddScoped<Sessions>().AddScoped<LoginService>().AddScoped<AccountSecurity>().AddScoped<ProfileService>().AddScoped<AccountSupport>();
        services.AddScoped<Visibility>();
        services.AddScoped<MailAsks>().AddScoped<AskDecisions>().AddScoped<BounceDecisions>();
        services.AddScoped<RegistrationService>().AddScoped<ReissueService>();
        services.AddScoped<IAskAnswer, RegistrationLinks>().AddScoped<IAskAnswer, ReissueMails>();
        services.AddScoped<Outbox>().AddScoped<LinkClicks>().AddSingleton<ReturnPaths>();
        services.AddScoped<IMailTemplate, RegistrationLinkMail>().AddScoped<IMailTemplate, RegisteredMail>().AddScoped<IMailTemplate, StaffAlarmMail>();
        services.AddScoped<IMailTemplate, ReissueLinkMail>();
        services.AddScoped<IMailTemplate, AddressConfirmationMail>().AddScoped<IMailTemplate, PasswordChangedMail>().AddScoped<IMailTemplate, ProfileChangedMail>();
        services.AddScoped<LetterIssue>();
        services.AddSingleton<JobBell>();
        return services;
    }
}

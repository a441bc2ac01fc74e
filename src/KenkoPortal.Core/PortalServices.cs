using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Data.Backup;
using KenkoPortal.Core.Data.Sqlite;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.GenericDrugs.Import;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.MedicalCosts.Tax;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Core.News;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.ReceivedClaims.Import;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Core.Statistics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Core;

/// <summary>What a host (the web, a command, a test) needs to run the core.</summary>
public static class PortalServices
{
    /// <summary>Contexts that wait in the pool, on SQLite each with its connection.</summary>
    private const int MostIdleContexts = 32;

    /// <param name="services">The host's services.</param>
    /// <param name="database">Where the data are.</param>
    /// <param name="keys">The keys that are not in the database.</param>
    public static IServiceCollection AddPortalCore(this IServiceCollection services, PortalDatabase database, PortalKeys keys)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(NoticeHours.Usual);
        services.AddSingleton(database);
        services.AddSingleton(keys);
        // Pooled: to make a context's services anew costs a request more than its query.
        services.AddPooledDbContextFactory<PortalContext>(options => database.Configure(options), MostIdleContexts);
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PortalContext>>().CreateDbContext().For(provider.GetRequiredService<CurrentSociety>()));
        services.AddScoped<CurrentSociety>().AddScoped<CurrentActor>().AddScoped<UnitOfWork>().AddScoped<AuditTrail>().AddScoped<AuditReading>().AddScoped<AuditSealing>();
        services.AddScoped<SocietyDirectory>().AddScoped<OwnerWork>().AddScoped(provider => provider.GetRequiredService<OwnerWork>().Create<SocietySettings>(provider))
            .AddScoped(provider => provider.GetRequiredService<OwnerWork>().Create<MemberListHeadingsDesk>(provider));
        services.AddSingleton<SocietyScopes>().AddSingleton<SocietiesVersion>().AddSingleton<SocietyIndex>().AddSingleton(typeof(KeptRows<>));
        services.AddSingleton<HashingGate>().AddSingleton<PasswordHashing>();
        services.AddSingleton<LoginQuery>().AddScoped<Sessions>().AddScoped<LoginService>().AddScoped<AccountSecurity>().AddScoped<CurrentPassword>().AddScoped<PasswordContexts>().AddScoped<ProfileService>().AddScoped<DisclosureEnding>().AddScoped<DisclosureChoices>().AddScoped<DisclosureDesk>().AddScoped<AccountSupport>();
        services.AddScoped<SharedAddresses>().AddScoped<Protection>().AddScoped<ProtectionDesk>().AddScoped<IMailRecipients, TrustedRecipients>().AddScoped<NoticeHold>().AddScoped<AccountRecovery>();
        services.AddSingleton<HouseholdQuery>().AddScoped<KnownHousehold>().AddScoped<Visibility>();
        services.AddSingleton<NoticeQueries>().AddSingleton<SeenMonths>().AddScoped<NoticeReading>().AddScoped<HiddenLines>().AddScoped<LineHiding>().AddSingleton<TaxPrint>().AddScoped<NationalFiles>();
        services.AddScoped<MailAsks>().AddScoped<AskDecisions>().AddScoped<BounceDecisions>();
        services.AddScoped<RegistrationService>().AddScoped<ReissueService>();
        services.AddScoped<IAskAnswer, RegistrationLinks>().AddScoped<IAskAnswer, ReissueMails>();
        services.AddScoped<Outbox>().AddScoped<LinkClicks>().AddScoped<MailUse>().AddScoped<SuppressionList>().AddScoped<MailDesk>().AddSingleton<ReturnPaths>();
        services.AddScoped<IMailTemplate, RegistrationLinkMail>().AddScoped<IMailTemplate, RegisteredMail>().AddScoped<IMailTemplate, StaffAlarmMail>();
        services.AddScoped<IMailTemplate, RecoveredMail>().AddScoped<IMailTemplate, RecoveryToldMail>();
        services.AddScoped<IMailTemplate, ReissueLinkMail>().AddScoped<IMailTemplate, BounceAlarmMail>();
        services.AddScoped<IMailTemplate, AddressConfirmationMail>().AddScoped<IMailTemplate, AddressAskedMail>();
        services.AddScoped<IMailTemplate, PasswordChangedMail>().AddScoped<IMailTemplate, ProfileChangedMail>().AddScoped<IMailTemplate, AccountRemovedMail>();
        services.AddScoped<BulkWrites>().AddScoped<MemberListImport>().AddScoped<PersonRows>().AddScoped<PersonJoining>().AddScoped<PersonSearch>().AddScoped<ReachFigures>().AddScoped<ClaimFilesImport>().AddScoped<DrugListImport>();
        services.AddScoped<LetterIssue>();
        services.AddSingleton<ArticleQueries>().AddScoped<NewsReading>().AddScoped<ArticleDesk>();
        services.AddSingleton<DrugCatalogues>().AddScoped<GenericNotices>().AddScoped<GenericExplanation>();
        services.AddScoped<ClaimOwners>().AddScoped<ClaimChoice>().AddScoped<NoticeComputation>().AddScoped<PublicationService>().AddScoped<PublicationPlan>().AddScoped<NoticeSeen>().AddScoped<NoticeMailStop>().AddScoped<NoticeSupport>();
        services.AddScoped<NoticeMailing>().AddScoped<IMailTemplate, NoticeMail>();
        services.AddSingleton<JobBell>();
        services.AddSingleton<JobLeases>().AddScoped<Housekeeping>();
        services.AddSingleton<Migrator>().AddSingleton<SqliteMaintenance>().AddSingleton<PortalBackup>().AddSingleton<PortalRestore>();
        services.AddScoped<AskCaps>().AddScoped<AuditTallies>();
        services.AddScoped<IMailTemplate, RegistrationFormMail>().AddScoped<IMailTemplate, PostmasterForward>().AddScoped<IMailTemplate, AsksWaitMail>();
        services.AddOptions<InboundRateOptions>();
        services.AddSingleton(provider => new InboundRates(provider.GetRequiredService<IOptions<InboundRateOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<InboundMailIntake>();
        return services;
    }

    /// <summary>The jobs, to be run on demand by <see cref="PortalJobs"/>; a host that serves adds <see cref="JobRunner"/> as a hosted service.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="transport">Makes the way out of the house (<see cref="MailTransports.Create"/>); called once for each lane.</param>
    public static IServiceCollection AddPortalJobs(this IServiceCollection services, Func<IServiceProvider, IMailTransport> transport)
    {
        services.AddScoped<Mailer>().AddSingleton<SendingTurn>().AddSingleton<PortalJobs>();
        services.AddSingleton<IPortalJob, AskJob>().AddSingleton<IPortalJob, BounceJob>().AddSingleton<IPortalJob, BounceAgeJob>();
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

        services.AddSingleton<IPortalJob, NoticeMailJob>();
        services.AddSingleton<IPortalJob, AuditJob>().AddSingleton<IPortalJob, ExpiryJob>().AddSingleton<IPortalJob, RetentionJob>();
        services.AddSingleton<IPortalJob>(provider => provider.GetRequiredService<SqliteMaintenance>());
        return services;
    }
}

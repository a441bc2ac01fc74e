using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Accounts;

/// <summary>Registers what the feature consists of.</summary>
internal static class AccountsFeature
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddSingleton<HashingGate>()
        .AddSingleton<PasswordHashing>()
        .AddSingleton<LoginQuery>()
        .AddScoped<PasswordContexts>()
        .AddScoped<CurrentPassword>()
        .AddScoped<LoginService>()
        .AddScoped<Sessions>()
        .AddScoped<AccountSecurity>()
        .AddScoped<ProfileService>().AddScoped<AddressChanges>()
        .AddScoped<DisclosureDesk>()
        .AddScoped<SharedAddresses>()
        .AddScoped<Protection>()
        .AddScoped<ProtectionDesk>()
        .AddScoped<IMailRecipients, TrustedRecipients>()
        .AddScoped<NoticeHold>()
        .AddScoped<SuppressionList>()
        .AddScoped<MailUse>()
        .AddScoped<AccountSupport>()
        .AddScoped<PersonSearch>()
        .AddScoped<IMailTemplate, AddressConfirmationMail>()
        .AddScoped<IMailTemplate, AddressAskedMail>()
        .AddScoped<IMailTemplate, PasswordChangedMail>()
        .AddScoped<IMailTemplate, ProfileChangedMail>()
        .AddScoped<IMailTemplate, AccountRemovedMail>()
        .AddScoped<RetentionRules, AccountRetention>()
        .AddScoped<RetentionRules, MailedLinkRetention<AddressConfirmation>>();
}

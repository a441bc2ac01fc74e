using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Reissue;

/// <summary>Registers what the feature consists of.</summary>
internal static class ReissueFeature
{
    public static IServiceCollection AddReissue(this IServiceCollection services) => services
        .AddScoped<ReissueService>()
        .AddScoped<IAskAnswer, ReissueMails>()
        .AddScoped<IMailTemplate, ReissueLinkMail>()
        .AddScoped<RetentionRules, MailedLinkRetention<ReissueRequest>>();
}

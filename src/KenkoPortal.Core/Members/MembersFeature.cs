using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Members.Import;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Members;

/// <summary>Registers what the feature consists of.</summary>
internal static class MembersFeature
{
    public static IServiceCollection AddMembers(this IServiceCollection services) => services
        .AddScoped<MemberListImport>()
        .AddScoped(provider => provider.GetRequiredService<OwnerWork>().Create<MemberListHeadingsDesk>(provider))
        .AddScoped<PersonJoining>()
        .AddScoped<RetentionRules, MemberRetention>();
}

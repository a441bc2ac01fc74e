using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.News;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Core.Statistics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KenkoPortal.Core;

/// <summary>What a host (the web, a command, a test) needs to run the core. Each feature registers itself.</summary>
public static class PortalServices
{
    /// <param name="services">The host's services.</param>
    /// <param name="database">Where the data are.</param>
    /// <param name="keys">The keys that are not in the database.</param>
    public static IServiceCollection AddPortalCore(this IServiceCollection services, PortalDatabase database, PortalKeys keys)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddData(database, keys)
            .AddSocieties()
            .AddAudit()
            .AddJobs()
            .AddMail()
            .AddMailedLinks()
            .AddMembers()
            .AddLetters()
            .AddAccounts()
            .AddRegistration()
            .AddReissue()
            .AddSharing()
            .AddPublication()
            .AddReceivedClaims()
            .AddMedicalCosts()
            .AddGenericDrugs()
            .AddNews()
            .AddStatistics()
            .AddDataMaintenance();
    }
}

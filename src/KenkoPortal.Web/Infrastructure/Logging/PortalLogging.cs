using KenkoPortal.Members.Web.MemberSessions;

namespace KenkoPortal.Web.Infrastructure.Logging;

/// <summary>
/// Structured logs without personal data: one JSON object a line, so that nothing that is logged can forge a line. Request paths are
/// not logged, for a mailed link's path is a secret; database parameters never are.
/// </summary>
public static class PortalLogging
{
    public static void AddPortalLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            json.IncludeScopes = false;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Http.Timeouts", LogLevel.None); // FaultAnswers tells it, without the stack
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
        builder.Logging.AddFilter(typeof(PortalAuthentication).FullName, LogLevel.Warning); // each page of a stranger is a "challenge"
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Logging.AddFilter("Npgsql", LogLevel.None);
    }
}

using KenkoPortal.Members.Web.Frames;
using KenkoPortal.Members.Web.Limits;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Member.Notices;
using Microsoft.AspNetCore.Authentication;

namespace KenkoPortal.Members.Web;

/// <summary>Registers the pages of strangers and members, their sessions and their limits.</summary>
public static class MembersWeb
{
    /// <param name="services">The program's services.</param>
    /// <param name="naming">How the log names the source of a refused request.</param>
    public static void AddMembersWeb(this IServiceCollection services, SourceNaming naming)
    {
        services.AddSingleton(naming);
        services.AddSingleton<PortalCookies>().AddSingleton<ProtectedForms>().AddSingleton<KeptPages>();
        services.AddSingleton<NetworkThrottle>().AddSingleton<RefusedAttempts>().AddSingleton<Downloads>();
        services.AddAuthentication(PortalAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, PortalAuthentication>(PortalAuthentication.SchemeName, configureOptions: null);
        services.AddRazorPages(pages =>
        {
            pages.Conventions.AuthorizeFolder("/Member");
            pages.Conventions.AddPageRoute("/Member/MedicalCosts/File", "/medical-costs/{year:year}/{file:noticefile}");
            pages.Conventions.ConfigureFilter(new PageFrameFilter());
        });
        services.Configure<RouteOptions>(routes =>
        {
            routes.ConstraintMap["month"] = typeof(MonthConstraint);
            routes.ConstraintMap["year"] = typeof(YearConstraint);
            routes.ConstraintMap["noticefile"] = typeof(NoticeFileConstraint);
        });
    }

    /// <summary>Finds the member, then counts the request. The order matters: limits count members by account.</summary>
    public static void UseMembersWeb(this IApplicationBuilder app)
    {
        app.UseMiddleware<MemberBySession>();
        app.UseAuthentication();
        app.UseMiddleware<NetworkLimits>();
    }

    /// <summary>Maps what answers without a page.</summary>
    public static void MapMembersWeb(this IEndpointRouteBuilder app, bool isProduction)
    {
        app.MapTextSize(isProduction);
        app.MapOldAddresses();
    }
}

using Microsoft.AspNetCore.Authentication;

namespace KenkoPortal.Staff.Web;

/// <summary>Registers the staff side: a listener of its own, sessions of its own, pages of its own.</summary>
public static class StaffWeb
{
    public static void AddStaffWeb(this IServiceCollection services) =>
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, StaffAuthentication>(StaffAuthentication.SchemeName, configureOptions: null);

    /// <summary>
    /// Takes every request of the staff listener away from the members' side. Until the staff side has pages, each address is one that does not
    /// exist.
    /// </summary>
    /// <param name="app">The pipeline, before the members' part.</param>
    /// <param name="port">The staff listener's port; null where there is none.</param>
    public static void UseStaffWeb(this IApplicationBuilder app, int? port)
    {
        if (port is null)
        {
            return;
        }

        app.MapWhen(context => context.Connection.LocalPort == port, staff => staff.Run(context => context.ChallengeAsync(StaffAuthentication.SchemeName)));
    }
}

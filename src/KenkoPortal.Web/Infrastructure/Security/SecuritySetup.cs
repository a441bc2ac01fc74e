using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Antiforgery;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>Registers authorization, answers to faults and form tokens.</summary>
public static class SecuritySetup
{
    public static void AddPortalSecurity(this IServiceCollection services, bool isProduction)
    {
        services.AddAuthorization();
        services.AddExceptionHandler<FaultAnswers>();
        services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = PortalCookies.Prefix(isProduction) + PortalCookies.FormName;
            forms.Cookie.SecurePolicy = isProduction ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            forms.Cookie.SameSite = SameSiteMode.Lax;
            forms.Cookie.HttpOnly = true;
            forms.Cookie.Path = "/";
            forms.FormFieldName = "form-token";
            forms.HeaderName = null;
            forms.SuppressXFrameOptionsHeader = true;
        });
        var framework = services.Last(service => service.ServiceType == typeof(IAntiforgery));
        services.AddSingleton<IAntiforgery>(provider => ActivatorUtilities.CreateInstance<KeptFormTokens>(
            provider, ActivatorUtilities.CreateInstance(provider, framework.ImplementationType!)));
    }
}

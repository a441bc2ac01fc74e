namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Headers of every answer (row I5). Nothing is loaded from elsewhere, no script or style stands in a page, nothing is stored by
/// browsers or proxies but the static files.
/// </summary>
public sealed class SecurityHeaders(RequestDelegate next, IHostEnvironment environment)
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private readonly bool _isProduction = environment.IsProduction();

    public Task InvokeAsync(HttpContext context)
    {
        // At the last moment, for a fault's answer begins by clearing what was set.
        context.Response.OnStarting(
            static state =>
            {
                var (self, response) = ((SecurityHeaders, HttpResponse))state;
                self.Set(response);
                return Task.CompletedTask;
            },
            (this, context.Response));
        return next(context);
    }

    private void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (_isProduction)
        {
            headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        }

        if (response.StatusCode >= 400 || headers.SetCookie.Count > 0 || !headers.CacheControl.ToString().Contains("max-age", StringComparison.Ordinal))
        {
            headers.CacheControl = "no-store";
            headers.Pragma = default;
            headers.Expires = default;
        }
    }
}

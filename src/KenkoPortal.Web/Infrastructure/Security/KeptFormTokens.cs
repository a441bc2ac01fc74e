using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Gives a member the same form token for some minutes instead of opening and sealing one for each page. It is
/// bound as ever to the form cookie and the account, by which it is kept; forms that come in are checked by the framework alone.
/// </summary>
public sealed class KeptFormTokens(IAntiforgery framework, IOptions<AntiforgeryOptions> options) : IAntiforgery, IDisposable
{
    /// <summary>About a kilobyte each.</summary>
    private const int Most = 4096;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = Most });

    private readonly string _cookie = options.Value.Cookie.Name!;

    public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext)
    {
        var account = httpContext.User.FindFirstValue(ClaimTypes.NameIdentifier);
        if (account is null || httpContext.Request.Cookies[_cookie] is not { Length: > 0 } cookie)
        {
            return framework.GetAndStoreTokens(httpContext);
        }

        if (_kept.TryGetValue((cookie, account), out AntiforgeryTokenSet? known))
        {
            return known!;
        }

        var made = framework.GetAndStoreTokens(httpContext);
        // With a cookie token in it the visitor's cookie was none of ours, and goes.
        return made.CookieToken is null
            ? _kept.Set((cookie, account), made, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept })
            : made;
    }

    public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => framework.GetTokens(httpContext);

    public Task<bool> IsRequestValidAsync(HttpContext httpContext) => framework.IsRequestValidAsync(httpContext);

    public Task ValidateRequestAsync(HttpContext httpContext) => framework.ValidateRequestAsync(httpContext);

    public void SetCookieTokenAndHeader(HttpContext httpContext) => framework.SetCookieTokenAndHeader(httpContext);

    public void Dispose() => _kept.Dispose();
}

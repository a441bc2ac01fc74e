using KenkoPortal.Core.Accounts;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Answers 429 with Retry-After where one network address posts too much. A device that logged in to the account before is not
/// limited, since a whole firm may share one address (row A6).
/// </summary>
public sealed class NetworkLimits(RequestDelegate next, NetworkThrottle throttle, PortalCookies cookies)
{
    /// <summary>Paths that are limited, each with the counter that it falls on, and whether its form names an account: only there does a device count as the account's.</summary>
    private static readonly Dictionary<string, (string Purpose, bool NamesAccount)> Limited = new(StringComparer.Ordinal)
    {
        ["/login"] = ("login", true),
        ["/register/login"] = ("login", false),
        ["/reissue/login"] = ("login", true),
        ["/register"] = ("ask", false),
        ["/reissue"] = ("ask", false),
    };

    public async Task InvokeAsync(HttpContext context, LoginService logins)
    {
        if (!HttpMethods.IsPost(context.Request.Method)
            || !Limited.TryGetValue((context.Request.Path.Value ?? "").TrimEnd('/').ToLowerInvariant(), out var limit)
            || (limit.NamesAccount && await IsKnownDeviceAsync(context, logins))
            || throttle.TryAttempt(limit.Purpose, context.Connection.RemoteIpAddress) is not { } wait)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<bool> IsKnownDeviceAsync(HttpContext context, LoginService logins)
    {
        var devices = cookies.Devices(context.Request);
        if (devices.Count == 0)
        {
            return false;
        }

        var form = await context.Request.ReadFormOrNoneAsync();
        return await logins.IsKnownDeviceAsync(form["Input.LoginId"].ToString(), devices, context.RequestAborted);
    }
}

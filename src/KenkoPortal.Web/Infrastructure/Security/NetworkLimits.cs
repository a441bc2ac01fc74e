using System.Net;
using KenkoPortal.Core.Accounts;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Answers 429 with Retry-After where one source posts too much. A member is counted by account, and a device that logged in to the account before by
/// itself, since a whole firm may share one network address; everybody else by address (row A6).
/// </summary>
public sealed class NetworkLimits(RequestDelegate next, NetworkThrottle throttle, PortalCookies cookies)
{
    /// <summary>Paths that are limited, each with the counter that it falls on, and whether its form names an account: only there does a device count as the account's.</summary>
    private static readonly Dictionary<string, (string Purpose, bool NamesAccount)> Limited = new(StringComparer.Ordinal)
    {
        ["/login"] = ("login", true),
        ["/register/login"] = ("login", false),
        ["/register/account"] = ("login", false),
        ["/reissue/login"] = ("login", true),
        ["/reissue/password"] = ("login", false),
        ["/register"] = ("ask", false),
        ["/reissue"] = ("ask", false),
    };

    public async Task InvokeAsync(HttpContext context, LoginService logins)
    {
        // The page of a refusal is made by the same request once more.
        if (!HttpMethods.IsPost(context.Request.Method) || context.IsErrorPage() || await TryAsync(context, logins) is not { } wait)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<TimeSpan?> TryAsync(HttpContext context, LoginService logins)
    {
        var path = (context.Request.Path.Value ?? "").TrimEnd('/').ToLowerInvariant();

        // Whoever posts too much may still log out (row A14): it costs no hashing, and ends what could post.
        if (context.SignedIn() is { } member && path != "/logout" && throttle.TryAttempt("member", member.AccountId) is { } wait)
        {
            return wait;
        }

        if (!Limited.TryGetValue(path, out var limit))
        {
            return null;
        }

        var device = limit.NamesAccount ? await KnownDeviceAsync(context, logins) : null;
        return TryAttempt(limit.Purpose, device, context.Connection.RemoteIpAddress);
    }

    /// <summary>
    /// A known device has a count of its own, so that no other of the account's shuts it out (row A10). But each new browser that logs in becomes one: what
    /// all of an account post together beyond the limit counts by address, as strangers' do.
    /// </summary>
    private TimeSpan? TryAttempt(string purpose, KnownDevice? device, IPAddress? address)
    {
        if (device is null)
        {
            return throttle.TryAttempt(purpose, address);
        }

        return throttle.TryAttempt("device", device.Id)
            ?? (throttle.TryAttempt("devices", device.AccountId) is null ? null : throttle.TryAttempt(purpose, address));
    }

    private async Task<KnownDevice?> KnownDeviceAsync(HttpContext context, LoginService logins)
    {
        var devices = cookies.Devices(context.Request);
        if (devices.Count == 0)
        {
            return null;
        }

        var form = await context.Request.ReadFormOrNoneAsync();
        return await logins.KnownDeviceAsync(form["Input.LoginId"].ToString(), devices, context.RequestAborted);
    }
}

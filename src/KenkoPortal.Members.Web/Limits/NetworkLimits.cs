using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.Requests;
using KenkoPortal.Members.Web.MemberSessions;

namespace KenkoPortal.Members.Web.Limits;

/// <summary>
/// Answers 429 with Retry-After where one source posts too much. A member is counted by account; a device that logged in to the account before, and a
/// mailed link that lives, by itself, since a whole firm may share one network address; everybody else by address, the firms that the society named with a rate of their own
/// (row A6). Login, registration and reissue count apart.
/// </summary>
public sealed class NetworkLimits(RequestDelegate next, NetworkThrottle throttle, InboundRates rates, PortalCookies cookies, RefusedAttempts refusals)
{
    private const string Login = "login";
    private const string Registration = "registration";
    private const string Reissue = "reissue";
    private const string Ask = "ask";

    /// <summary>Paths that are limited, each with the counter that it falls on.</summary>
    private static readonly Dictionary<string, string> Limited = new(StringComparer.Ordinal)
    {
        ["/login"] = Login,
        ["/register/login"] = Registration,
        ["/register/account"] = Registration,
        ["/reissue/login"] = Reissue,
        ["/reissue/password"] = Reissue,
        ["/register"] = Ask,
        ["/reissue"] = Ask,
    };

    /// <summary>What a network that asks too much is told to wait. Its bucket gives one ask more after a few seconds.</summary>
    private static readonly TimeSpan AskPause = TimeSpan.FromMinutes(1);

    /// <summary>Forms that name an account: only there does a device count as the account's.</summary>
    private static readonly string[] NamingAccounts = ["/login", "/reissue/login"];

    public async Task InvokeAsync(HttpContext context, LoginService logins, CurrentSociety society)
    {
        // The page of a refusal is made by the same request once more.
        if (context.IsErrorPage() || (HttpMethods.IsPost(context.Request.Method) ? await TryAsync(context, logins, society) : TryLook(context)) is not ({ } wait, var count))
        {
            await next(context);
            return;
        }

        refusals.TellOfLimit(context, count);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A look at another's notice leaves an event, and a file takes work: a member's looks are counted, a stranger's reach neither (row M12).</summary>
    private (TimeSpan Wait, NetworkCount Count)? TryLook(HttpContext context) => context.SignedIn() is { } member ? Refusal(NetworkThrottle.LooksOf(member.AccountId)) : null;

    private async Task<(TimeSpan Wait, NetworkCount Count)?> TryAsync(HttpContext context, LoginService logins, CurrentSociety society)
    {
        var path = (context.Request.Path.Value ?? "").TrimEnd('/').ToLowerInvariant();

        // Whoever posts too much may still log out (row A14): it costs no hashing, and ends what could post.
        if (context.SignedIn() is { } member && path != "/logout" && Refusal(NetworkThrottle.CountOf("member", member.AccountId)) is { } refused)
        {
            return refused;
        }

        if (!Limited.TryGetValue(path, out var form))
        {
            return null;
        }

        var count = await LiveLinkAsync(context, form) is { } link ? NetworkThrottle.LinkOf(link)
            : NamingAccounts.Contains(path) && await KnownDeviceAsync(context, logins) is { } device ? CountOf(device, form, context, society)
            : ByAddress(form, context, society);
        context.Features.Set(new CountedAttempt(form, count));
        return Refusal(count) ?? (form == Ask && society.IsKnown && !rates.TryForm(society.Id, context.Connection.RemoteIpAddress, IsOffice(context, society)) ? (AskPause, count) : null);
    }

    private (TimeSpan Wait, NetworkCount Count)? Refusal(NetworkCount count) => throttle.TryAttempt(count) is { } wait ? (wait, count) : null;

    private static NetworkCount ByAddress(string form, HttpContext context, CurrentSociety society) => NetworkThrottle.CountOf(
        form, context.Connection.RemoteIpAddress, IsOffice(context, society) ? NetworkRate.OfOffice(society.Society.OfficeLoginsPerMinute) : NetworkRate.Usual);

    private static bool IsOffice(HttpContext context, CurrentSociety society) =>
        context.Connection.RemoteIpAddress is { } address && society is { IsKnown: true, Society.OfficeNetworks: { Length: > 0 } stated }
        && OfficeNetworks.TryParse(stated, out var networks) && networks.Contains(address);

    /// <summary>
    /// A known device has a count of its own, so that no other of the account's shuts it out (row A10). But each new browser that logs in becomes one: what
    /// all of an account post together beyond the limit counts by address, as strangers' do.
    /// </summary>
    private NetworkCount CountOf(KnownDevice device, string form, HttpContext context, CurrentSociety society)
    {
        var own = NetworkThrottle.CountOf("device", device.Id);
        return throttle.IsFull(own) || throttle.TryAttempt(NetworkThrottle.CountOf("devices", device.AccountId)) is null ? own : ByAddress(form, context, society);
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

    /// <summary>The mailed link under which the form is posted. Its own five failures end it, so that strangers need not count against it.</summary>
    private async Task<Guid?> LiveLinkAsync(HttpContext context, string form)
    {
        if (form is not (Registration or Reissue) || cookies.Link(context.Request) is not { } link)
        {
            return null;
        }

        var state = form == Registration
            ? await context.RequestServices.GetRequiredService<RegistrationService>().LinkStateAsync(link, context.RequestAborted)
            : await context.RequestServices.GetRequiredService<ReissueService>().LinkStateAsync(link, context.RequestAborted);
        return state.IsAlive ? link : null;
    }
}

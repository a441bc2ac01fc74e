using KenkoPortal.Core.Common;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.Pages;

namespace KenkoPortal.Members.Web.MemberSessions;

/// <summary>The step of a flow whose session a cookie holds.</summary>
public enum StepCookie
{
    Registration,
    Reissue,
}

/// <summary>What the next page says was done, once.</summary>
public enum DoneMark
{
    ProfileSaved,
    AddressWithdrawn,
    ProofSent,
    PasswordSaved,
    LineSaved,
    LoggedOut,
    DeviceForgotten,
}

/// <summary>Why the login page comes in place of the page that was asked for.</summary>
public enum LoginReason
{
    /// <summary>The visitor was not logged in.</summary>
    None,

    /// <summary>The session is over.</summary>
    Ended,

    /// <summary>The session is over, and a form was sent that nobody saved.</summary>
    Unsaved,

    /// <summary>Too many wrong 現在のパスワード ended it.</summary>
    WrongPasswords,
}

/// <summary>
/// The portal's cookies: HttpOnly, SameSite=Lax (a Strict cookie is missing after a click in webmail), Path=/, and <c>__Host-</c> with
/// Secure in Production, where the origin is https.
/// </summary>
public sealed class PortalCookies(IHostEnvironment environment, PortalKeys keys)
{
    /// <summary>The framework's, for form tokens.</summary>
    public const string FormName = "kenko-form";

    private const int MostDevices = 5;

    /// <summary>A browser is at the next page in seconds.</summary>
    private static readonly TimeSpan DoneLifetime = TimeSpan.FromMinutes(1);

    /// <summary>The visitor looks for the password first.</summary>
    private static readonly TimeSpan ReasonLifetime = TimeSpan.FromMinutes(30);

    private readonly bool _isSecure = environment.IsProduction();

    public static string Prefix(bool isProduction) => isProduction ? "__Host-" : "";

    public string? Session(HttpRequest request) => request.Cookies[Name("kenko")];

    /// <summary>Ends with the browser; the server ends it earlier.</summary>
    public void SetSession(HttpResponse response, string token) => Set(response, "kenko", token, lifetime: null);

    public void DropSession(HttpResponse response) => Drop(response, "kenko");

    /// <summary>Notes for the login page why it comes, and where the visitor wanted to go. A cookie, since an address of a page names a person.</summary>
    /// <param name="response">The answer that leads to the login page.</param>
    /// <param name="reason">Why.</param>
    /// <param name="path">Where the login leads on to; Home where it is none of the known pages.</param>
    public void SetLoginReason(HttpResponse response, LoginReason reason, string path) =>
        Set(response, "kenko-login", $"{(int)reason}{(PageRoutes.IsReturnPath(path) ? path : PageRoutes.Home)}", ReasonLifetime);

    /// <summary>What <see cref="SetLoginReason"/> noted. A value that is none of ours leads to Home.</summary>
    public (LoginReason Reason, string Path) LoginReasonOf(HttpRequest request) =>
        request.Cookies[Name("kenko-login")] is { Length: > 1 } value && Enum.TryParse<LoginReason>(value[..1], out var reason) && PageRoutes.IsReturnPath(value[1..])
            ? (reason, value[1..])
            : (LoginReason.None, PageRoutes.Home);

    public void DropLoginReason(HttpRequest request, HttpResponse response)
    {
        if (request.Cookies.ContainsKey(Name("kenko-login")))
        {
            Drop(response, "kenko-login");
        }
    }

    public string? Step(HttpRequest request, StepCookie step) => request.Cookies[Name(StepName(step))];

    public void SetStep(HttpResponse response, StepCookie step, string token) => Set(response, StepName(step), token, lifetime: null);

    public void DropStep(HttpResponse response, StepCookie step) => Drop(response, StepName(step));

    /// <summary>The mailed link that was followed last, signed; the token itself stands in no cookie.</summary>
    public Guid? Link(HttpRequest request) => keys.Verify(KeyPurpose.LinkCookie, request.Cookies[Name("kenko-link")]);

    public void SetLink(HttpResponse response, Guid linkId, TimeSpan lifetime) =>
        Set(response, "kenko-link", keys.Sign(KeyPurpose.LinkCookie, linkId), lifetime);

    public void DropLink(HttpResponse response) => Drop(response, "kenko-link");

    /// <summary>The steps of registration and reissue whose sessions the browser shows.</summary>
    public IReadOnlyList<string> Steps(HttpRequest request) => [.. Enum.GetValues<StepCookie>().Select(step => Step(request, step)).OfType<string>()];

    /// <summary>Takes away what a flow of registration or reissue left: on a shared computer the next person would go on with it (row A19).</summary>
    /// <param name="request">What the browser shows; nothing else is dropped.</param>
    /// <param name="response">The answer.</param>
    /// <param name="keepsLink">The page that follows needs the link.</param>
    public void DropFlows(HttpRequest request, HttpResponse response, bool keepsLink)
    {
        foreach (var step in Enum.GetValues<StepCookie>().Where(step => Step(request, step) is not null))
        {
            DropStep(response, step);
        }

        if (!keepsLink && request.Cookies.ContainsKey(Name("kenko-link")))
        {
            DropLink(response);
        }
    }

    public void DropDevices(HttpResponse response) => Drop(response, "kenko-device");

    /// <summary>The devices that this browser proved to be: several where a family shares it.</summary>
    public IReadOnlyCollection<Guid> Devices(HttpRequest request) =>
    [
        .. (request.Cookies[Name("kenko-device")] ?? "").Split('.').Take(MostDevices)
            .Select(signed => keys.Verify(KeyPurpose.KnownDevice, signed)).OfType<Guid>(),
    ];

    public void AddDevice(HttpRequest request, HttpResponse response, Guid deviceId)
    {
        var devices = Devices(request).Where(id => id != deviceId).Prepend(deviceId).Take(MostDevices);
        var value = string.Join('.', devices.Select(id => keys.Sign(KeyPurpose.KnownDevice, id)));
        Set(response, "kenko-device", value, Core.Accounts.KnownDevice.Validity);
    }

    /// <summary>Leaves a mark for the page that follows. Only what was really done leaves one, so that no link makes a page say so.</summary>
    /// <param name="response">The answer that leads to that page.</param>
    /// <param name="mark">What was done.</param>
    /// <param name="subject">To what: an account, or the person whose tab it is.</param>
    public void SetDone(HttpResponse response, DoneMark mark, Guid subject) =>
        Set(response, "kenko-done", $"{mark}.{keys.Sign(KeyPurpose.DoneMark, subject)}", DoneLifetime);

    /// <summary>Whether the mark was left for this subject; it is taken away with the answer.</summary>
    public bool TakeDone(HttpRequest request, HttpResponse response, DoneMark mark, Guid subject)
    {
        var parts = (request.Cookies[Name("kenko-done")] ?? "").Split('.');
        if (parts is not [var name, var signed] || name != mark.ToString() || keys.Verify(KeyPurpose.DoneMark, signed) != subject)
        {
            return false;
        }

        Drop(response, "kenko-done");
        return true;
    }

    /// <summary>
    /// Whether a page that all strangers see alike stays the same with the cookie: the form's token and the text size are put into it, the devices only
    /// count when somebody logs in.
    /// </summary>
    public bool ChangesNoKeptPage(string name) => name == Name(FormName) || name == Name(TextSizeCode.CookieName) || name == Name("kenko-device");

    private static string StepName(StepCookie step) => step == StepCookie.Registration ? "kenko-registration" : "kenko-reissue";

    private string Name(string name) => Prefix(_isSecure) + name;

    private void Set(HttpResponse response, string name, string value, TimeSpan? lifetime) =>
        response.Cookies.Append(Name(name), value, Options(lifetime));

    private void Drop(HttpResponse response, string name) => response.Cookies.Delete(Name(name), Options(null));

    /// <summary>Max-Age, not Expires: members' clocks are wrong now and then.</summary>
    private CookieOptions Options(TimeSpan? lifetime) => new()
    {
        HttpOnly = true, Secure = _isSecure, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = lifetime,
    };
}

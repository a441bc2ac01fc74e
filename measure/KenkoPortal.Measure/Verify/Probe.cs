using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using KenkoPortal.Design.Fields;
using KenkoPortal.Measure.Support;
using KenkoPortal.Members.Web.Pages;
using KenkoPortal.Members.Web.Pages.Register;

namespace KenkoPortal.Measure.Verify;

/// <summary>Asks the same few things again and again, and counts how they were answered and after how long.</summary>
internal sealed class Probe(Stage stage, SignedInMember member, TimeSpan patience)
{
    /// <summary>The page that was asked for was not shown: the visitor stood elsewhere.</summary>
    public const string Elsewhere = "elsewhere";

    /// <summary>No answer within the patience, or a broken connection.</summary>
    public const string Silence = "none";

    /// <summary>A prime: whatever else counts with the asks, all of them are used.</summary>
    private const int Forms = 23;

    private readonly Dictionary<(string What, string Answer), int> _answers = [];
    private readonly Dictionary<string, Times> _times = new(StringComparer.Ordinal);
    private readonly List<Tests.Support.ShownPage> _forms = [];
    private readonly Lock _gate = new();
    private int _next;

    /// <summary>Addresses whose ask was acknowledged.</summary>
    public List<string> Acked { get; } = [];

    /// <summary>Pages that were shown although they should not have been, in words.</summary>
    public List<string> Open { get; } = [];

    /// <summary>Answers until now: of each thing, how often each answer.</summary>
    public string Words
    {
        get
        {
            lock (_gate)
            {
                return string.Join(", ", _answers.GroupBy(a => a.Key.What, StringComparer.Ordinal).Select(g =>
                    $"{g.Key} {string.Join(' ', g.OrderBy(a => a.Key.Answer, StringComparer.Ordinal).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key.Answer}×{a.Value}")))}{(_times.TryGetValue(g.Key, out var times) ? $" (max {Times.Of(times.At(1))})" : "")}"));
            }
        }
    }

    /// <summary>How often something was answered so.</summary>
    public int Count(string what, params string[] answers)
    {
        lock (_gate)
        {
            return _answers.Where(a => a.Key.What == what && answers.Contains(a.Key.Answer, StringComparer.Ordinal)).Sum(a => a.Value);
        }
    }

    /// <summary>Answers of something that are none of these, in words.</summary>
    public IEnumerable<string> Beside(string what, params string[] answers)
    {
        lock (_gate)
        {
            return [.. _answers.Where(a => a.Key.What == what && !answers.Contains(a.Key.Answer, StringComparer.Ordinal)).Select(a => string.Create(CultureInfo.InvariantCulture, $"{what}: {a.Value} × {a.Key.Answer}"))];
        }
    }

    /// <summary>How often it was asked.</summary>
    public int Asked(string what)
    {
        lock (_gate)
        {
            return _answers.Where(a => a.Key.What == what).Sum(a => a.Value);
        }
    }

    /// <summary>Forgets what was counted, not what was acknowledged.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _answers.Clear();
            _times.Clear();
        }
    }

    /// <summary>GET of the login page, whatever it shows.</summary>
    public Task LoginPageAsync() => NoteAsync("login page", async () => ((int)(await stage.Surfer.Browser(patience).OpenAsync(PageRoutes.Login)).Status).ToString(CultureInfo.InvariantCulture));

    /// <summary>GET of a page that only the member may see, with the member's session.</summary>
    public Task ProfileAsync() => NoteAsync("profile", async () =>
    {
        var page = await member.Browser.OpenAsync(PageRoutes.Profile);
        var shows = page.Html.Contains(member.LoginId, StringComparison.Ordinal);
        if (shows != (page.Status == HttpStatusCode.OK && page.Path == PageRoutes.Profile))
        {
            Open.Add($"{(int)page.Status} {page.Path}{(shows ? " with" : " without")} the member's data");
        }

        return page.Status == HttpStatusCode.OK && !shows ? Elsewhere : ((int)page.Status).ToString(CultureInfo.InvariantCulture);
    });

    /// <summary>The same page with a cookie that is nobody's: it must never be shown.</summary>
    public Task StrangerAsync() => NoteAsync("stranger", async () =>
    {
        var browser = stage.Surfer.Browser(patience);
        browser.Cookies.SetCookies(new Uri("https://127.0.0.1"), "__Host-kenko=c29tZWJvZHktd2hvLXdhbnRzLWluLWJ5LWEtc2lkZS1kb29y; path=/; secure");
        var page = await browser.OpenAsync(PageRoutes.Profile);
        if (page.Path == PageRoutes.Profile && page.Status == HttpStatusCode.OK)
        {
            Open.Add("a stranger was shown a member's page");
        }

        return ((int)page.Status).ToString(CultureInfo.InvariantCulture);
    });

    /// <summary>A login with the right password.</summary>
    public Task LogInAsync() => NoteAsync("login", async () =>
    {
        var browser = stage.Surfer.Browser(patience);
        var page = await browser.OpenAsync(PageRoutes.Login);
        if (page.Status != HttpStatusCode.OK)
        {
            return ((int)page.Status).ToString(CultureInfo.InvariantCulture);
        }

        var answer = await page.PressOnceAsync("ログイン", (FieldText.LoginId, member.LoginId), (FieldText.Password, Tests.Support.Journeys.Password));
        return ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
    });

    /// <summary>Opens forms in some browsers, for later: one address may ask thirty times a minute.</summary>
    public async Task OpenFormsAsync()
    {
        for (var i = 0; i < Forms; i++)
        {
            _forms.Add(await stage.Surfer.Browser(patience).OpenAsync(PageRoutes.Register));
        }
    }

    /// <summary>An ask on the web, through one of the forms.</summary>
    public Task AskAsync() => NoteAsync("ask", async () =>
    {
        var number = Interlocked.Increment(ref _next);
        var form = _forms[number % Forms];
        var address = string.Create(CultureInfo.InvariantCulture, $"probe{number}@visitor.test");
        var page = await form.PressAsync(RegisterText.Send, (FieldText.Address, address));
        Keep(page.Heading == RegisterText.SentTitle, address);
        return ((int)page.Status).ToString(CultureInfo.InvariantCulture);
    });

    /// <summary>An empty mail.</summary>
    public Task MailAsync(CancellationToken cancellationToken) => NoteAsync("mail", async () =>
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"probe{Interlocked.Increment(ref _next)}@phone.test");
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(patience);
        try
        {
            var code = await stage.Surfer.SendMailAsync(address, PortalStore.RegistrationAddress, late.Token);
            Keep(code == 250, address);
            return code?.ToString(CultureInfo.InvariantCulture) ?? Silence;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Silence;
        }
    });

    private void Keep(bool isAcked, string address)
    {
        if (isAcked)
        {
            lock (_gate)
            {
                Acked.Add(address);
            }
        }
    }

    private async Task NoteAsync(string what, Func<Task<string>> ask)
    {
        var startedAt = Stopwatch.GetTimestamp();
        string answer;
        try
        {
            answer = await ask();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or TimeoutException)
        {
            answer = Silence;
        }
        catch (Xunit.Sdk.XunitException)
        {
            answer = "another page";
        }

        lock (_gate)
        {
            _answers[(what, answer)] = _answers.GetValueOrDefault((what, answer)) + 1;
            if (!_times.TryGetValue(what, out var times))
            {
                _times.Add(what, times = new Times());
            }

            times.Add(Stopwatch.GetElapsedTime(startedAt));
        }
    }
}

using System.Globalization;
using System.Net;
using System.Text;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Tests.Fuzzing;

/// <summary>
/// Mutated requests over a socket: form fields, tokens of links and forms, cookies, headers and whole requests as bytes. They start
/// from the forms of every page as a member, a registering person and a stranger see them.
/// </summary>
public static class RequestFuzzer
{
    private static readonly string[] Targets =
    [
        "/", "/login", "/register", "/register/login", "/register/account", "/register/complete", "/reissue", "/reissue/login", "/reissue/password", "/profile", "/profile/password",
        "/profile/history", "/profile/confirm", "/profile/address", "/logout", "/text-size", "/medical-costs", "/generic-drugs", "/news", "/topics", "/link-expired", "/errors/404",
        "/healthz", "/kw21cu/user/login.jsf", "/kw21cu/clickCount/cc?r=", "/css/portal.css", "/dev/mail",
    ];

    /// <param name="kind">The database.</param>
    /// <param name="seed">Tells every input.</param>
    /// <param name="rounds">Requests to try.</param>
    /// <param name="connections">Open at a time; with one the run is the same each time.</param>
    /// <param name="progress">Told how many were tried, now and then.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<FuzzReport> RunAsync(
        DatabaseKind kind, ulong seed, long rounds, int connections = 1, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var count = new FuzzCount($"requests, {kind}", seed, progress);
        await using var stage = await Stage.SetAsync(kind);
        var next = -1L;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(
            async () =>
            {
                using var http = new RawHttp(stage.Portal.Origin!);
                for (long round; (round = Interlocked.Increment(ref next)) < rounds && !cancellationToken.IsCancellationRequested;)
                {
                    var dice = Dice.ForRound(seed, round);
                    var (request, isWhole) = stage.RequestOf(dice);
                    await TryAsync(count, round, request, isWhole ? http : null, stage);

                    // A member has thirty posts a minute (row A6); what comes after them would never reach a page.
                    stage.Portal.Clock.Advance(TimeSpan.FromSeconds(2));
                    if (round % 500 == 499)
                    {
                        // Time goes on: limits and sessions begin anew, and jobs send what was asked for.
                        stage.Portal.Clock.Advance(TimeSpan.FromMinutes(2));
                        await stage.RenewAsync();
                    }
                }
            },
            cancellationToken)));
        await stage.JudgeAsync(count, rounds);
        return count.Report();
    }

    /// <summary>Requests again, one after the other: lines of the corpus.</summary>
    public static async Task<FuzzReport> ReplayAsync(DatabaseKind kind, IReadOnlyList<byte[]> inputs)
    {
        var count = new FuzzCount($"requests, {kind}", 0, null);
        await using var stage = await Stage.SetAsync(kind);
        for (var i = 0; i < inputs.Count; i++)
        {
            await TryAsync(count, i, inputs[i], null, stage);
        }

        await stage.JudgeAsync(count, inputs.Count);
        return count.Report();
    }

    /// <param name="http">Null for what may be no whole request: then no answer is owed.</param>
    private static async Task TryAsync(FuzzCount count, long round, byte[] request, RawHttp? http, Stage stage)
    {
        count.Tried();
        try
        {
            var answer = http is null
                ? await RawHttp.SendBrokenAsync(stage.Portal.Origin!, request)
                : await http.SendAsync(request, request.AsSpan().StartsWith("HEAD "u8));
            if (answer is null)
            {
                if (http is not null)
                {
                    count.Crashed(round, "closed without an answer", request);
                }
            }
            else if (answer.Status is >= 500 and not (501 or 505) || answer.Status < 200)
            {
                count.Crashed(round, $"answered {answer.Status}", request);
            }
            else if (answer.Body.Contains("   at ", StringComparison.Ordinal) || answer.Body.Contains("Exception", StringComparison.Ordinal))
            {
                count.Crashed(round, "an answer that shows its inside", request);
            }
            else if (answer.Status is 200 or 303)
            {
                count.Accepted();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or FormatException or ArgumentException)
        {
            count.Crashed(round, $"no whole answer: {exception.GetType().Name}", request);
        }

        while (stage.Errors.TryDequeue(out var line))
        {
            count.Crashed(round, line, request);
        }
    }

    /// <summary>A form as it was shown, with the cookies under which it is sent.</summary>
    private sealed record Form(string Path, IReadOnlyList<KeyValuePair<string, string>> Fields, string Cookies);

    /// <summary>The portal with people on it, whose forms are mutated.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly List<string> _links = [];
        private readonly SemaphoreSlim _renewing = new(1, 1);
        private List<Form> _forms = [];

        private Stage(WebPortal portal) => Portal = portal;

        public WebPortal Portal { get; }

        public System.Collections.Concurrent.ConcurrentQueue<string> Errors { get; } = [];

        public static async Task<Stage> SetAsync(DatabaseKind kind)
        {
            var stage = new Stage(await WebPortal.StartAsync(kind, isOnSockets: true));
            stage.Portal.Services.GetRequiredService<ILoggerFactory>().AddProvider(new ErrorLog(stage.Errors));
            await stage.Portal.AsStaffAsync(async services =>
            {
                // The asks of the mutated forms must not use up those that show new forms.
                await services.GetRequiredService<SocietySettings>().ChangeAsync(
                    new Dictionary<string, string>(StringComparer.Ordinal) { ["mail-asks-per-hour"] = "1000000" }, CancellationToken.None);
                return 0;
            });
            var family = await stage.Portal.AddHouseholdAsync("本人", "妻", "長男");
            await stage.Portal.RegisterAsync(stage.Portal.Stranger(), family[0], "minato-taro");
            await stage.RenewAsync();
            return stage;
        }

        public async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            _renewing.Dispose();
        }

        /// <summary>Shows all forms anew to whoever may see them.</summary>
        public async Task RenewAsync()
        {
            await _renewing.WaitAsync();
            try
            {
                var forms = new List<Form>();
                var person = (await Portal.AddHouseholdAsync("本人"))[0];
                var letter = await Portal.GiveLetterAsync(person);
                var guest = Portal.Stranger();
                var address = $"hito{Portal.Clock.Now.UtcTicks}@example.jp";
                var login = await Portal.AskToRegisterAsync(guest, address);
                _links.Add(Visitor.LinkIn(Portal.Mail.To(address).Last()));
                forms.AddRange(FormsOf(login, guest));
                var account = await login.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", letter.ProvisionalPassword));
                forms.AddRange(FormsOf(account, guest));
                foreach (var path in new[] { "/login", "/register", "/reissue" })
                {
                    var stranger = Portal.Stranger();
                    forms.AddRange(FormsOf(await stranger.OpenAsync(path), stranger));
                }

                var member = Portal.Stranger();
                await member.LogInAsync("minato-taro");
                foreach (var path in new[] { "/", "/profile", "/profile/password", "/profile/history" })
                {
                    forms.AddRange(FormsOf(await member.OpenAsync(path), member));
                }

                var profile = await member.OpenAsync("/profile");
                if (profile.Path == "/profile")
                {
                    forms.AddRange(FormsOf(await profile.PressAsync("登録", ("メールアドレス3", "sansan@example.jp")), member));
                }

                forms.AddRange(await ReissueFormsAsync());
                _forms = forms;
            }
            finally
            {
                _renewing.Release();
            }
        }

        private async Task<IEnumerable<Form>> ReissueFormsAsync()
        {
            var forgetful = Portal.Stranger();
            await forgetful.AskReissueAsync("taro@example.jp");
            await Portal.RunJobsAsync();
            if (Portal.Mail.To("taro@example.jp").LastOrDefault(m => m.Subject == "パスワード再発行のご案内") is not { } mail)
            {
                return [];
            }

            _links.Add(Visitor.LinkIn(mail));
            var temporary = await forgetful.FollowAsync(mail);
            if (temporary.Status != HttpStatusCode.OK)
            {
                // The newest mail may be an older one, whose link is over: an address has its limits.
                return [];
            }

            var (loginId, password) = Steps.CredentialsIn(mail);
            var forms = FormsOf(temporary, forgetful).ToList();
            return [.. forms, .. FormsOf(await temporary.PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password)), forgetful)];
        }

        public (byte[] Bytes, bool IsWhole) RequestOf(Dice dice)
        {
            var form = dice.Of(_forms);
            var address = string.Create(CultureInfo.InvariantCulture, $"198.51.{dice.Below(256)}.{dice.Below(256)}");
            switch (dice.Below(10))
            {
                case 0:
                    return (Get(dice, Mutation.OfText(dice, dice.Of(Targets)), form.Cookies, address), true);
                case 1:
                    // The token of a link.
                    return (Get(dice, (dice.OneIn(3) ? "/kw21cu/clickCount/cc?r=" : "/c/") + Escaped(Mutation.OfText(dice, dice.Of(_links)[3..])), form.Cookies, address), true);
                case 2:
                    return (Get(dice, dice.Of(Targets), MutatedCookies(dice, form.Cookies), address), true);
                case 3:
                    return (Post(form with { Cookies = MutatedCookies(dice, form.Cookies) }, Body(MutatedFields(dice, form)), address), true);
                case 4:
                    return (Mutation.OfBytes(dice, Post(form, Body(form.Fields), address), []), false);
                case 5:
                    return (Post(form, Mutation.OfBytes(dice, Body(form.Fields), []), address, dice.Of(["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json", "text/plain", "application/x-www-form-urlencoded; charset=utf-7"])), true);
                case 6:
                    // Another page's form.
                    return (Post(form with { Path = dice.Of(_forms).Path }, Body(MutatedFields(dice, form)), address), true);
                default:
                    return (Post(form, Body(MutatedFields(dice, form)), address), true);
            }
        }

        /// <summary>Every write is whole: what a row is, its event says too.</summary>
        public async Task JudgeAsync(FuzzCount count, long round)
        {
            var faults = await Portal.ReadAsync(async db =>
            {
                var events = await db.AuditEvents.GroupBy(e => e.Kind).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
                int Of(AuditKind kind) => events.GetValueOrDefault(kind);
                var found = new List<string>();
                void Same(string what, int rows, int told)
                {
                    if (rows != told)
                    {
                        found.Add($"{what}: {rows} rows, {told} events");
                    }
                }

                Same("accounts", await db.MemberAccounts.CountAsync(), Of(AuditKind.AccountRegistered));
                Same("used letters", await db.ProvisionalCredentials.CountAsync(c => c.UsedAt != null), Of(AuditKind.AccountRegistered));
                Same("answered asks", await db.MailAsks.CountAsync(a => AskCaps.Sent.Contains(a.Decision)), Of(AuditKind.AskDecided));
                Same("failures", await db.ProvisionalFailures.CountAsync(), Of(AuditKind.ProvisionalLoginFailed));
                Same("disclosures", await db.DisclosureSettings.CountAsync(), Of(AuditKind.DisclosureOpened) + Of(AuditKind.DisclosureClosed));
                Same("confirmations", await db.AddressConfirmations.CountAsync(), Of(AuditKind.AddressAsked));
                Same("registration links", await db.RegistrationLinks.CountAsync(), Of(AuditKind.RegistrationLinkQueued));
                Same("mails of links", await db.OutboxMails.Where(m => m.Template == "registration-link").Select(m => m.SubjectId).Distinct().CountAsync(), Of(AuditKind.RegistrationLinkQueued));
                Same("accounts without an address", await db.MemberAccounts.CountAsync(a => !db.AccountMailAddresses.Any(m => m.AccountId == a.Id)), 0);
                return found;
            });
            foreach (var fault in faults)
            {
                count.HalfWritten(round, fault, []);
            }
        }

        private static IEnumerable<Form> FormsOf(ShownPage page, Visitor visitor)
        {
            var cookies = string.Join("; ", visitor.Cookies.GetAllCookies().Select(c => $"{c.Name}={c.Value}"));
            return page.Document.QuerySelectorAll("form[method=post]").Select(form => new Form(
                form.GetAttribute("action") is { Length: > 0 } action ? action : page.Path,
                [
                    .. form.QuerySelectorAll("input[name]").Select(i => KeyValuePair.Create(i.GetAttribute("name")!, ValueFor(i.GetAttribute("name")!, i.GetAttribute("value") ?? ""))),
                    .. form.QuerySelectorAll("button[name]").Select(b => KeyValuePair.Create(b.GetAttribute("name")!, b.GetAttribute("value") ?? "")),
                ],
                cookies));
        }

        /// <summary>What an honest person would type.</summary>
        private static string ValueFor(string name, string shown) => shown.Length > 0 ? shown : name switch
        {
            _ when name.Contains("Password", StringComparison.Ordinal) || name.Contains("Confirmation", StringComparison.Ordinal) || name.Contains("Current", StringComparison.Ordinal) => Journeys.Password,
            _ when name.Contains("LoginId", StringComparison.Ordinal) => "minato-taro",
            "Input.Address" => "taro@example.jp",
            _ => "",
        };

        private static List<KeyValuePair<string, string>> MutatedFields(Dice dice, Form form)
        {
            var fields = form.Fields.ToList();
            for (var changes = 1 + dice.Below(3); changes > 0 && fields.Count > 0; changes--)
            {
                var at = dice.Below(fields.Count);
                var (name, value) = fields[at];
                switch (dice.Below(8))
                {
                    case 0:
                        fields.RemoveAt(at);
                        break;
                    case 1:
                        fields.Add(KeyValuePair.Create(name, Mutation.OfText(dice, value)));
                        break;
                    case 2:
                        fields[at] = KeyValuePair.Create(dice.OneIn(2) ? name + dice.Of(["[]", "[0]", ".X", "[", "", " "]) : Mutation.OfText(dice, name), value);
                        break;
                    default:
                        // The form's own token is spared mostly, or nothing behind it would be tried.
                        if (name != "form-token" || dice.OneIn(10))
                        {
                            fields[at] = KeyValuePair.Create(name, Mutation.OfText(dice, value));
                        }

                        break;
                }
            }

            return fields;
        }

        private static string MutatedCookies(Dice dice, string cookies)
        {
            var pairs = cookies.Split("; ");
            var at = dice.Below(pairs.Length);
            var parts = pairs[at].Split('=', 2);
            pairs[at] = dice.OneIn(5) ? Mutation.OfText(dice, pairs[at]) : $"{parts[0]}={Mutation.OfText(dice, parts[^1])}";
            return string.Join(dice.OneIn(10) ? ";" : "; ", dice.OneIn(6) ? pairs.Append(pairs[at]) : pairs);
        }

        private static byte[] Body(IEnumerable<KeyValuePair<string, string>> fields) =>
            Encoding.ASCII.GetBytes(string.Join('&', fields.Select(f => $"{Escaped(f.Key)}={Escaped(f.Value)}")));

        /// <summary>Lone surrogates go out as the bytes that they would be.</summary>
        private static string Escaped(string text) => string.Concat(text.EnumerateRunes().SelectMany(r => r.Value == 0xFFFD ? "%ED%A0%80" : WebUtility.UrlEncode(r.ToString())));

        private static byte[] Get(Dice dice, string target, string cookies, string address) => Encoding.Latin1.GetBytes(
            $"{dice.Of(["GET", "GET", "GET", "HEAD", "OPTIONS", "PUT"])} {Safe(target, isTarget: true)} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\nCookie: {Safe(cookies)}\r\n\r\n");

        private static byte[] Post(Form form, byte[] body, string address, string type = "application/x-www-form-urlencoded") =>
        [
            .. Encoding.Latin1.GetBytes($"POST {form.Path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\nCookie: {Safe(form.Cookies)}\r\n"
                + $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n"),
            .. body,
        ];

        /// <summary>No line end of its own, which would make it another request; whole requests are mutated as bytes.</summary>
        private static string Safe(string text, bool isTarget = false)
        {
            var line = text.Replace('\r', '~').Replace('\n', '~').Replace('\0', '~');
            line = line.Length > 6000 ? line[..6000] : line;
            return isTarget ? "/" + line.TrimStart('/').Replace(' ', '+') : line;
        }
    }
}

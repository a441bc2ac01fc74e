using System.Collections.Concurrent;
using System.Net;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using KenkoPortal.Web.Infrastructure.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Tests.Security;

/// <summary>S9, S14 and S16 of 2026-11-30: what an office shares, what a shared computer keeps, what strangers are told, what the log says.</summary>
public sealed class HardeningTests
{
    private const string LoginId = "minato-taro";
    private const string Wrong = "chigau-0000-umi";
    private const string Office = "203.0.113.7";

    [Theory, OnEveryDatabase]
    public async Task P2_The_rule_holds_wherever_a_password_is_set(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.SetPersonAsync(person, p => (p.BirthDate, p.Kana) = (new DateOnly(1979, 9, 25), "クドウ　ツヨシ"));
        var visitor = portal.Visitor();
        var login = await portal.AskToRegisterAsync(visitor, "taro@example.jp");
        var form = await login.LogInProvisionallyAsync(await portal.GiveLetterAsync(person));
        await RefusesAsync(password => form.FillRegistrationAsync("kudo.pcx", password));
        Assert.Equal("利用者情報登録完了", (await form.FillRegistrationAsync("kudo.pcx")).Heading);

        await visitor.LogInAsync("kudo.pcx");
        var profile = await visitor.OpenAsync("/profile/password");
        await RefusesAsync(password => profile.PressAsync("登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", password), ("パスワード確認", password)));

        await visitor.AskReissueAsync("taro@example.jp");
        var mail = await portal.MailToAsync("taro@example.jp");
        var (id, temporary) = Steps.CredentialsIn(mail);
        var reissue = await (await visitor.FollowAsync(mail)).PressAsync("ログイン", ("ログインID", id), ("仮パスワード", temporary));
        await RefusesAsync(password => reissue.PressAsync("登録", ("新しいパスワード", password), ("パスワード確認", password)));

        static async Task RefusesAsync(Func<string, Task<ShownPage>> set)
        {
            foreach (var (password, of) in new[]
            {
                ("19790925a", "生年月日"), ("s54925aa", "生年月日"), ("kudopcx1", "ログインID"), ("tsuyoshi79", "お名前"), ("minato12", "組合の名前"), ("sakura123", "よく使われる言葉"), ("hanako19851123", "同じ文字のくり返し"),
            })
            {
                Assert.Contains($"ほとんどが{of}", Assert.Single((await set(password)).Errors), StringComparison.Ordinal);
            }
        }
    }

    [Theory, OnEveryDatabase]
    public async Task P2_What_stands_in_a_letter_or_a_mail_is_no_password(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var letter = await portal.GiveLetterAsync(person);
        var plain = letter.ProvisionalPassword.Replace("-", "", StringComparison.Ordinal);
        var visitor = portal.Visitor();
        var form = await (await portal.AskToRegisterAsync(visitor, "taro@example.jp")).LogInProvisionallyAsync(letter);
        foreach (var password in new[] { letter.ProvisionalPassword + "a7", plain + "a7", "x7" + plain.ToUpperInvariant(), letter.ProvisionalId + "abc" })
        {
            Assert.Contains("仮パスワードは、パスワードに使えません", Assert.Single((await form.FillRegistrationAsync("kudo.pcx", password)).Errors), StringComparison.Ordinal);
        }

        await form.FillRegistrationAsync("kudo.pcx");
        await visitor.AskReissueAsync("taro@example.jp");
        var mail = await portal.MailToAsync("taro@example.jp");
        var (id, temporary) = Steps.CredentialsIn(mail);
        var reissue = await (await visitor.FollowAsync(mail)).PressAsync("ログイン", ("ログインID", id), ("仮パスワード", temporary));
        foreach (var password in new[] { temporary + "a7", letter.ProvisionalPassword + "a7" })
        {
            Assert.Contains("仮パスワードは、パスワードに使えません", Assert.Single((await reissue.PressAsync("登録", ("新しいパスワード", password), ("パスワード確認", password))).Errors), StringComparison.Ordinal);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task P2_The_password_of_before_is_not_taken_again_by_profile_reissue_or_recovery(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, "kudo.pcx");
        var profile = await visitor.OpenAsync("/profile/password");
        Same(await profile.PressAsync("登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Journeys.Password), ("パスワード確認", Journeys.Password)));
        await visitor.AskReissueAsync("taro@example.jp");
        var mail = await portal.MailToAsync("taro@example.jp");
        var (id, temporary) = Steps.CredentialsIn(mail);
        var reissue = await (await visitor.FollowAsync(mail)).PressAsync("ログイン", ("ログインID", id), ("仮パスワード", temporary));
        Same(await reissue.PressAsync("登録", ("新しいパスワード", Journeys.Password), ("パスワード確認", Journeys.Password)));
        var recovery = await (await portal.AskToRegisterAsync(portal.Visitor(), "shin@example.jp")).LogInProvisionallyAsync(await portal.GiveLetterAsync(person, Core.Letters.LetterKind.Recovery));

        // Who asks for a taken login ID is told of that alone: else a letter would tell whether a guessed password was right.
        await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "taken.m", "betsu@example.jp");
        Assert.Equal(["このログインIDはすでに使われています。別のログインIDを入力してください。"], (await recovery.FillRegistrationAsync("taken.m")).Errors);
        Same(await recovery.FillRegistrationAsync("saisei.m"));
        Assert.Equal("/register/complete", (await recovery.FillRegistrationAsync("saisei.m", Steps.NewPassword)).Path);

        static void Same(ShownPage page) => Assert.Equal(["これまでと同じパスワードです。ほかのパスワードを入力してください。"], page.Errors);
    }

    [Theory, OnEveryDatabase]
    public async Task P2_A_login_id_or_nickname_of_which_the_password_is_made_is_refused_when_it_is_changed(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var visitor = portal.Visitor();
        await (await portal.AskToRegisterAsync(visitor, "taro@example.jp")).CompleteRegistrationAsync(await portal.GiveLetterAsync(person), "kudo.pcx", "wzrkvmqp7");
        await visitor.LogInAsync("kudo.pcx", "wzrkvmqp7");
        foreach (var changes in new (string, string)[][] { [("ログインID", "wzrkvm.qp")], [("ログインID", "kudo.pcy"), ("ニックネーム", "wzrkvmqp")] })
        {
            var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", changes);
            Assert.Contains("いまのパスワードが、新しいログインIDやニックネームから", (await confirm.PressAsync("登録", ("現在のパスワード", "wzrkvmqp7"))).Text, StringComparison.Ordinal);
        }

        var other = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("ログインID", "kudo.pcy"));
        Assert.Equal("/profile", (await other.PressAsync("登録", ("現在のパスワード", "wzrkvmqp7"))).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task A19_S14_Login_and_logout_leave_no_link_and_no_step_of_a_registration_behind(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (visitor, next) = (portal.Visitor(), portal.Visitor());
        await portal.RegisterAsync(visitor, family[0], LoginId);
        Assert.NotNull(visitor.CookieOf("kenko-link"));
        Assert.NotNull(visitor.CookieOf("kenko-registration"));
        next.TakeCookiesOf(visitor);
        await visitor.LogInAsync(LoginId);
        Assert.Null(visitor.CookieOf("kenko-link"));
        Assert.Null(visitor.CookieOf("kenko-registration"));
        Assert.Equal(HttpStatusCode.Gone, (await visitor.OpenAsync("/register/login")).Status);

        // The step has ended on the server too, for who had copied its cookie.
        Assert.Equal(HttpStatusCode.Gone, (await next.OpenAsync("/register/account")).Status);

        await (await portal.AskToRegisterAsync(visitor, "hanako@example.jp")).LogInProvisionallyAsync(await portal.GiveLetterAsync(family[1]));
        await visitor.AskReissueAsync("taro@example.jp");
        var reissue = await portal.MailToAsync("taro@example.jp");
        var (id, password) = Steps.CredentialsIn(reissue);
        await (await visitor.FollowAsync(reissue)).PressAsync("ログイン", ("ログインID", id), ("仮パスワード", password));
        Assert.All(["kenko-link", "kenko-registration", "kenko-reissue"], cookie => Assert.NotNull(visitor.CookieOf(cookie)));
        next.TakeCookiesOf(visitor);
        await (await visitor.OpenAsync("/")).PressAsync("ログアウト");
        Assert.All(["kenko", "kenko-link", "kenko-registration", "kenko-reissue"], cookie => Assert.Null(visitor.CookieOf(cookie)));
        foreach (var step in new[] { "/register/login", "/register/account", "/reissue/login", "/reissue/password" })
        {
            Assert.Equal(HttpStatusCode.Gone, (await visitor.OpenAsync(step)).Status);
        }

        Assert.Equal(HttpStatusCode.Gone, (await next.OpenAsync("/register/account")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await next.OpenAsync("/reissue/password")).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task A19_S14_At_logout_the_device_can_be_forgotten(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.RegisterAsync(portal.Stranger(), family[1], "minato-hanako", "hanako@example.jp");
        var (visitor, home) = await portal.MemberAsync(family[0], LoginId);
        var elsewhere = portal.Stranger();
        await elsewhere.LogInAsync(LoginId);
        await (await home.PressAsync("ログアウト")).PressAsync("ログイン", ("ログインID", "minato-hanako"), ("パスワード", Journeys.Password));
        var shown = await (await visitor.OpenAsync("/")).PressAsync("ログアウト");
        Assert.Equal("/login", shown.Path);
        Assert.Contains("ログアウトしました", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ログアウトしました", (await visitor.OpenAsync("/login")).Text, StringComparison.Ordinal);

        var forgotten = await shown.PressAsync("この端末を忘れる");
        Assert.Contains("この端末の登録を消しました", forgotten.Text, StringComparison.Ordinal);
        Assert.Null(visitor.CookieOf("kenko-device"));
        Assert.Equal(1, await portal.CountAsync(db => db.KnownDevices));
        Assert.Equal(2, await portal.CountAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.DeviceForgotten)));
        Assert.DoesNotContain("この端末", (await visitor.OpenAsync("/login")).Text, StringComparison.Ordinal);

        // Looking does nothing, and nobody without the cookie forgets anything.
        await elsewhere.OpenAsync("/forget-device");
        await (await portal.Stranger().OpenAsync("/login")).PressAsync("ログイン");
        Assert.Equal(1, await portal.CountAsync(db => db.KnownDevices));
    }

    [Fact]
    public async Task A6_S9_A_form_that_another_site_posts_is_refused_before_it_counts()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var colleague = portal.Visitor(address: Office);
        foreach (var (origin, site) in new[] { ("https://evil.example", ""), ("null", "cross-site"), ("", "cross-site"), ("https://www.localhost.example", "same-site"), ("not an origin", "") })
        {
            foreach (var path in new[] { "/login", "/register", "/reissue", "/register/login", "/text-size", "/profile", "/no-such-page" })
            {
                for (var i = 0; i < 9; i++)
                {
                    Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path, origin, site)).StatusCode);
                }
            }
        }

        // What our own pages send: no origin, ours, or none that is told (no-referrer).
        foreach (var (origin, site) in new[] { ("", ""), ("http://localhost", "same-origin"), ("null", "same-origin"), ("null", ""), ("https://minato.portal.test", ""), ("", "none") })
        {
            var request = (await colleague.OpenAsync("/login")).RequestFor("ログイン");
            Add(request, origin, site);
            Assert.Equal(HttpStatusCode.OK, (await colleague.SendAsync(request)).StatusCode);
        }

        async Task<HttpResponseMessage> PostAsync(string path, string origin, string site)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([]) };
            Add(request, origin, site);
            return await colleague.SendAsync(request);
        }

        static void Add(HttpRequestMessage request, string origin, string site)
        {
            if (origin.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Origin", origin);
            }

            if (site.Length > 0)
            {
                request.Headers.Add("Sec-Fetch-Site", site);
            }
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A6_S9_Failures_of_login_registration_and_reissue_count_apart_and_a_live_link_by_itself(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.RegisterAsync(portal.Stranger(), family[0], LoginId);
        var login = await portal.Visitor(address: Office).OpenAsync("/login");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await login.PressOnceAsync("ログイン", ("ログインID", $"dareka-{i}-san"), ("パスワード", Wrong))).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await login.PressOnceAsync("ログイン")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("/register/login"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("/reissue/login"));
        for (var i = 0; i < 29; i++)
        {
            await PostAsync("/register/login");
            await PostAsync("/reissue/login");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/register/login"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/reissue/login"));

        // Colleagues with a mail of their own go on.
        var colleague = portal.Visitor(address: Office);
        var provisional = await portal.AskToRegisterAsync(colleague, "hanako@example.jp");
        Assert.Equal("利用者情報登録完了", (await provisional.CompleteRegistrationAsync(await portal.GiveLetterAsync(family[1]), "minato-hanako")).Heading);
        await portal.Stranger().AskReissueAsync("taro@example.jp");
        var mail = await portal.MailToAsync("taro@example.jp");
        var (id, password) = Steps.CredentialsIn(mail);
        var form = await (await portal.Visitor(address: Office).FollowAsync(mail)).PressAsync("ログイン", ("ログインID", id), ("仮パスワード", password));
        Assert.Equal("/reissue/password", form.Path);

        // A link has sixty posts a minute of its own.
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await form.PressOnceAsync("登録")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await form.PressOnceAsync("登録")).StatusCode);

        async Task<HttpStatusCode> PostAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([]) };
            return (await portal.Visitor(address: Office).SendAsync(request)).StatusCode;
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A6_S9_The_societys_offices_have_a_higher_limit(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.AsStaffAsync(async services =>
        {
            await services.GetRequiredService<SocietySettings>().ChangeAsync(
                new Dictionary<string, string> { ["office-networks"] = "203.0.113.0/24, 2001:db8:7::/48", ["office-logins-per-minute"] = "60" }, CancellationToken.None);
            return true;
        });
        foreach (var (address, most) in new[] { (Office, 60), ("2001:db8:7:1::5", 60), ("198.51.100.7", 30) })
        {
            var page = await portal.Visitor(address: address).OpenAsync("/login");
            for (var i = 0; i < most; i++)
            {
                Assert.Equal(HttpStatusCode.OK, (await page.PressOnceAsync("ログイン")).StatusCode);
            }

            Assert.Equal(HttpStatusCode.TooManyRequests, (await page.PressOnceAsync("ログイン")).StatusCode);
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("203.0.113.7 198.51.100.0/24、2001:db8::/32", true)]
    [InlineData("203.0.0.0/16", true)]
    [InlineData("0.0.0.0/0", false)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("::/0", false)]
    [InlineData("2001::/16", false)]
    [InlineData("203.0.113.7/24", true)]
    [InlineData("7", false)]
    [InlineData("office.example.jp", false)]
    public void S9_Networks_of_offices_are_addresses_and_narrow_ranges(string text, bool isTaken) => Assert.Equal(isTaken, OfficeNetworks.TryParse(text, out _));

    [Theory]
    [InlineData("127.0.0.1, 10.0.0.0/8,172.16.0.0/12,192.168.4.0/24,fd00::/8,100.64.0.0/10", "")]
    [InlineData("203.0.113.7,2001:db8::5,203.0.113.8/32", "")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    [InlineData("10.0.0.1,203.0.113.0/24", "203.0.113.0/24")]
    [InlineData("172.0.0.0/8,8.0.0.0/5", "172.0.0.0/8 8.0.0.0/5")]
    [InlineData("::ffff:0:0/96", "::ffff:0:0/96")]
    public void A6_S16_A_range_of_proxies_holds_no_public_address(string stated, string refused) =>
        Assert.Equal(refused, string.Join(' ', new PortalOptions { KnownProxies = stated }.PublicRanges()));

    [Fact]
    public async Task S16_Readyz_does_not_exist_for_strangers()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        Assert.Equal("ready\n", (await portal.Visitor().OpenAsync("/readyz")).Html);
        var stranger = portal.Visitor(address: "203.0.113.9");
        Assert.Equal(await stranger.BytesAsync("/there-is-no-such-page"), await stranger.BytesAsync("/readyz"));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.OpenAsync("/readyz")).Status);
        Assert.Equal("ok\n", (await stranger.OpenAsync("/healthz")).Html);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G1_S16_Refusals_limits_and_waits_are_lines_of_the_log_without_what_was_typed(bool logsAddresses)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite, new() { ["Portal:LogAddresses"] = $"{logsAddresses}" });
        using var log = new Warnings();
        portal.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await portal.RegisterAsync(portal.Stranger(), (await portal.AddHouseholdAsync("本人"))[0], LoginId);
        var page = await portal.Visitor(address: Office).OpenAsync("/login");
        for (var i = 0; i < 13; i++)
        {
            await page.PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Wrong));
        }

        var lines = log.Lines.ToList();
        Assert.Equal(10, lines.Count(line => Tells(line, "Refused login from ")));
        Assert.Single(lines, line => Tells(line, "Limited login from "));
        Assert.Single(lines, line => line.EndsWith("waits after 10 attempts in a row without a success", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(LoginId, StringComparison.Ordinal) || line.Contains(Wrong, StringComparison.Ordinal) || (!logsAddresses && line.Contains(Office, StringComparison.Ordinal)));

        bool Tells(string line, string what) => line.StartsWith(what, StringComparison.Ordinal)
            && (logsAddresses ? line[what.Length..] == Office : line.Length == what.Length + 12 && line[what.Length..].All(char.IsAsciiHexDigitLower));
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}

using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages;

/// <summary>Rows A4–A6, A10–A14 of docs/security.md and the manual's login.</summary>
public sealed class LoginTests
{
    private const string LoginId = "minato-taro";
    private const string Wrong = "chigau-0000-umi";

    [Theory, OnEveryDatabase]
    public async Task A4_After_ten_failures_each_costs_a_wait_of_one_minute_doubling_to_fifteen(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.RegisterAsync(portal.Visitor(), person, LoginId);
        for (var i = 0; i < 9; i++)
        {
            Assert.False((await portal.TryLogInAsync(LoginId, Wrong)).IsIn());
        }

        foreach (var minutes in new[] { 1, 2, 4, 8, 15, 15 })
        {
            Assert.False((await portal.TryLogInAsync(LoginId, Wrong)).IsIn());
            portal.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.False((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        Assert.Equal(0, (await portal.AccountAsync(person)).Throttle.FailuresInRow);
    }

    [Theory, OnEveryDatabase]
    public async Task A4_Every_cause_of_a_refusal_has_the_same_answer(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        string[] causes = ["shitteru", "tojita-hito", "tomatta-hito", "yameta-hito"];
        foreach (var loginId in causes)
        {
            var person = (await portal.AddHouseholdAsync("本人"))[0];
            await portal.RegisterAsync(portal.Stranger(), person, loginId, $"{loginId}@example.jp");
            await portal.WriteAsync(db =>
            {
                var account = db.MemberAccounts.Single(a => a.PersonId == person.Id);
                for (var i = 0; loginId == "tojita-hito" && i < LoginThrottle.MostFailures; i++)
                {
                    account.Throttle.TryReserve(portal.Clock.Now.AddHours(i - 200));
                }

                account.SuspendedAt = loginId == "tomatta-hito" ? portal.Clock.Now : null;
                db.Persons.Single(p => p.Id == person.Id).LostOn = loginId == "yameta-hito" ? new DateOnly(2024, 10, 5) : null;
            });
        }

        var expected = await (await portal.TryLogInAsync("shiranai-hito", Wrong)).MaskedAsync("shiranai-hito");
        Assert.StartsWith("200", expected, StringComparison.Ordinal);
        Assert.Contains("ログインIDまたはパスワードが違います", expected, StringComparison.Ordinal);
        foreach (var loginId in causes)
        {
            var password = loginId == "shitteru" ? Wrong : Journeys.Password;
            Assert.Equal(expected, await (await portal.TryLogInAsync(loginId, password)).MaskedAsync(loginId));
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A4_A10_After_a_hundred_failures_only_a_known_device_or_the_reissue_opens_the_account(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (known, _) = await portal.MemberAsync(person, LoginId);
        await ShutAsync(portal);
        Assert.False((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        portal.Clock.Advance(TimeSpan.FromDays(30));
        Assert.False((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        Assert.Equal("/", (await known.LogInAsync(LoginId)).Path);
        Assert.False((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());

        var visitor = portal.Stranger();
        await visitor.AskReissueAsync("taro@example.jp");
        var mail = await portal.MailToAsync("taro@example.jp");
        var (loginId, password) = Steps.CredentialsIn(mail);
        var form = await (await visitor.FollowAsync(mail)).PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password));
        await form.PressAsync("登録", ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        Assert.True((await portal.TryLogInAsync(LoginId, Steps.NewPassword)).IsIn());
    }

    [Theory, OnEveryDatabase]
    public async Task A4_The_owners_login_on_a_known_device_gives_a_stranger_no_further_guess(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (known, _) = await portal.MemberAsync(person, LoginId);
        for (var i = 0; i < LoginThrottle.FreeFailures - 1; i++)
        {
            Assert.False((await portal.TryLogInAsync(LoginId, Wrong)).IsIn());
            Assert.True((await (await SignedOutAsync(known)).PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password))).IsIn());
        }

        Assert.Equal(LoginThrottle.FreeFailures - 1, (await portal.AccountAsync(person)).Throttle.FailuresInRow);
        Assert.False((await portal.TryLogInAsync(LoginId, Wrong)).IsIn());
        Assert.False((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());

        // A success among the strangers is the owner at a device that is new: it ends the row.
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        Assert.Equal(0, (await portal.AccountAsync(person)).Throttle.FailuresInRow);
    }

    [Theory, OnEveryDatabase]
    public async Task A5_Of_200_parallel_guesses_with_the_right_one_last_none_gets_in(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.RegisterAsync(portal.Visitor(), person, LoginId);
        var pages = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => portal.Stranger().OpenAsync("/login")));
        var guesses = pages.Take(199).Select((page, i) => page.PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", $"{Wrong}{i}"))).ToList();
        while ((await portal.AccountAsync(person)).Throttle.FailuresInRow < LoginThrottle.FreeFailures)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        guesses.Add(pages[^1].PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password)));
        var answers = await Task.WhenAll(guesses);
        Assert.DoesNotContain(answers, a => a.IsIn());
        Assert.Equal(0, await portal.CountAsync(db => db.PortalSessions.Where(s => s.Trust == Trust.Login)));
        Assert.Equal(LoginThrottle.FreeFailures, (await portal.AccountAsync(person)).Throttle.FailuresInRow);
    }

    [Fact]
    public async Task A6_A_network_address_has_thirty_logins_a_minute_and_an_IPv6_network_counts_as_one()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var page = await portal.Visitor(address: "192.0.2.1").OpenAsync("/login");
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await page.PressOnceAsync("ログイン")).StatusCode);
        }

        var refused = await page.PressAsync("ログイン");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal("しばらくお待ちください", refused.Heading);
        Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.OK, (await (await portal.Visitor(address: "192.0.2.2").OpenAsync("/login")).PressOnceAsync("ログイン")).StatusCode);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await page.PressOnceAsync("ログイン")).StatusCode);

        for (var i = 0; i < 30; i++)
        {
            var neighbour = await portal.Visitor(address: $"2001:db8:1:2:{i:x}::1").OpenAsync("/login");
            Assert.Equal(HttpStatusCode.OK, (await neighbour.PressOnceAsync("ログイン")).StatusCode);
        }

        var same = await portal.Visitor(address: "2001:db8:1:2:ffff::9").OpenAsync("/login");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await same.PressOnceAsync("ログイン")).StatusCode);
        var other = await portal.Visitor(address: "2001:db8:1:3::1").OpenAsync("/login");
        Assert.Equal(HttpStatusCode.OK, (await other.PressOnceAsync("ログイン")).StatusCode);
    }

    [Fact]
    public async Task A6_Ten_failures_a_minute_shut_a_network_address_but_not_a_device_that_logged_in_before()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var known = portal.Visitor(address: "192.0.2.1");
        await portal.RegisterAsync(known, person, LoginId);
        await known.LogInAsync(LoginId);
        var stranger = await portal.Visitor(address: "192.0.2.1").OpenAsync("/login");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await stranger.PressOnceAsync("ログイン", ("ログインID", $"dareka-{i}-san"), ("パスワード", Wrong))).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await stranger.PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password))).StatusCode);
        await (await known.OpenAsync("/")).PressAsync("ログアウト");
        Assert.Equal("/", (await known.LogInAsync(LoginId)).Path);
        await (await known.OpenAsync("/")).PressAsync("ログアウト");
        var forAnother = await (await known.OpenAsync("/login")).PressOnceAsync("ログイン", ("ログインID", "dareka-1-san"), ("パスワード", Wrong));
        Assert.Equal(HttpStatusCode.TooManyRequests, forAnother.StatusCode);
    }

    [Theory, OnEveryDatabase]
    public async Task A6_A_known_device_has_a_limit_of_its_own(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (known, other) = (portal.Visitor(address: "192.0.2.1"), portal.Visitor(address: "192.0.2.3"));
        await portal.RegisterAsync(known, (await portal.AddHouseholdAsync("本人"))[0], LoginId);
        foreach (var device in new[] { known, other })
        {
            await device.LogInAsync(LoginId);
            await (await device.OpenAsync("/")).PressAsync("ログアウト");
        }

        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        var page = await known.OpenAsync("/login");
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await page.PressOnceAsync("ログイン", ("ログインID", LoginId))).StatusCode);
        }

        var refused = await page.PressAsync("ログイン", ("ログインID", LoginId));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);

        // Strangers at its address are not counted with it, and another device of the account has a limit of its own.
        Assert.Equal(HttpStatusCode.OK, (await (await portal.Visitor(address: "192.0.2.1").OpenAsync("/login")).PressOnceAsync("ログイン")).StatusCode);
        Assert.Equal("/", (await other.LogInAsync(LoginId)).Path);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("/", (await known.LogInAsync(LoginId)).Path);
    }

    [Fact]
    public async Task A6_Many_devices_of_one_account_have_one_limit_together_and_then_their_addresses()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        await portal.RegisterAsync(portal.Stranger(), (await portal.AddHouseholdAsync("本人"))[0], LoginId);
        var pages = new List<ShownPage>();
        for (var i = 0; i < 3; i++)
        {
            var device = portal.Visitor(address: "192.0.2.1");
            await device.LogInAsync(LoginId);
            await (await device.OpenAsync("/")).PressAsync("ログアウト");
            pages.Add(await device.OpenAsync("/login"));
        }

        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await pages[i % 3].PressOnceAsync("ログイン", ("ログインID", LoginId))).StatusCode);
        }

        foreach (var page in pages)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, (await page.PressOnceAsync("ログイン", ("ログインID", LoginId))).StatusCode);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A6_A_member_has_thirty_posts_a_minute_on_all_pages_and_from_all_addresses_and_may_still_log_out(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (here, _) = await portal.MemberAsync(family[0], LoginId);
        var (colleague, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        var there = portal.Visitor(address: "192.0.2.2");
        await there.LogInAsync(LoginId);
        var (password, profile) = (await here.OpenAsync("/profile/password"), await there.OpenAsync("/profile"));
        for (var i = 0; i < 15; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await password.PressOnceAsync("登録")).StatusCode);
            Assert.Equal(HttpStatusCode.SeeOther, (await profile.PressOnceAsync("登録", ("ニックネーム", $"名前{i}"))).StatusCode);
        }

        var refused = await password.PressAsync("登録");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal("しばらくお待ちください", refused.Heading);
        Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await profile.PressOnceAsync("登録")).StatusCode);
        var confirm = new HttpRequestMessage(HttpMethod.Post, "/profile/confirm") { Content = new FormUrlEncodedContent([]) };
        Assert.Equal(HttpStatusCode.TooManyRequests, (await here.SendAsync(confirm)).StatusCode);
        var line = new HttpRequestMessage(HttpMethod.Post, $"/medical-costs/line/{Guid.CreateVersion7()}") { Content = new FormUrlEncodedContent([]) };
        Assert.Equal(HttpStatusCode.TooManyRequests, (await here.SendAsync(line)).StatusCode);

        // Somebody else at the same address goes on; so does whoever waits.
        Assert.Equal(HttpStatusCode.SeeOther, (await (await colleague.OpenAsync("/profile")).PressOnceAsync("登録")).StatusCode);
        await (await here.OpenAsync("/")).PressAsync("ログアウト");
        Assert.Equal("/login", (await here.OpenAsync("/")).Path);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.SeeOther, (await profile.PressOnceAsync("登録")).StatusCode);
    }

    [Theory]
    [InlineData("/register/account")]
    [InlineData("/reissue/password")]
    public async Task A6_The_last_steps_of_registration_and_reissue_are_limited_as_logins_are(string path)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var visitor = portal.Stranger();
        async Task<HttpStatusCode> PostAsync() =>
            (await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([]) })).StatusCode;
        for (var i = 0; i < 30; i++)
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await PostAsync());
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync());
    }

    [Theory]
    [InlineData("203.0.113.9")]
    [InlineData("none")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A6_An_address_that_no_configured_proxy_reports_counts_for_nothing(string? knownProxies)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite, new() { ["Portal:KnownProxies"] = knownProxies });
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await (await portal.Stranger().OpenAsync("/login")).PressOnceAsync("ログイン")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await (await portal.Stranger().OpenAsync("/login")).PressOnceAsync("ログイン")).StatusCode);
    }

    [Theory, OnEveryDatabase]
    public async Task A10_A_known_device_has_a_count_of_its_own_for_180_days_or_until_the_password_changes(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (known, _) = await portal.MemberAsync(person, LoginId);
        for (var i = 0; i < 10; i++)
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(10));
            await (await SignedOutAsync(known)).PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Wrong));
        }

        Assert.False((await (await SignedOutAsync(known)).PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password))).IsIn());
        Assert.True((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await (await SignedOutAsync(known)).PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password))).IsIn());

        portal.Clock.Advance(TimeSpan.FromDays(181));
        await ShutAsync(portal);
        Assert.False((await (await SignedOutAsync(known)).PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password))).IsIn());
        await portal.WriteAsync(db => db.MemberAccounts.Single().Throttle.Reset());
        var home = await (await SignedOutAsync(known)).PressAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password));
        Assert.Equal("/", home.Path);

        var page = await known.OpenAsync("/profile/password");
        await page.PressAsync("登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        await ShutAsync(portal);
        Assert.False((await (await SignedOutAsync(known)).PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Steps.NewPassword))).IsIn());
    }

    [Theory, OnEveryDatabase]
    public async Task A11_When_the_gates_queue_is_full_a_page_says_so_and_nothing_is_counted(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (member, _) = await portal.MemberAsync(person, LoginId);
        var login = await portal.Stranger().OpenAsync("/login");
        var password = await member.OpenAsync("/profile/password");
        var gate = portal.Services.GetRequiredService<HashingGate>();
        using var open = new ManualResetEventSlim();
        var others = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount - 1) + gate.QueueLength)
            .Select(_ => gate.RunAsync(() => open.Wait(TimeSpan.FromMinutes(1)), CancellationToken.None)).ToList();

        var busy = await login.PressAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, busy.Status);
        Assert.Equal("ただいま混み合っています", busy.Heading);
        Assert.NotNull(busy.Response.Headers.RetryAfter);
        for (var i = 0; i < PortalSession.MostWrongPasswords + 1; i++)
        {
            busy = await password.PressAsync("登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, busy.Status);
        }

        open.Set();
        await Task.WhenAll(others);
        Assert.Equal(0, (await portal.AccountAsync(person)).Throttle.FailuresInRow);
        Assert.Equal(HttpStatusCode.OK, (await member.OpenAsync("/")).Status);
        Assert.Equal("/", (await member.OpenAsync("/")).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task A12_Each_step_has_an_identifier_of_its_own_and_the_old_one_dies(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (his, hers) = (await portal.GiveLetterAsync(family[0]), await portal.GiveLetterAsync(family[1]));
        var visitor = portal.Visitor();
        var provisional = await portal.AskToRegisterAsync(visitor, "futari@example.jp");
        Assert.Null(visitor.CookieOf("kenko-registration"));
        await provisional.PressAsync("ログイン", ("ログインID", hers.ProvisionalId), ("仮パスワード", hers.ProvisionalPassword));
        var (link, first) = (visitor.CookieOf("kenko-link"), visitor.CookieOf("kenko-registration"));
        Assert.NotEqual(link, first);
        var old = portal.Visitor();
        old.TakeCookiesOf(visitor);
        var complete = await provisional.CompleteRegistrationAsync(his, LoginId);
        Assert.Equal("利用者情報登録完了", complete.Heading);
        Assert.NotEqual(first, visitor.CookieOf("kenko-registration"));
        Assert.Equal(HttpStatusCode.Gone, (await old.OpenAsync("/register/account")).Status);

        visitor.Cookies.Add(new Cookie("kenko", "set-by-somebody", "/", "localhost"));
        await visitor.LogInAsync(LoginId);
        Assert.NotEqual("set-by-somebody", visitor.CookieOf("kenko"));
        Assert.NotEqual(visitor.CookieOf("kenko-registration"), visitor.CookieOf("kenko"));
        old.TakeCookiesOf(visitor);
        Assert.Equal("/", (await old.OpenAsync("/")).Path);
        var again = await visitor.SendAsync(await LoginOfSignedInAsync(visitor, old));
        Assert.True(again.IsIn());
        Assert.Equal("/login", (await old.OpenAsync("/")).Path);
        Assert.Equal("/", (await visitor.OpenAsync("/")).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task A13_A_suspension_acts_at_the_next_request_and_resuming_brings_no_session_back(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, home) = await portal.MemberAsync(person, LoginId);
        Assert.Equal("/", home.Path);
        await portal.SuspendAsync(person);
        Assert.Equal("/login", (await visitor.OpenAsync("/profile")).Path);
        Assert.Equal("/login", (await visitor.LogInAsync(LoginId)).Path);
        await portal.AsStaffAsync(services => services.GetRequiredService<AccountSupport>().ResumeAsync(person.Id, CancellationToken.None));
        Assert.Equal("/login", (await visitor.OpenAsync("/profile")).Path);
        Assert.Equal("/profile", (await visitor.LogInAsync(LoginId)).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task A13_What_a_request_was_about_to_save_is_not_saved_when_its_session_ended_meanwhile(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        var token = visitor.CookieOf("kenko")!;
        await portal.AsStaffAsync(async services =>
        {
            var found = await services.GetRequiredService<Sessions>().FindLoginAsync(token, CancellationToken.None);
            Assert.NotNull(found);
            var profiles = services.GetRequiredService<ProfileService>();
            var profile = await profiles.ReadAsync(found, CancellationToken.None);
            var confirmation = new AddressConfirmation
            {
                SocietyId = portal.Society.Id, AccountId = found.AccountId, Slot = 2, Address = "daini@example.jp",
                TokenHash = [1], MailId = Guid.CreateVersion7(), AskedAt = portal.Clock.Now, ExpiresAt = portal.Clock.Now.AddHours(3),
            };
            await portal.WriteAsync(db => db.AddressConfirmations.Add(confirmation));
            await portal.SuspendAsync(person);

            Assert.Equal(ProfileResult.SessionEnded, await profiles.SaveAsync(found, profile with { Nickname = "よそのひと" }, null, CancellationToken.None));
            Assert.Equal((ProfileResult.SessionEnded, null), await profiles.ChangePasswordAsync(found, Journeys.Password, Steps.NewPassword, CancellationToken.None));
            Assert.False(await services.GetRequiredService<AddressChanges>().ConfirmAsync(found, confirmation.Id, CancellationToken.None));
            return true;
        });
        var account = await portal.AccountAsync(person);
        Assert.NotEqual("よそのひと", account.Nickname);
        await portal.AsStaffAsync(services => services.GetRequiredService<AccountSupport>().ResumeAsync(person.Id, CancellationToken.None));
        Assert.Equal("/login", (await visitor.OpenAsync("/profile")).Path);
        Assert.Equal("/profile", (await visitor.LogInAsync(LoginId)).Path);
        Assert.Equal(1, await portal.CountAsync(db => db.AccountMailAddresses));
    }

    [Theory, OnEveryDatabase]
    public async Task A14_Logout_ends_the_session_on_the_server_and_pages_are_not_kept(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, home) = await portal.MemberAsync(person, LoginId);
        Assert.Equal("no-store", home.Response.Headers.CacheControl?.ToString());
        var kept = portal.Visitor();
        kept.TakeCookiesOf(visitor);
        var login = await home.PressAsync("ログアウト");
        Assert.Equal("/login", login.Path);
        Assert.Equal("/login", (await kept.OpenAsync("/")).Path);
        Assert.Equal(0, await portal.CountAsync(db => db.PortalSessions.Where(s => s.Trust == Trust.Login)));
    }

    [Theory, OnEveryDatabase]
    public async Task A_session_ends_after_30_idle_minutes_or_12_hours(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        portal.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("/login", (await visitor.OpenAsync("/")).Path);

        await visitor.LogInAsync(LoginId);
        for (var minutes = 0; minutes < 12 * 60; minutes += 29)
        {
            Assert.Equal("/", (await visitor.OpenAsync("/")).Path);
            portal.Clock.Advance(TimeSpan.FromMinutes(29));
        }

        Assert.Equal("/login", (await visitor.OpenAsync("/")).Path);
    }

    [Theory]
    [InlineData("12345678")]
    [InlineData("１２３４５６７８")]
    [InlineData("1234-5678")]
    public async Task A_provisional_ID_typed_at_the_login_is_known_by_its_form_and_shown_the_way(string typed)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var page = await portal.Visitor().LogInAsync(typed, "abcd-efgh-jkmn");
        Assert.Equal("健康マイポータルログイン", page.Heading);
        Assert.Contains("この画面では使えません", Assert.Single(page.Errors), StringComparison.Ordinal);
        var door = page.Document.QuerySelector(".kp-notice a[href='/register']");
        Assert.Equal("新規利用登録", door?.TextContent.Trim());
        Assert.Equal(0, await portal.CountAsync(db => db.AuditEvents.Where(e => e.Kind == Core.Audit.AuditKind.LoginFailed)));
    }

    [Theory, OnEveryDatabase]
    public async Task Home_tells_the_login_before_this_one(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, home) = await portal.MemberAsync(person, LoginId);
        Assert.Contains("前回ログイン日", home.Html, StringComparison.Ordinal);
        Assert.Contains("初めてのログインです", home.Html, StringComparison.Ordinal);
        portal.Clock.Advance(TimeSpan.FromDays(1));
        home = await visitor.LogInAsync(LoginId);
        Assert.Contains("2026年10月5日", home.Document.QuerySelector(".kp-previous")!.TextContent, StringComparison.Ordinal);
        portal.Clock.Advance(TimeSpan.FromDays(1));
        home = await visitor.LogInAsync(LoginId);
        Assert.Contains("2026年10月6日", home.Document.QuerySelector(".kp-previous")!.TextContent, StringComparison.Ordinal);
        foreach (var label in new[] { "Home", "医療費通知", "ジェネリック通知", "健保組合からのお知らせ", "トピックス", "プロフィール設定" })
        {
            Assert.Contains(home.Document.QuerySelectorAll("nav a"), a => a.TextContent.Trim() == label);
        }

        Assert.Equal(4, home.Document.QuerySelectorAll("main a").Count(a => a.TextContent.Contains("一覧はこちら", StringComparison.Ordinal)));
    }

    [Theory, OnEveryDatabase]
    public async Task Z4_Who_left_the_society_logs_in_for_24_months_more(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        await portal.SetPersonAsync(person, p => p.LostOn = new DateOnly(2024, 10, 6));
        Assert.Equal("/", (await visitor.OpenAsync("/")).Path);
        Assert.True((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());

        // Midnight in Tokyo.
        portal.Clock.Set(new DateTimeOffset(2026, 10, 5, 15, 0, 0, TimeSpan.Zero));
        Assert.False((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        Assert.Equal("/login", (await visitor.OpenAsync("/")).Path);
    }

    private static Task ShutAsync(WebPortal portal) => portal.WriteAsync(db =>
    {
        var account = db.MemberAccounts.Single();
        for (var i = 0; i < LoginThrottle.MostFailures; i++)
        {
            account.Throttle.TryReserve(portal.Clock.Now.AddHours(i - 200));
        }
    });

    private static Task<ShownPage> SignedOutAsync(Visitor visitor)
    {
        foreach (Cookie cookie in visitor.Cookies.GetAllCookies().Where(c => c.Name == "kenko"))
        {
            cookie.Expired = true;
        }

        return visitor.OpenAsync("/login");
    }

    /// <summary>A login form sent by one who is signed in: the page leads home, so its fields are put on the form of another page.</summary>
    private static async Task<HttpRequestMessage> LoginOfSignedInAsync(Visitor visitor, Visitor reader)
    {
        var page = await reader.OpenAsync("/profile/password");
        visitor.TakeCookiesOf(reader);
        var request = await page.RequestFor("登録").WithAsync(("Input.LoginId", LoginId), ("Input.Password", Journeys.Password));
        request = await request.WithoutAsync("Input.Password");
        request = await request.WithAsync(("Input.Password", Journeys.Password));
        request.RequestUri = new Uri("/login", UriKind.Relative);
        return request;
    }
}

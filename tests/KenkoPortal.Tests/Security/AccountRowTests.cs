using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Security;

/// <summary>Clauses of the rows A1–A16 and P1 of docs/security.md that no page's own tests prove.</summary>
public sealed class AccountRowTests
{
    private const string LoginId = "minato-taro";
    private const string Address = "taro@example.jp";
    private const string Wrong = "chigau-0000-umi";

    [Theory, OnEveryDatabase]
    public async Task A3_A_relay_that_is_down_changes_no_answer_of_the_reissue_and_of_a_new_address(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        async Task<string> AskAsync() => await (await (await portal.Stranger().OpenAsync("/reissue")).PressOnceAsync("送信", ("メールアドレス", Address))).MaskedAsync(Address);
        async Task<string> AddAsync(string address)
        {
            var confirm = await (await member.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", address));
            return await (await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password))).Response.MaskedAsync(address);
        }

        var (asked, added) = (await AskAsync(), await AddAsync("daini@example.jp"));
        await portal.RunJobsAsync();
        portal.Mail.Answer = SentMail.Down;
        var sent = portal.Mail.All.Count;
        Assert.Equal(asked, await AskAsync());
        Assert.Equal(added, await AddAsync("dainn@example.jp"));
        await portal.RunJobsAsync();
        Assert.Equal(sent, portal.Mail.All.Count);
        portal.Mail.Answer = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("パスワード再発行のご案内", (await portal.SubjectsToAsync(Address)).Skip(1));
        Assert.Contains("メールアドレス確認のご案内", await portal.SubjectsToAsync("dainn@example.jp"));
    }

    [Theory, OnEveryDatabase]
    public async Task A4_An_attempt_is_reserved_before_it_is_hashed_and_given_back_by_success(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.RegisterAsync(portal.Visitor(), person, LoginId);
        var page = await portal.Stranger().OpenAsync("/login");
        await using var gate = new ShutGate(portal, isQueueFull: false);
        var right = page.PressOnceAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password));
        while ((await portal.AccountAsync(person)).Throttle.FailuresInRow == 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        Assert.False(right.IsCompleted);
        await gate.OpenAsync();
        Assert.True((await right).IsIn());
        Assert.Equal(0, (await portal.AccountAsync(person)).Throttle.FailuresInRow);
    }

    [Theory, OnEveryDatabase]
    public async Task A4_A8_An_attempt_whose_visitor_left_before_it_was_hashed_is_given_back(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        await member.AskReissueAsync(Address);
        await portal.AskToRegisterAsync(portal.Stranger(), "hanako@example.jp");
        var session = await portal.ReadAsync(db => db.PortalSessions.SingleAsync(s => s.Trust == Trust.Login));
        var reissue = await portal.ReadAsync(db => db.ReissueRequests.Select(r => r.Id).SingleAsync());
        var link = await portal.ReadAsync(db => db.RegistrationLinks.Where(l => l.Address == "hanako@example.jp").Select(l => l.Id).SingleAsync());
        var signedIn = new SignedIn(session.Id, session.AccountId!.Value, Guid.Empty, "", null, false, []);
        var provisional = ProvisionalId.FromSerial(1, portal.Society.InsurerNumber);
        await using var gate = new ShutGate(portal, isQueueFull: false);

        await LeaveAsync((services, left) => services.GetRequiredService<LoginService>().LogInAsync(LoginId, Wrong, [], null, left));
        await LeaveAsync((services, left) => services.GetRequiredService<CurrentPassword>().RefuseAsync(signedIn, Wrong, left));
        await LeaveAsync((services, left) => services.GetRequiredService<ReissueService>().LogInAsync(reissue, LoginId, Wrong, null, left));
        await LeaveAsync((services, left) => services.GetRequiredService<RegistrationService>().LogInAsync(link, provisional, Wrong, null, left));

        async Task LeaveAsync(Func<IServiceProvider, CancellationToken, Task> attempt)
        {
            using var left = new CancellationTokenSource();
            var trying = portal.AsStaffAsync(async services =>
            {
                await attempt(services, left.Token);
                return true;
            });
            while (await CountedAsync() == 0)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }

            await left.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
            Assert.Equal(0, await CountedAsync());
        }

        Task<int> CountedAsync() => portal.ReadAsync(async db =>
            await db.MemberAccounts.SumAsync(a => a.Throttle.FailuresInRow) + await db.PortalSessions.SumAsync(s => s.WrongPasswords)
            + await db.ReissueRequests.SumAsync(r => r.Failures) + await db.RegistrationLinks.SumAsync(l => l.Failures));
    }

    [Theory, OnEveryDatabase]
    public async Task A7_Spraying_IDs_from_many_addresses_and_links_gets_nowhere_and_locks_nobody_out(DatabaseKind kind)
    {
        // Two shifts of what five thousand IDs would be: one password for many IDs, five tries a link, each link of another mail and network address.
        const int links = 12;
        await using var portal = await WebPortal.StartAsync(kind);
        var letters = new List<Letter>();
        for (var i = 0; i < links; i++)
        {
            letters.Add(await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]));
        }

        await portal.WriteAsync(db => db.ProvisionalFailures.AddRange(Enumerable.Range(0, ProvisionalFailure.BudgetPerHour - 20)
            .Select(_ => new ProvisionalFailure { SocietyId = portal.Society.Id, At = portal.Clock.Now })));
        var pages = new List<ShownPage>();
        for (var i = 0; i < links; i++)
        {
            await (await portal.Stranger().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", $"spray{i}@example.jp"));
        }

        await portal.RunJobsAsync();
        for (var i = 0; i < links; i++)
        {
            pages.Add(await portal.Stranger().FollowAsync(portal.Mail.To($"spray{i}@example.jp").Single()));
        }

        var (judged, made) = (0, 0);
        for (var round = 0; round < MailedTries; round++)
        {
            for (var i = 0; i < links; i++)
            {
                var answer = await pages[i].PressAsync("ログイン", ("ログインID", letters[(i + round) % links].ProvisionalId), ("仮パスワード", "abcd-efgh-jkmn"));
                Assert.NotEqual("利用者情報入力", answer.Heading);
                made++;
                judged += answer.Errors.Any(e => e.Contains("違います", StringComparison.Ordinal)) ? 1 : 0;
            }
        }

        // Twenty fill the budget; then each link has one try in thirty seconds, however many there are.
        Assert.Equal(links * MailedTries, made);
        Assert.InRange(judged, 20, 20 + links);
        Assert.Equal(0, await portal.CountAsync(db => db.PortalSessions));
        Assert.Contains("仮ログインの失敗が多発", Assert.Single(await portal.SubjectsToAsync("staff@minato.test")), StringComparison.Ordinal);

        // Whose IDs they were still enters, at once, under a link of their own.
        var own = await portal.AskToRegisterAsync(portal.Stranger(), "honnin@example.jp");
        Assert.Equal("利用者情報登録完了", (await own.CompleteRegistrationAsync(letters[3], LoginId)).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task A10_A_device_cookie_that_is_forged_or_of_another_account_opens_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (his, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        var (hers, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-hanako", "hanako@example.jp");
        await portal.WriteAsync(db =>
        {
            var throttle = db.MemberAccounts.Single(a => a.LoginId == LoginId).Throttle;
            for (var i = 0; i < LoginThrottle.MostFailures; i++)
            {
                throttle.TryReserve(portal.Clock.Now.AddHours(i - 200));
            }
        });
        var device = his.CookieOf("kenko-device")!;
        foreach (var cookie in new[] { hers.CookieOf("kenko-device")!, device[..^3] + "AAA", $"{Guid.CreateVersion7():N}{Guid.CreateVersion7():N}"[..43], "" })
        {
            var thief = portal.Stranger();
            thief.Cookies.Add(new Cookie("kenko-device", cookie, "/", "localhost"));
            Assert.Equal("/login", (await thief.LogInAsync(LoginId)).Path);
        }

        var own = portal.Stranger();
        own.Cookies.Add(new Cookie("kenko-device", device, "/", "localhost"));
        Assert.Equal("/", (await own.LogInAsync(LoginId)).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task A11_An_unknown_a_locked_and_a_suspended_ID_wait_for_the_same_hashing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        foreach (var loginId in new[] { "shitteru", "tojita-hito", "tomatta-hito" })
        {
            await portal.RegisterAsync(portal.Stranger(), (await portal.AddHouseholdAsync("本人"))[0], loginId, $"{loginId}@example.jp");
        }

        await portal.WriteAsync(db =>
        {
            db.MemberAccounts.Single(a => a.LoginId == "tomatta-hito").SuspendedAt = portal.Clock.Now;
            var throttle = db.MemberAccounts.Single(a => a.LoginId == "tojita-hito").Throttle;
            for (var i = 0; i < LoginThrottle.MostFailures; i++)
            {
                throttle.TryReserve(portal.Clock.Now.AddHours(i - 200));
            }
        });
        await using (var gate = new ShutGate(portal, isQueueFull: true))
        {
            // Whoever needed no hash would be answered 200 here.
            foreach (var loginId in new[] { "shitteru", "tojita-hito", "tomatta-hito", "inai-hito", "x" })
            {
                var busy = await (await portal.Stranger().OpenAsync("/login")).PressAsync("ログイン", ("ログインID", loginId), ("パスワード", Wrong));
                Assert.True(busy.Status == HttpStatusCode.ServiceUnavailable, loginId);
                Assert.Equal("ただいま混み合っています", busy.Heading);
            }
        }

        Assert.Equal(0, await portal.CountAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.LoginFailed)));
    }

    [Theory, OnEveryDatabase]
    public async Task A13_A_new_ID_new_addresses_and_a_closed_disclosure_act_at_the_next_request_of_every_session(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (here, _) = await portal.MemberAsync(family[0], LoginId);
        var there = portal.Stranger();
        await there.LogInAsync(LoginId);
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        var hisTab = (await hers.OpenAsync("/profile")).Document.QuerySelectorAll(".kp-tabs a").Single(a => a.TextContent.Trim() == "被保険者さん").GetAttribute("href")!;
        const string nothing = "公開している通知はありません";

        await SaveAsync(here, ("ログインID", "umi-no-hito"), ("医療費通知: 公開する", "on"));
        Assert.Equal("umi-no-hito", ValueOf(await there.OpenAsync("/profile"), "LoginId"));
        Assert.DoesNotContain(nothing, (await hers.OpenAsync(hisTab)).Text, StringComparison.Ordinal);
        await SaveAsync(there, ("医療費通知: 公開しない", "on"));
        Assert.Contains(nothing, (await hers.OpenAsync(hisTab)).Text, StringComparison.Ordinal);

        await SaveAsync(here, ("メールアドレス2", "daini@example.jp"));
        await (await here.FollowAsync(await portal.MailToAsync("daini@example.jp"))).PressAsync("確認する");
        Assert.Equal("daini@example.jp", ValueOf(await there.OpenAsync("/profile"), "Address2"));

        // A form that was shown before is judged by what is now stored.
        var old = await there.OpenAsync("/profile");
        await SaveAsync(here, ("メールアドレス1", "daini@example.jp"), ("メールアドレス2", ""));
        Assert.Equal("daini@example.jp", ValueOf(await there.OpenAsync("/profile"), "Address1"));
        Assert.Equal("現在のパスワード", (await old.PressAsync("登録", ("ニックネーム", "たろう"))).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task A16_Every_guarded_change_is_told_to_all_confirmed_addresses_the_old_ones_included_without_contents(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        await AddAddressAsync(portal, person, 2, "daini@example.jp");
        await portal.RunJobsAsync();
        async Task ToldAsync(string subject, Func<Task> change, params string[] addresses)
        {
            var before = portal.Mail.All.Count;
            await change();
            await portal.RunJobsAsync();
            var told = portal.Mail.All.Skip(before).Where(m => m.Subject == subject).ToList();
            Assert.Equal(addresses.Order(StringComparer.Ordinal), told.Select(m => m.To.Value).Order(StringComparer.Ordinal));
            Assert.All(told, m => Assert.DoesNotContain(
                new[] { LoginId, "umi-no-hito", "ご本人", "@example.jp", "医療費", "/c/", Journeys.Password, Steps.NewPassword, person.Name },
                secret => m.TextBody.Contains(secret, StringComparison.Ordinal)));
        }

        const string changed = "ご登録内容変更のお知らせ";
        await ToldAsync(changed, () => SaveAsync(visitor, ("ログインID", "umi-no-hito")), Address, "daini@example.jp");
        await ToldAsync(changed, () => SaveAsync(visitor, ("医療費通知: 公開する", "on")), Address, "daini@example.jp");
        await ToldAsync(changed, () => SaveAsync(visitor, ("医療費通知: 公開しない", "on")), Address, "daini@example.jp");
        await ToldAsync("メールアドレス登録の申し込みのお知らせ", () => SaveAsync(visitor, ("メールアドレス3", "daisan@example.jp")), Address, "daini@example.jp");
        var link = portal.Mail.To("daisan@example.jp").Single();
        await ToldAsync(changed, async () => await (await visitor.FollowAsync(link)).PressAsync("確認する"), Address, "daini@example.jp", "daisan@example.jp");
        await ToldAsync(changed, () => SaveAsync(visitor, ("メールアドレス2", ""), ("メールアドレス3", "")), Address, "daini@example.jp", "daisan@example.jp");
        await AddAddressAsync(portal, person, 2, "daini@example.jp");
        await ToldAsync(
            "パスワード変更のお知らせ",
            async () => await (await visitor.OpenAsync("/profile/password")).PressAsync(
                "登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword)),
            Address,
            "daini@example.jp");
    }

    [Fact]
    public async Task P1_The_manuals_characters_and_lengths_exactly_and_nothing_of_the_members_own()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.SetPersonAsync(person, p => p.BirthDate = new DateOnly(1960, 4, 1));
        var (visitor, _) = await portal.MemberAsync(person, "umi2026no");
        await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("ニックネーム", "nami1234tarou"));
        var page = await visitor.OpenAsync("/profile/password");

        // The confirmation is left out, so that a good password is refused for that alone and costs no hash.
        async Task<string> JudgeAsync(string password)
        {
            // A member has thirty posts a minute (row A6).
            portal.Clock.Advance(TimeSpan.FromSeconds(3));
            return Assert.Single((await page.PressAsync("登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", password), ("パスワード確認", ""))).Errors);
        }

        const string good = "もう一度入力";
        for (var c = ' '; c <= '~'; c++)
        {
            var isAllowed = char.IsAsciiLetterOrDigit(c) || "_#+,/=?!@*%&^`-".Contains(c, StringComparison.Ordinal);
            Assert.Contains(isAllowed ? good : "使えない文字", await JudgeAsync($"kaze{c}7yukiru"), StringComparison.Ordinal);
        }

        foreach (var (password, words) in new[]
        {
            ("kaze7yu", "8文字以上"),
            ("xk4vwtz9", good),
            ("yukikaze", "半角の英小文字と数字"),
            ("KAZE7YUKI", "半角の英小文字と数字"),
            ("73927104", "半角の英小文字と数字"),
            ("ｋａｚｅ７ｙｕｋｉ", "使えない文字"),
            ("kaze7yuki\u200B", "使えない文字"),
            (new string('q', 60) + "wert7yukaz" + new string('r', 58), good),
            (new string('q', 60) + "wert7yukaz" + new string('r', 59), "128文字以下"),
            ("password123", "よく使われる言葉"),
            ("Umi-2026-No", "ほとんどがログインID"),
            ("NAMI_1234_tarou", "ほとんどがニックネーム"),
            ("umi2026nokaze", "ほとんどがログインID"),
            ("1960-04-01a", "ほとんどが生年月日"),
            ("kenpokumiai1", "組合の名前や"),
            ("umi2026no-kujira-mado-5", good),
        })
        {
            Assert.Contains(words, await JudgeAsync(password), StringComparison.Ordinal);
        }

        // Paste and password managers are let in.
        Assert.All(page.Document.QuerySelectorAll("input[type=password]"), input =>
        {
            Assert.Null(input.GetAttribute("onpaste"));
            Assert.NotEqual("off", input.GetAttribute("autocomplete"));
            Assert.True(int.Parse(input.GetAttribute("maxlength") ?? "128", System.Globalization.CultureInfo.InvariantCulture) >= 128);
        });
    }

    private const int MailedTries = 5;

    private static async Task SaveAsync(Visitor visitor, params (string Label, string Value)[] fields)
    {
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", fields);
        Assert.Equal("現在のパスワード", confirm.Heading);
        Assert.Equal("/profile", (await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password))).Path);
    }

    private static string ValueOf(ShownPage page, string field) => page.Document.QuerySelector($"input[name='Input.{field}']")!.GetAttribute("value") ?? "";

    private static async Task AddAddressAsync(WebPortal portal, Person person, int slot, string address)
    {
        var account = await portal.AccountAsync(person);
        await portal.WriteAsync(db => db.AccountMailAddresses.Add(new AccountMailAddress
        {
            SocietyId = person.SocietyId, AccountId = account.Id, Slot = slot, Address = address, AddressKey = address, ConfirmedAt = portal.Clock.Now,
        }));
    }
}

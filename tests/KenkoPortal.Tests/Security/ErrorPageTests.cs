using System.Net;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Security;

/// <summary>Error pages, hosts and the text-size form: rows G5, Z1 and the contract of issue 2.</summary>
public sealed class ErrorPageTests
{
    [Theory, OnEveryDatabase]
    public async Task G5_A_fault_is_a_page_that_tells_nothing_of_it_or_of_the_member(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        await portal.WriteAsync(db => db.Database.ExecuteSqlRaw("""UPDATE "Persons" SET "Sex" = 'bogus'"""));
        var fault = await member.OpenAsync("/profile");
        Assert.Equal(HttpStatusCode.InternalServerError, fault.Status);
        AssertGeneric(fault, "エラーが発生しました");
        Assert.NotNull(fault.Document.QuerySelector("main a[href='/']"));
    }

    [Theory, OnEveryDatabase]
    public async Task G5_A_database_that_fails_is_503_with_a_page_and_nothing_fails_open(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        var login = await portal.Stranger().OpenAsync("/login");
        await AlterAsync(portal, kind, "PortalSessions", "Gone");
        var page = await member.OpenAsync("/profile");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.NotNull(page.Response.Headers.RetryAfter);
        AssertGeneric(page, "ただいま混み合っています");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await login.PressAsync("ログイン", ("ログインID", "minato-taro"), ("パスワード", Journeys.Password))).Status);
        await AlterAsync(portal, kind, "Gone", "PortalSessions");
        Assert.Equal("/profile", (await member.OpenAsync("/profile")).Path);

        await AlterAsync(portal, kind, "Societies", "Gone");
        page = await member.OpenAsync("/");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        AssertGeneric(page, "ただいま混み合っています");
        Assert.Equal("ok\n", (await member.OpenAsync("/healthz")).Html);
        await AlterAsync(portal, kind, "Gone", "Societies");
        Assert.Equal("/", (await member.OpenAsync("/")).Path);
    }

    [Fact]
    public async Task G5_A_database_that_stands_still_is_503_long_before_its_driver_gives_up()
    {
        Assert.SkipWhen(TestDatabase.PostgresAdmin is null, "KENKO_TEST_POSTGRES is not set");
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Postgres, new() { ["Portal:LongestRequest"] = "00:00:00.5" });
        await using (var other = portal.Database.Database.CreateConnection(asOwner: true))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var command = other.CreateCommand();
            command.CommandText = """LOCK TABLE "Societies" IN ACCESS EXCLUSIVE MODE""";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var page = await portal.Stranger().OpenAsync("/login");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
            Assert.NotNull(page.Response.Headers.RetryAfter);
            AssertGeneric(page, "ただいま混み合っています");
        }

        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().OpenAsync("/login")).Status);
    }

    [Fact]
    public async Task G5_Requests_that_cannot_be_read_are_refused_with_a_page()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        const string old = "画面の有効期限が切れました";
        const string unreadable = "送信内容を受け付けられませんでした";
        foreach (var (type, body, heading) in new[]
        {
            ("application/x-www-form-urlencoded", "Input.LoginId=a&Input.Password=b", old),
            ("application/x-www-form-urlencoded", "form-token=x", old),
            ("application/x-www-form-urlencoded", "Input.LoginId=%00&Input.Password=%00", unreadable),
            ("application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 2000).Select(i => $"a{i}=1")), unreadable),
            ("application/x-www-form-urlencoded", new string('a', 3000) + "=1", unreadable),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: nonsense\r\n", unreadable),
            ("multipart/form-data", "no boundary", unreadable),
            ("application/json", "{\"Input\":{\"LoginId\":\"a\"}}", unreadable),
            ("text/plain", "form-token=x", unreadable),
        })
        {
            foreach (var path in new[] { "/login", "/register", "/profile", "/logout" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
                request.Content.Headers.Remove("Content-Type");
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
                var page = await ShownPage.OfAsync(member, await member.SendAsync(request));
                Assert.True((int)page.Status is >= 400 and < 500, $"{path} {type}: {page.Status}");
                AssertGeneric(page, heading);
            }
        }

        using var other = new HttpRequestMessage(HttpMethod.Put, "/profile");
        var answer = await ShownPage.OfAsync(member, await member.SendAsync(other));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        AssertGeneric(answer, unreadable);
    }

    [Fact]
    public async Task G5_Field_names_with_brackets_in_a_form_with_its_token_are_passed_over()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var visitor = portal.Visitor();
        foreach (var name in new[] { "[", "]", "a[", "Input.LoginId[", "Input[LoginId", "[]", "Input[LoginId]", "Input.LoginId[][" })
        {
            var request = await (await visitor.OpenAsync("/login")).RequestFor("ログイン", ("ログインID", "inai-hito"), ("パスワード", "")).WithAsync((name, "x"));
            var page = await ShownPage.OfAsync(visitor, await visitor.SendAsync(request));
            Assert.True(page.Status is HttpStatusCode.OK, $"{name}: {page.Status}");
            Assert.Equal("健康マイポータルログイン", page.Heading);
        }
    }

    [Fact]
    public async Task Error_pages_asked_for_directly_are_not_found()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        foreach (var status in new[] { 200, 302, 400, 404, 429, 500, 503, 999 })
        {
            var page = await portal.Visitor().OpenAsync($"/errors/{status}");
            Assert.Equal(HttpStatusCode.NotFound, page.Status);
            AssertGeneric(page, "ページが見つかりません");
        }
    }

    [Theory, OnEveryDatabase]
    public async Task With_one_society_every_host_finds_it_and_with_two_an_unknown_host_finds_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        Assert.Contains("minato健康保険組合", (await portal.Visitor("anything.example").OpenAsync("/login")).Html, StringComparison.Ordinal);
        await portal.AddSocietyAsync("yama", "yama.example");
        Assert.Contains("yama健康保険組合", (await portal.Visitor("YAMA.example:8443").OpenAsync("/login")).Html, StringComparison.Ordinal);
        Assert.Contains("minato健康保険組合", (await portal.Visitor("localhost").OpenAsync("/login")).Html, StringComparison.Ordinal);
        foreach (var path in new[] { "/login", "/", "/register", "/c/abc", "/there-is-no-such-page" })
        {
            var page = await portal.Visitor("anything.example").OpenAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, page.Status);
            AssertGeneric(page, "ページが見つかりません");
            Assert.DoesNotContain("健康保険組合", page.Html, StringComparison.Ordinal);
        }

        foreach (var path in new[] { "/healthz", "/readyz" })
        {
            Assert.Equal(HttpStatusCode.OK, (await portal.Visitor("10.0.0.7").OpenAsync(path)).Status);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task Readyz_tells_a_mail_queue_that_stands_still(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await (await portal.Visitor().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "taro@example.jp"));
        await portal.WriteAsync(db => db.OutboxMails.Add(new Core.Mail.OutboxMail
        {
            SocietyId = portal.Society.Id, Lane = Core.Mail.MailLane.Account, Template = "registered", ToAddress = "taro@example.jp",
            QueuedAt = portal.Clock.Now, NextAttemptAt = portal.Clock.Now,
        }));
        Assert.Equal(HttpStatusCode.OK, (await portal.Visitor().OpenAsync("/readyz")).Status);
        portal.Clock.Advance(TimeSpan.FromMinutes(16));
        var ready = await portal.Visitor().OpenAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Equal("mail queue stands still\n", ready.Html);
    }

    [Fact]
    public async Task Z1_The_text_size_form_sets_a_display_cookie_and_returns_to_a_known_page()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        foreach (var (back, leadsTo) in new[]
        {
            ("/profile", "/profile"),
            ("/register/account", "/register/account"),
            ("//evil.example", "/"),
            ("https://evil.example/", "/"),
            ("/\\evil.example", "/"),
            ("/login?next=//evil.example", "/"),
            ("/logout", "/"),
            ("javascript:alert(1)", "/"),
            ("", "/"),
        })
        {
            var visitor = portal.Visitor();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/text-size")
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["size"] = "l", ["return"] = back }),
            };
            var answer = await visitor.SendAsync(request);
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            Assert.Equal(leadsTo, answer.Headers.Location?.OriginalString);
            Assert.StartsWith("text-size=l;", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
            Assert.Equal("l", (await visitor.OpenAsync("/login")).Document.DocumentElement.GetAttribute("data-size"));
        }
    }

    [Fact]
    public async Task The_text_size_is_remembered_before_and_after_login_and_nonsense_sets_nothing()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var visitor = portal.Visitor();
        var page = await (await visitor.OpenAsync("/register")).PressAsync("大");
        Assert.Equal("/register", page.Path);
        Assert.Equal("l", page.Document.DocumentElement.GetAttribute("data-size"));
        await portal.RegisterAsync(visitor, (await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        page = await visitor.LogInAsync("minato-taro");
        Assert.Equal("l", page.Document.DocumentElement.GetAttribute("data-size"));
        page = await page.PressAsync("小");
        Assert.Equal("s", page.Document.DocumentElement.GetAttribute("data-size"));
        using var nonsense = new HttpRequestMessage(HttpMethod.Post, "/text-size") { Content = new FormUrlEncodedContent([KeyValuePair.Create("size", "xxl")]) };
        var answer = await visitor.SendAsync(nonsense);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal("s", (await visitor.OpenAsync("/there-is-no-such-page")).Document.DocumentElement.GetAttribute("data-size"));
    }

    private static void AssertGeneric(ShownPage page, string heading)
    {
        Assert.Equal(heading, page.Heading);
        foreach (var hidden in new[] { "ご本人", "minato-taro", "taro@example.jp", "Exception", "   at ", "bogus", "Gone", "form-token", "Npgsql", "SQLite", "ログアウト" })
        {
            Assert.DoesNotContain(hidden, page.Html, StringComparison.Ordinal);
        }

        Assert.Equal("no-store", page.Response.Headers.CacheControl?.ToString());
    }

    private static async Task AlterAsync(WebPortal portal, DatabaseKind kind, string table, string name)
    {
        var sql = $"""ALTER TABLE "{table}" RENAME TO "{name}" """;
        if (kind is DatabaseKind.Postgres)
        {
            await portal.Database.ExecuteAsAdminAsync(sql);
            return;
        }

        await using var scope = portal.Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        await scope.ServiceProvider.GetRequiredService<PortalContext>().Database.ExecuteSqlRawAsync(sql);
    }
}

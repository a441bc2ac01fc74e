using System.Net;
using KenkoPortal.Core.Common;
using KenkoPortal.Tests.Smtp;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages.Register;

/// <summary>Asking for the mail, and the link in it: rows A1, A3, L2, L8, L9 and M3 of docs/security.md.</summary>
public sealed class AskingTests
{
    [Theory, OnEveryDatabase]
    public async Task A1_The_answer_is_the_same_for_every_address_of_every_state(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        foreach (var state in new[] { "known", "suspended", "locked" })
        {
            var person = (await portal.AddHouseholdAsync("本人"))[0];
            await portal.RegisterAsync(portal.Stranger(), person, $"{state}-hito", $"{state}@example.jp");
            await portal.WriteAsync(db =>
            {
                var account = db.MemberAccounts.Single(a => a.PersonId == person.Id);
                account.SuspendedAt = state == "suspended" ? portal.Clock.Now : null;
                for (var i = 0; state == "locked" && i < 100; i++)
                {
                    account.Throttle.TryReserve(portal.Clock.Now.AddHours(i - 200));
                }
            });
        }

        foreach (var (path, button) in new[] { ("/register", "送信する"), ("/reissue", "送信") })
        {
            async Task<string> AskAsync(string address) =>
                await (await (await portal.Stranger().OpenAsync(path)).PressOnceAsync(button, ("メールアドレス", address))).MaskedAsync(address);

            var expected = await AskAsync("unknown@example.jp");
            Assert.StartsWith("200", expected, StringComparison.Ordinal);
            foreach (var address in new[] { "known@example.jp", "suspended@example.jp", "locked@example.jp", "unknown@example.jp", "unknown@example.jp", "unknown@example.jp" })
            {
                Assert.Equal(expected, await AskAsync(address));
            }
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A3_A_relay_that_is_down_changes_no_answer_and_loses_no_mail(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var before = await (await (await portal.Stranger().OpenAsync("/register")).PressOnceAsync("送信する", ("メールアドレス", "a@example.jp"))).MaskedAsync("a@example.jp");
        await portal.RunJobsAsync();
        portal.Mail.Answer = SentMail.Down;
        var after = await (await (await portal.Stranger().OpenAsync("/register")).PressOnceAsync("送信する", ("メールアドレス", "b@example.jp"))).MaskedAsync("b@example.jp");
        Assert.Equal(before, after);
        await portal.RunJobsAsync();
        Assert.Empty(portal.Mail.To("b@example.jp"));
        portal.Mail.Answer = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["利用登録手続きのご案内"], await portal.SubjectsToAsync("b@example.jp"));
    }

    [Theory, OnEveryDatabase]
    public async Task The_page_that_follows_shows_the_address_and_until_when_the_link_works(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var visitor = portal.Visitor();
        var page = await (await visitor.OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", " Taro.Minato@example.jp "));
        Assert.Contains("Taro.Minato@example.jp", page.Text, StringComparison.Ordinal);
        Assert.Contains(JapanTime.Clock(portal.Clock.Now.AddHours(3)), page.Text, StringComparison.Ordinal);
        Assert.Contains("迷惑メール", page.Text, StringComparison.Ordinal);
        Assert.Single(await portal.SubjectsToAsync("Taro.Minato@example.jp"));

        // Asking again from there is one press.
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        page = await page.PressAsync("もう一度送信する");
        Assert.Contains(JapanTime.Clock(portal.Clock.Now.AddHours(3)), page.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await portal.SubjectsToAsync("Taro.Minato@example.jp")).Count);
    }

    [Fact]
    public async Task What_is_no_address_is_said_at_the_field_and_asks_for_nothing()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        foreach (var typed in new[] { "", "taro", "a@example.jp,b@example.jp", "a@example.jp b@example.jp", "tаro@example.jp", "<script>@example.jp" })
        {
            var page = await (await portal.Visitor().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", typed));
            Assert.Equal("新規利用登録", page.Heading);
            Assert.Contains("メールアドレス", Assert.Single(page.Errors), StringComparison.Ordinal);
            Assert.Null(page.Document.QuerySelector("main script"));
        }

        Assert.Equal(0, await portal.CountAsync(db => db.MailAsks));
    }

    [Theory, OnEveryDatabase]
    public async Task L2_A_hundred_looks_and_a_scanner_that_submits_blank_forms_consume_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var visitor = portal.Visitor();
        await (await visitor.OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "taro@example.jp"));
        var mail = await portal.MailToAsync("taro@example.jp");
        var link = Visitor.LinkIn(mail);
        for (var i = 0; i < 100; i++)
        {
            var scanner = portal.Stranger();
            using var request = new HttpRequestMessage(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head, link);
            Assert.Equal(HttpStatusCode.SeeOther, (await scanner.SendAsync(request)).StatusCode);
            if (i % 10 == 0)
            {
                var form = await scanner.OpenAsync("/register/login");
                Assert.Equal(HttpStatusCode.OK, (await form.PressOnceAsync("ログイン")).StatusCode);
                Assert.Equal(HttpStatusCode.OK, (await form.PressOnceAsync("ログイン", ("ログインID", "test"), ("仮パスワード", "test"))).StatusCode);
            }
        }

        var stored = await portal.ReadAsync(db => db.RegistrationLinks.SingleAsync());
        Assert.Equal(50, stored.Clicks);
        Assert.Equal(0, stored.Failures);
        var complete = await (await visitor.FollowAsync(mail)).CompleteRegistrationAsync(letter, "minato-taro");
        Assert.Equal("利用者情報登録完了", complete.Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task L8_Links_are_built_from_the_configured_origin_whatever_host_the_request_names(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var visitor = portal.Visitor("evil.example");
        var request = (await visitor.OpenAsync("/register")).RequestFor("送信する", ("メールアドレス", "taro@example.jp"));
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("Forwarded", "host=evil.example");
        Assert.Equal(HttpStatusCode.OK, (await visitor.SendAsync(request)).StatusCode);
        var mail = await portal.MailToAsync("taro@example.jp");
        Assert.Contains("\nhttps://minato.portal.test/c/", mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", mail.TextBody, StringComparison.Ordinal);

        // Nor do redirections name a host.
        var click = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Get, Visitor.LinkIn(mail)));
        Assert.Equal("/register/login", click.Headers.Location?.OriginalString);
    }

    [Theory, OnEveryDatabase]
    public async Task L9_The_link_swaps_its_token_for_a_cookie_and_leads_to_a_clean_address(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await (await portal.Visitor().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "taro@example.jp"));
        var path = Visitor.LinkIn(await portal.MailToAsync("taro@example.jp"));
        var token = path["/c/".Length..];
        Assert.True(token.Length * 6 >= 128);
        foreach (var spelled in new[] { path, $"/kw21cu/clickCount/cc?r={token}", $"/kw21cu/clickCount/cc?r={token}&no=1" })
        {
            var visitor = portal.Visitor();
            var page = await visitor.OpenAsync(spelled);
            Assert.Equal("/register/login", page.Response.RequestMessage!.RequestUri!.PathAndQuery);
            Assert.Equal("新規利用登録", page.Heading);
            Assert.DoesNotContain(token, page.Html, StringComparison.Ordinal);
        }

        var answer = await portal.Visitor().SendAsync(new HttpRequestMessage(HttpMethod.Get, path));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=10800", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(token, cookie, StringComparison.Ordinal);
        Assert.Equal(0, answer.Content.Headers.ContentLength ?? 0);
    }

    [Fact]
    public async Task L9_A_form_posted_under_no_referrer_carries_a_null_origin_and_is_taken()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var visitor = portal.Visitor();
        var request = (await visitor.OpenAsync("/register")).RequestFor("送信する", ("メールアドレス", "taro@example.jp"));
        request.Headers.Add("Origin", "null");
        Assert.Equal(HttpStatusCode.OK, (await visitor.SendAsync(request)).StatusCode);
        Assert.Single(await portal.SubjectsToAsync("taro@example.jp"));
    }

    [Fact]
    public async Task Old_addresses_and_old_links_lead_somewhere()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var visitor = portal.Visitor();
        foreach (var (path, leadsTo, status) in new[]
        {
            ("/kw21cu/user/login.jsf", "/login", HttpStatusCode.OK),
            ("/kw21cu/clickCount/cc?r=abcDEF123&no=1", "/link-expired", HttpStatusCode.Gone),
            ("/c/abcDEF123", "/link-expired", HttpStatusCode.Gone),
            ("/c/%2e%2e%2flogin", "/link-expired", HttpStatusCode.Gone),
            ("/kw21cu/clickCount/cc?r=//evil.example", "/link-expired", HttpStatusCode.Gone),
            ("/kw21cu/clickCount/cc", "/c/", HttpStatusCode.NotFound),
        })
        {
            var page = await visitor.OpenAsync(path);
            Assert.Equal(leadsTo, page.Path);
            Assert.Equal(status, page.Status);
            using var look = new HttpRequestMessage(HttpMethod.Head, path);
            Assert.Equal(HttpStatusCode.SeeOther, (await visitor.SendAsync(look)).StatusCode);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task M3_Three_asks_an_hour_and_ten_a_day_are_answered_form_and_empty_mail_together(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        string[] spellings = ["taro@example.jp", "TARO@example.jp", "Taro@example.jp", "taro@Example.jp"];
        var answered = 0;
        for (var hour = 0; hour < 5; hour++)
        {
            for (var i = 0; i < 4; i++)
            {
                await AskAsync(portal, spellings[i], byMail: i % 2 == 1);
            }

            await portal.RunJobsAsync();
            var now = portal.Mail.All.Count;
            Assert.Equal(hour == 0 ? 3 : 1, now - answered);
            answered = now;
            portal.Clock.Advance(TimeSpan.FromMinutes(61));
        }

        // The reissue has a count of its own, and another mailbox too.
        await AskAsync(portal, "hanako@example.jp", byMail: true);
        await portal.RunJobsAsync();
        Assert.Equal(8, portal.Mail.All.Count);
        portal.Clock.Advance(TimeSpan.FromHours(20));
        await AskAsync(portal, "taro@example.jp", byMail: true);
        await portal.RunJobsAsync();
        Assert.Equal(9, portal.Mail.All.Count);
    }

    [Theory, OnEveryDatabase]
    public async Task M3_The_whole_society_has_a_cap(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.WriteAsync(db => db.Societies.Single().MailAsksPerHour = 2);
        foreach (var address in new[] { "a@example.jp", "b@example.jp", "c@example.jp" })
        {
            await AskAsync(portal, address, byMail: false);
        }

        await portal.RunJobsAsync();
        Assert.Equal(2, portal.Mail.All.Count(m => m.To.Value != "staff@minato.test"));
        portal.Clock.Advance(TimeSpan.FromMinutes(61));
        await AskAsync(portal, "c@example.jp", byMail: false);
        await portal.RunJobsAsync();
        Assert.Equal(3, portal.Mail.All.Count(m => m.To.Value != "staff@minato.test"));
    }

    [Theory, OnEveryDatabase]
    public async Task A10_M3_Whoever_fills_the_cap_of_registrations_leaves_the_reissue_open(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.RegisterAsync(portal.Visitor(), (await portal.AddHouseholdAsync("本人"))[0], "minato-taro", "taro@example.jp");
        await portal.WriteAsync(db => db.Societies.Single().MailAsksPerHour = 2);
        foreach (var address in new[] { "a@example.jp", "b@example.jp", "c@example.jp" })
        {
            await AskAsync(portal, address, byMail: true);
        }

        await portal.Stranger().AskReissueAsync("taro@example.jp");

        Assert.Contains("パスワード再発行のご案内", await portal.SubjectsToAsync("taro@example.jp"));
        Assert.Empty(await portal.SubjectsToAsync("c@example.jp"));
    }

    [Fact]
    public async Task A6_Z7_A_known_device_has_no_more_asks_for_naming_its_account_in_a_field_that_the_form_has_not()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var member = portal.Visitor();
        await portal.RegisterAsync(member, (await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        await member.LogInAsync("minato-taro");
        await (await member.OpenAsync("/")).PressAsync("ログアウト");
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        var page = await member.OpenAsync("/register");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 31; i++)
        {
            var request = await page.RequestFor("送信する", ("メールアドレス", $"dareka{i}@example.jp")).WithAsync(("Input.LoginId", "minato-taro"));
            statuses.Add((await member.SendAsync(request)).StatusCode);
        }

        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, statuses.Take(30));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    private static async Task AskAsync(WebPortal portal, string address, bool byMail)
    {
        if (!byMail)
        {
            await (await portal.Stranger().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", address));
            return;
        }

        await using var door = await MailDoor.OpenAsync(portal.Services);
        await using var peer = await SmtpListenerHost.Peer.ConnectAsync(door.Port);
        await peer.HearAsync();
        var to = await portal.ReadAsync(db => db.Societies.Select(s => s.RegistrationAddress).SingleAsync());
        foreach (var (word, reply) in new[]
        {
            ("EHLO c", "250"), ($"MAIL FROM:<{address}>", "250"), ($"RCPT TO:<{to}>", "250"), ("DATA", "354"), ($"From: {address}\r\nSubject:\r\n\r\n.", "250"),
        })
        {
            Assert.StartsWith(reply, await peer.SayAsync(word), StringComparison.Ordinal);
        }
    }
}

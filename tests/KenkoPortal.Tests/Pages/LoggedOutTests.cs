using System.Net;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Pages;

/// <summary>Findings A5 and A6 of the members' pages: the login page says why it comes, and leads back to the page that was asked for. A used link leads to the login.</summary>
public sealed class LoggedOutTests
{
    [Theory, OnEveryDatabase]
    public async Task Who_was_logged_out_is_told_why_and_comes_back_to_the_page(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.Notices().CostAsync(person, "2026-04");
        var (visitor, _) = await portal.MemberAsync(person, "minato-taro");
        portal.Clock.Advance(TimeSpan.FromMinutes(31));

        var login = await visitor.OpenAsync("/medical-costs/2026");
        Assert.Equal("/login", login.Path);
        Assert.Contains("ログアウトしました", login.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("登録されていません", login.Text, StringComparison.Ordinal);
        var page = await login.PressAsync("ログイン", ("ログインID", "minato-taro"), ("パスワード", Journeys.Password));
        Assert.Equal("/medical-costs/2026", page.Path);
        Assert.DoesNotContain("ログアウトしました", (await portal.Visitor().OpenAsync("/login")).Text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task What_was_typed_when_the_session_was_over_is_said_to_be_unsaved(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, "minato-taro");
        var profile = await visitor.OpenAsync("/profile");
        portal.Clock.Advance(TimeSpan.FromMinutes(31));

        var login = await profile.PressAsync("登録", ("ニックネーム", "みなと"));
        Assert.Equal("/login", login.Path);
        Assert.Contains("入力した内容は登録されていません。", login.Text, StringComparison.Ordinal);
        var page = await login.PressAsync("ログイン", ("ログインID", "minato-taro"), ("パスワード", Journeys.Password));
        Assert.Equal("/profile", page.Path);
    }

    [Fact]
    public async Task A_page_asked_for_before_the_login_comes_after_it_and_no_other_address_does()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.MemberAsync(person, "minato-taro");
        var visitor = portal.Visitor();
        var login = await visitor.OpenAsync("/profile/history");
        Assert.DoesNotContain("ログアウトしました", login.Text, StringComparison.Ordinal);
        Assert.Equal("/profile/history", (await login.PressAsync("ログイン", ("ログインID", "minato-taro"), ("パスワード", Journeys.Password))).Path);

        foreach (var path in new[] { "//evil.example/", "/medical-costs/2026//evil.example", "https://evil.example/", "/dev/mail" })
        {
            var stranger = portal.Visitor();
            stranger.Cookies.Add(new Cookie("kenko-login", Uri.EscapeDataString("0" + path), "/", "localhost") { Secure = true });
            Assert.Equal("/", (await stranger.LogInAsync("minato-taro")).Path);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A_reissue_link_that_was_used_leads_to_the_login_and_one_that_was_voided_to_a_new_start(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (member, _) = await portal.MemberAsync(person, "minato-taro");
        var visitor = portal.Visitor();
        await (await visitor.OpenAsync("/reissue")).PressAsync("送信", ("メールアドレス", "taro@example.jp"));
        var mail = await portal.MailToAsync("taro@example.jp");
        var temporary = mail.TextBody.Split('\n').Single(l => l.StartsWith("仮パスワード:", StringComparison.Ordinal))["仮パスワード:".Length..].Trim();
        var form = await (await visitor.FollowAsync(mail)).PressAsync("ログイン", ("ログインID", "minato-taro"), ("仮パスワード", temporary));
        const string password = "umikaze-7-hibari-kumo";
        await form.PressAsync("登録", ("新しいパスワード", password), ("パスワード確認", password));

        var used = await visitor.FollowAsync(mail);
        Assert.Equal("手続きは完了しています", used.Heading);
        Assert.Equal("/login", used.Document.QuerySelector(".kp-actions a")!.GetAttribute("href"));
        Assert.DoesNotContain("やり直", used.Text, StringComparison.Ordinal);

        await (await visitor.OpenAsync("/reissue")).PressAsync("送信", ("メールアドレス", "taro@example.jp"));
        mail = await portal.MailToAsync("taro@example.jp");
        await visitor.LogInAsync("minato-taro", password);
        await (await visitor.OpenAsync("/profile/password")).PressAsync("登録", ("現在のパスワード", password), ("新しいパスワード", "natsu-no-8-hayabusa"), ("パスワード確認", "natsu-no-8-hayabusa"));
        var voided = await portal.Visitor().FollowAsync(mail);
        Assert.NotEqual("手続きは完了しています", voided.Heading);
        Assert.Equal("/reissue", voided.Document.QuerySelector(".kp-actions a")!.GetAttribute("href"));
    }
}

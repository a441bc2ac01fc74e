using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>「プロフィール設定」, one's own tab, and 「パスワード変更」: rows A13, A15, A16, L7, L10, N4, Z7 of docs/security.md.</summary>
public sealed class ProfileTests
{
    private const string LoginId = "minato-taro";
    private const string Address = "taro@example.jp";
    private const string Told = "ご登録内容変更のお知らせ";
    private const string Asked = "メールアドレス登録の申し込みのお知らせ";

    [Theory, OnEveryDatabase]
    public async Task The_page_shows_what_is_stored_under_the_manuals_labels(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        var page = await visitor.OpenAsync("/profile");
        Assert.Equal("プロフィール設定(ご本人さん)", page.Heading);
        Assert.Equal([LoginId, "ご本人", Address, "", ""], new[] { "LoginId", "Nickname", "Address1", "Address2", "Address3" }.Select(f => ValueOf(page, f)));
        Assert.Equal(["on", "on", "公開しない", "公開しない"], Switches(page));
        Assert.Contains("通知メールを受信するものにチェックを付けてください。", page.Text, StringComparison.Ordinal);
        Assert.Contains("世帯内への公開設定", page.Text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Nickname_and_notice_switches_are_saved_at_once_and_told_to_nobody(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        await portal.RunJobsAsync();
        var before = portal.Mail.All.Count;
        var page = await (await visitor.OpenAsync("/profile")).PressAsync(
            "登録", ("ニックネーム", "UBS三郎"), ("医療費通知更新メール通知", "off"));
        Assert.Equal("プロフィール設定(UBS三郎さん)", page.Heading);
        Assert.Contains("登録しました", page.Text, StringComparison.Ordinal);
        Assert.Equal(["off", "on", "公開しない", "公開しない"], Switches(page));
        Assert.Contains("UBS三郎さん", (await visitor.OpenAsync("/")).Html, StringComparison.Ordinal);
        await portal.RunJobsAsync();
        Assert.Equal(before, portal.Mail.All.Count);
    }

    [Fact]
    public async Task Who_calls_themselves_san_is_not_called_so_twice()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (visitor, _) = await portal.MemberAsync(family[0], LoginId);
        var (wife, _) = await portal.MemberAsync(family[1], "minato-hanako");
        var page = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("ニックネーム", "けんさん"));
        Assert.Equal("プロフィール設定(けんさん)", page.Heading);
        Assert.Equal("けんさん", ValueOf(page, "Nickname"));
        foreach (var shown in new[] { page, await wife.OpenAsync("/profile") })
        {
            Assert.Contains("けんさん", shown.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("さんさん", shown.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_a_save_makes_a_page_say_that_something_was_saved_and_once()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var family = await portal.AddHouseholdAsync("本人", "長男");
        var (visitor, _) = await portal.MemberAsync(family[0], LoginId);
        var child = $"/profile/{family[1].Id:N}";
        foreach (var link in new[] { "/profile?saved=true", "/profile?IsSaved=true", $"{child}?saved=true", "/profile/password?saved=true" })
        {
            Assert.Null((await visitor.OpenAsync(link)).Document.QuerySelector(".kp-notice-success"));
        }

        var answer = await (await visitor.OpenAsync("/profile")).PressOnceAsync("登録", ("ニックネーム", "たろう"));
        var mark = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^kenko-done=ProfileSaved\\.[^;]+; max-age=60; path=/; samesite=lax; httponly$", mark);

        // Another's tab, and another of one's own pages, say nothing of it; the tab itself does, once.
        Assert.Null((await visitor.OpenAsync(child)).Document.QuerySelector(".kp-notice-success"));
        Assert.Null((await visitor.OpenAsync("/profile/password")).Document.QuerySelector(".kp-notice-success"));
        Assert.Contains("登録しました", (await visitor.OpenAsync("/profile")).Document.QuerySelector(".kp-notice-success")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await visitor.OpenAsync("/profile")).Document.QuerySelector(".kp-notice-success"));

        // A mark of another account, or one that somebody made up, is none.
        foreach (var made in new[] { "ProfileSaved.", "ProfileSaved.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ProfileSaved", "x" })
        {
            visitor.Cookies.Add(new Cookie("kenko-done", made, "/", "localhost"));
            Assert.Null((await visitor.OpenAsync("/profile")).Document.QuerySelector(".kp-notice-success"));
        }

        var (other, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "yoso-no-hito", "yoso@example.jp");
        other.Cookies.Add(new Cookie("kenko-done", mark.Split('=', ';')[1], "/", "localhost"));
        Assert.Null((await other.OpenAsync("/profile")).Document.QuerySelector(".kp-notice-success"));
    }

    [Fact]
    public async Task Each_rule_refuses_at_its_field_and_nothing_is_saved()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        foreach (var (label, typed, words) in new[]
        {
            ("ログインID", "", "ログインIDを入力"),
            ("ログインID", "abcdefg1", "7文字目と8文字目"),
            ("ログインID", "12345678", "仮ログインID（8桁の数字）は、ログインIDとしてお使いになれません"),
            ("ログインID", "１２３４－５６７８", "仮ログインID（8桁の数字）は、ログインIDとしてお使いになれません"),
            ("ログインID", "みなと太郎さん", "使えるのは"),
            ("ログインID", "taro", "6文字以上32文字以下"),
            ("ニックネーム", "", "ニックネームを入力"),
            ("ニックネーム", "   ", "ニックネームを入力"),
            ("ニックネーム", "た\u202Eろう", "使えない文字"),
            ("ニックネーム", "た\u200Dろう", "使えない文字"),
            ("ニックネーム", "あいうえおかきくけこさしすせそたちつてとな", "20文字以下"),
            ("メールアドレス1", "", "必ず1つ登録"),
            ("メールアドレス2", "daini", "正しく入力"),
            ("メールアドレス2", "TARO@example.jp", "同じメールアドレス"),
            ("メールアドレス3", "a@example.jp,b@example.jp", "正しく入力"),
        })
        {
            var page = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("ジェネリック通知更新メール通知", "off"), (label, typed));
            Assert.Contains(words, Assert.Single(page.Errors), StringComparison.Ordinal);
            Assert.StartsWith("エラー：", page.Document.Title, StringComparison.Ordinal);
            Assert.True(await portal.ReadAsync(db => db.Persons.Select(p => p.GenericDrugMail).SingleAsync()));
            page = await visitor.OpenAsync("/profile");
            Assert.Equal([LoginId, "ご本人", Address, "", ""], new[] { "LoginId", "Nickname", "Address1", "Address2", "Address3" }.Select(f => ValueOf(page, f)));
        }
    }

    [Theory]
    [InlineData("MedicalCost", "999", "どちらかを選んで")]
    [InlineData("GenericDrug", "", "どちらかを選んで")]
    [InlineData("GenericDrug", "Open", "どちらかを選んで")]
    [InlineData("GenericDrug", null, "どちらかを選んで")]
    [InlineData("MedicalCostMail", "999", "読み取れませんでした")]
    public async Task An_answer_that_the_page_does_not_offer_is_refused_at_its_field_and_nothing_is_saved(string field, string? value, string words)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var family = await portal.AddHouseholdAsync("本人", "長男");
        var (visitor, _) = await portal.MemberAsync(family[0], LoginId);
        await portal.DiscloseAsync(family[0], NoticeKind.MedicalCost, isOpen: true);
        var before = await StoredAsync(portal);
        foreach (var (path, prefix) in new[] { ("/profile", "Input.Switches."), ($"/profile/{family[1].Id:N}", "Input.") })
        {
            var request = await (await visitor.OpenAsync(path)).RequestFor("登録", ("ジェネリック通知更新メール通知", "off")).WithoutAsync(prefix + field);
            var answer = await visitor.SendAsync(value is null ? request : await request.WithAsync((prefix + field, value)));
            var page = await ShownPage.OfAsync(visitor, answer);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains(words, Assert.Single(page.Errors), StringComparison.Ordinal);
            Assert.StartsWith("エラー：", page.Document.Title, StringComparison.Ordinal);
            Assert.Contains(words, page.Document.QuerySelector(".kp-error-summary")!.TextContent, StringComparison.Ordinal);
            Assert.Equal(before, await StoredAsync(portal));
            Assert.All(await portal.ReadAsync(db => db.Persons.ToListAsync()), p => Assert.True(p.GenericDrugMail));
        }
    }

    [Theory]
    [InlineData("ログインID", "umi-no-hito")]
    [InlineData("メールアドレス2", "daini@example.jp")]
    [InlineData("医療費通知: 公開する", "on")]
    public async Task A15_A_guarded_change_asks_for_the_current_password_before_anything_is_saved(string label, string value)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        await portal.RunJobsAsync();
        var mails = portal.Mail.All.Count;
        var before = await StoredAsync(portal);
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("ニックネーム", "たろう"), (label, value));
        Assert.Equal("現在のパスワード", confirm.Heading);
        Assert.DoesNotContain(value.Length > 2 ? value : "unseen", confirm.Html, StringComparison.Ordinal);
        Assert.Equal(before, await StoredAsync(portal));
        var refused = await confirm.PressAsync("登録", ("現在のパスワード", Steps.NewPassword));
        Assert.Contains("現在のパスワードが違います", Assert.Single(refused.Errors), StringComparison.Ordinal);
        refused = await refused.PressAsync("登録");
        Assert.Contains("現在のパスワードを入力", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.Equal(before, await StoredAsync(portal));
        await portal.RunJobsAsync();
        Assert.Equal(mails, portal.Mail.All.Count);

        var saved = await refused.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Equal("/profile", saved.Path);
        Assert.Equal("プロフィール設定(たろうさん)", saved.Heading);
        Assert.NotEqual(before, await StoredAsync(portal));

        // Row A16: told, without contents.
        var told = await portal.MailToAsync(Address);
        Assert.Equal(label == "メールアドレス2" ? Asked : Told, told.Subject);
        Assert.DoesNotContain("たろう", told.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain(value.Length > 2 ? value : "unseen", told.TextBody, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A15_The_sealed_form_is_of_its_session_and_cannot_be_changed(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (his, _) = await portal.MemberAsync(family[0], LoginId);
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        var hisConfirm = await (await his.OpenAsync("/profile")).PressAsync("登録", ("ログインID", "toraretai-id"));
        var hersConfirm = await (await hers.OpenAsync("/profile")).PressAsync("登録", ("ログインID", "betsuno-id"));
        var seal = hisConfirm.Document.QuerySelector("input[name='Seal']")!.GetAttribute("value")!;
        var request = await hersConfirm.RequestFor("登録", ("現在のパスワード", Journeys.Password)).WithoutAsync("Seal");
        var answer = await hers.SendAsync(await request.WithAsync(("Seal", seal)));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        request = await hisConfirm.RequestFor("登録", ("現在のパスワード", Journeys.Password)).WithoutAsync("Seal");
        answer = await his.SendAsync(await request.WithAsync(("Seal", seal[..^4] + "AAAA")));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([LoginId, "minato-hanako"], await portal.ReadAsync(db => db.MemberAccounts.Select(a => a.LoginId).OrderByDescending(l => l).ToListAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task Five_wrong_current_passwords_end_the_session(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        var page = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("ログインID", "umi-no-hito"));
        for (var i = 0; i < 4; i++)
        {
            page = await page.PressAsync("登録", ("現在のパスワード", Steps.NewPassword));
            Assert.Single(page.Errors);
        }

        // A right one begins the count anew.
        page = await page.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Equal("/profile", page.Path);
        page = await visitor.OpenAsync("/profile/password");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("/profile/password", page.Path);
            page = await page.PressAsync("登録", ("現在のパスワード", Steps.NewPassword), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        }

        Assert.Equal("/login", page.Path);
        Assert.Equal("/login", (await visitor.OpenAsync("/")).Path);
        Assert.True((await portal.TryLogInAsync("umi-no-hito", Journeys.Password)).IsIn());
    }

    [Theory, OnEveryDatabase]
    public async Task A_new_login_ID_counts_at_once_and_a_taken_one_is_refused_before_the_password_is_asked(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (visitor, _) = await portal.MemberAsync(family[0], LoginId);
        await portal.RegisterAsync(portal.Stranger(), family[1], "minato-hanako", "hanako@example.jp");
        var refused = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("ログインID", "Minato-HANAKO"));
        Assert.Contains("すでに使われています", Assert.Single(refused.Errors), StringComparison.Ordinal);
        var confirm = await refused.PressAsync("登録", ("ログインID", "MINATO-Taro"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.True((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("ログインID", "umi-no-hito"));

        // Taken while the password was being typed.
        await portal.WriteAsync(db => db.MemberAccounts.Single(a => a.LoginIdKey == "minato-hanako").LoginIdKey = "umi-no-hito");
        refused = await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Contains("すでに使われています", refused.Text, StringComparison.Ordinal);
        await portal.WriteAsync(db => db.MemberAccounts.Single(a => a.LoginIdKey == "umi-no-hito").LoginIdKey = "minato-hanako");
        await refused.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.False((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        Assert.True((await portal.TryLogInAsync("umi-no-hito", Journeys.Password)).IsIn());
    }

    [Theory, OnEveryDatabase]
    public async Task A1_After_ten_taken_login_IDs_a_member_changes_theirs_no_more_that_day(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (visitor, _) = await portal.MemberAsync(family[0], LoginId);
        await portal.RegisterAsync(portal.Stranger(), family[1], "minato-hanako", "hanako@example.jp");
        var page = await visitor.OpenAsync("/profile");
        for (var i = 0; i < 10; i++)
        {
            page = await page.PressAsync("登録", ("ログインID", "minato-hanako"));
            Assert.Contains("すでに使われています", Assert.Single(page.Errors), StringComparison.Ordinal);
        }

        // Neither taken nor free is told any more; what else is on the form can be saved.
        foreach (var loginId in new[] { "minato-hanako", "umi-no-hito" })
        {
            page = await page.PressAsync("登録", ("ログインID", loginId));
            Assert.Contains("今日はログインIDを変更できません", Assert.Single(page.Errors), StringComparison.Ordinal);
        }

        page = await page.PressAsync("登録", ("ログインID", LoginId), ("ニックネーム", "みなと"));
        Assert.Contains("登録しました", page.Text, StringComparison.Ordinal);

        // The next day in Japan.
        portal.Clock.Advance(TimeSpan.FromHours(14));
        await visitor.LogInAsync(LoginId);
        page = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("ログインID", "minato-hanako"));
        Assert.Contains("すでに使われています", Assert.Single(page.Errors), StringComparison.Ordinal);
        await (await page.PressAsync("登録", ("ログインID", "umi-no-hito"))).PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.True((await portal.TryLogInAsync("umi-no-hito", Journeys.Password)).IsIn());
    }

    [Theory, OnEveryDatabase]
    public async Task L10_A_new_address_counts_once_its_link_was_followed_and_confirmed_and_old_ones_are_told(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        var page = await SaveAddressesAsync(visitor, ("メールアドレス1", "atarashii@example.jp"));
        Assert.Equal(Address, ValueOf(page, "Address1"));
        Assert.Contains("atarashii@example.jp は確認待ちです", page.Text, StringComparison.Ordinal);
        var asked = await portal.MailToAsync("atarashii@example.jp");
        Assert.Equal("メールアドレス確認のご案内", asked.Subject);
        var told = await portal.MailToAsync(Address);
        Assert.Equal(Asked, told.Subject);
        Assert.Contains("確認待ち", told.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("変更されました", told.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("atarashii", told.TextBody, StringComparison.Ordinal);

        // Neither reissue nor notices reach it yet, and no stranger confirms it, by looking or logged in.
        await visitor.AskReissueAsync("atarashii@example.jp");
        await portal.RunJobsAsync();
        Assert.Single(portal.Mail.To("atarashii@example.jp"));
        var (stranger, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "shiranai-hito", "shiranai@example.jp");
        Assert.Equal(HttpStatusCode.Gone, (await stranger.FollowAsync(asked)).Status);
        Assert.Equal("/login", (await portal.Visitor().FollowAsync(asked)).Path);
        Assert.Equal([Address], await AddressesAsync(portal, person));

        var confirm = await visitor.FollowAsync(asked);
        Assert.Equal("/profile/address", confirm.Path);
        Assert.Contains("atarashii@example.jp", confirm.Text, StringComparison.Ordinal);
        Assert.Equal([Address], await AddressesAsync(portal, person));
        var before = (await portal.SubjectsToAsync(Address)).Count;
        var done = await confirm.PressAsync("確認する");
        Assert.Contains("メールアドレスを登録しました", done.Text, StringComparison.Ordinal);
        Assert.Equal(["atarashii@example.jp"], await AddressesAsync(portal, person));
        Assert.Equal(before + 1, (await portal.SubjectsToAsync(Address)).Count);
        Assert.Contains(Told, await portal.SubjectsToAsync("atarashii@example.jp"));
        Assert.Equal(HttpStatusCode.Gone, (await visitor.FollowAsync(asked)).Status);
        await visitor.AskReissueAsync("atarashii@example.jp");
        Assert.Contains("パスワード再発行のご案内", await portal.SubjectsToAsync("atarashii@example.jp"));
        var count = portal.Mail.All.Count;
        await visitor.AskReissueAsync(Address);
        await portal.RunJobsAsync();
        Assert.Equal(count, portal.Mail.All.Count);
    }

    [Theory, OnEveryDatabase]
    public async Task A_new_address_that_waits_is_shown_with_what_to_do_and_can_be_withdrawn(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        var page = await SaveAddressesAsync(visitor, ("メールアドレス1", "machigai@example.jp"), ("メールアドレス3", "daisan@example.jp"));
        var notice = page.Document.QuerySelector(".kp-notice-warning")!.TextContent;
        foreach (var words in new[] { "確認待ち", "machigai@example.jp", "daisan@example.jp", "「メールアドレス確認のご案内」", JapanTime.Clock(portal.Clock.Now.AddHours(3)) + "まで" })
        {
            Assert.Contains(words, notice, StringComparison.Ordinal);
        }

        var wrong = await portal.MailToAsync("machigai@example.jp");
        var mails = portal.Mail.All.Count;
        page = await page.PressAsync("取り消す");
        Assert.Equal("/profile", page.Path);
        Assert.Contains("取り消しました", page.Document.QuerySelector(".kp-notice-success")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("machigai@example.jp", page.Html, StringComparison.Ordinal);
        Assert.Contains("daisan@example.jp", page.Document.QuerySelector(".kp-notice-warning")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(Address, ValueOf(page, "Address1"));
        Assert.Equal(HttpStatusCode.Gone, (await visitor.FollowAsync(wrong)).Status);
        Assert.Equal("slot=1", await portal.ReadAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.AddressWithdrawn).Select(e => e.Detail).SingleAsync()));
        await portal.RunJobsAsync();
        Assert.Equal(mails, portal.Mail.All.Count);

        // The other one goes on to be confirmed; a button that is pressed on a page of before does nothing then.
        var before = page;
        await (await visitor.FollowAsync(await portal.MailToAsync("daisan@example.jp"))).PressAsync("確認する");
        page = await before.PressAsync("取り消す");
        Assert.Null(page.Document.QuerySelector(".kp-notice"));
        Assert.Equal([Address, "daisan@example.jp"], await AddressesAsync(portal, person));
    }

    [Theory, OnEveryDatabase]
    public async Task Nobody_withdraws_the_new_address_of_another_and_a_mail_that_was_not_sent_yet_is_never_sent(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        var (other, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "yoso-no-hito", "yoso@example.jp");
        await SaveAddressesAsync(visitor, ("メールアドレス2", "watashi@example.jp"));
        var theirs = await SaveAddressesAsync(other, ("メールアドレス2", "yoso2@example.jp"));
        var request = await (await theirs.RequestFor("取り消す").WithoutAsync("address")).WithAsync(("address", "watashi@example.jp"));
        Assert.Equal(HttpStatusCode.SeeOther, (await other.SendAsync(request)).StatusCode);
        Assert.Null((await other.OpenAsync("/profile")).Document.QuerySelector(".kp-notice-success"));
        Assert.Contains("watashi@example.jp", (await visitor.OpenAsync("/profile")).Text, StringComparison.Ordinal);

        await theirs.PressAsync("取り消す");
        await portal.RunJobsAsync();
        Assert.Single(portal.Mail.To("watashi@example.jp"));
        Assert.Empty(portal.Mail.To("yoso2@example.jp"));
    }

    [Theory, OnEveryDatabase]
    public async Task L10_Signed_out_the_link_leads_over_the_login_and_dies_after_three_hours(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        await SaveAddressesAsync(visitor, ("メールアドレス2", "daini@example.jp"));
        var asked = await portal.MailToAsync("daini@example.jp");
        var phone = portal.Visitor();
        var login = await phone.FollowAsync(asked);
        Assert.Equal("/login", login.Path);
        Assert.Contains("メールアドレスの確認のため、ログインしてください", login.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("daini@example.jp", login.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("メールアドレスの確認", (await portal.Visitor().OpenAsync("/login")).Text, StringComparison.Ordinal);
        login = await login.PressAsync("ログイン", ("ログインID", LoginId), ("パスワード", Steps.NewPassword));
        Assert.Contains("メールアドレスの確認のため、ログインしてください", login.Text, StringComparison.Ordinal);
        var confirm = await login.PressAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password));
        Assert.Equal("メールアドレスの確認", confirm.Heading);
        portal.Clock.Advance(TimeSpan.FromMinutes(25));
        await phone.OpenAsync("/");
        for (var i = 0; i < 6; i++)
        {
            portal.Clock.Advance(TimeSpan.FromMinutes(26));
            await phone.OpenAsync("/");
        }

        Assert.Equal(HttpStatusCode.Gone, (await confirm.PressAsync("確認する")).Status);
        Assert.Equal([Address], await AddressesAsync(portal, person));
    }

    [Theory, OnEveryDatabase]
    public async Task Signed_out_a_link_that_is_over_looks_like_one_that_is_not_and_is_told_behind_the_login_once(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        await SaveAddressesAsync(visitor, ("メールアドレス2", "daini@example.jp"));
        var asked = await portal.MailToAsync("daini@example.jp");
        var (early, phone) = (portal.Visitor(), portal.Visitor());
        var alive = await (await early.FollowAsync(asked)).Response.MaskedAsync();
        portal.Clock.Advance(TimeSpan.FromHours(4));
        await portal.RunJobsAsync();
        var login = await phone.FollowAsync(asked);
        Assert.Equal("/login", login.Path);
        Assert.Equal(alive, await login.Response.MaskedAsync());
        var ended = await login.PressAsync("ログイン", ("ログインID", LoginId), ("パスワード", Journeys.Password));
        Assert.Equal(HttpStatusCode.Gone, ended.Status);
        Assert.Contains("有効期限（3時間）が過ぎています", ended.Text, StringComparison.Ordinal);
        await (await phone.OpenAsync("/")).PressAsync("ログアウト");
        Assert.Equal("/", (await phone.LogInAsync(LoginId)).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task Three_addresses_are_added_in_one_form_changed_about_and_removed(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        await SaveAddressesAsync(visitor, ("メールアドレス2", "daini@example.jp"), ("メールアドレス3", "daisan@example.jp"));
        foreach (var address in new[] { "daini@example.jp", "daisan@example.jp" })
        {
            var asked = (await portal.MailToAsync(address), portal.Mail.To(address).Single(m => m.Subject == "メールアドレス確認のご案内")).Item2;
            await (await visitor.FollowAsync(asked)).PressAsync("確認する");
        }

        Assert.Equal([Address, "daini@example.jp", "daisan@example.jp"], await AddressesAsync(portal, person));

        // They change places: all are confirmed, so nobody is asked again, and none stands twice.
        await portal.RunJobsAsync();
        var mails = portal.Mail.All.Count;
        var page = await SaveAddressesAsync(visitor, ("メールアドレス1", "daini@example.jp"), ("メールアドレス2", "daisan@example.jp"), ("メールアドレス3", Address));
        Assert.Equal(["daini@example.jp", "daisan@example.jp", Address], await AddressesAsync(portal, person));
        Assert.DoesNotContain("確認待ち", page.Text, StringComparison.Ordinal);
        await portal.RunJobsAsync();
        Assert.Equal([Told, Told, Told], portal.Mail.All.Skip(mails).Select(m => m.Subject));

        // Removed ones are told as well, and a new first one leaves the old first until it is confirmed.
        mails = portal.Mail.All.Count;
        page = await SaveAddressesAsync(visitor, ("メールアドレス1", "ichiban@example.jp"), ("メールアドレス2", ""), ("メールアドレス3", ""));
        Assert.Equal("daini@example.jp", ValueOf(page, "Address1"));
        Assert.Equal(["daini@example.jp"], await AddressesAsync(portal, person));
        await portal.RunJobsAsync();
        Assert.Equal(
            ["daini@example.jp", "daisan@example.jp", "ichiban@example.jp", Address],
            portal.Mail.All.Skip(mails).Select(m => m.To.Value).Order(StringComparer.Ordinal));
        await (await visitor.FollowAsync(await portal.MailToAsync("ichiban@example.jp"))).PressAsync("確認する");
        Assert.Equal(["ichiban@example.jp"], await AddressesAsync(portal, person));
        await portal.RunJobsAsync();
        Assert.Contains(Told, portal.Mail.To("daini@example.jp").Select(m => m.Subject));
    }

    [Theory, OnEveryDatabase]
    public async Task The_last_confirmed_address_stays_until_another_is_confirmed(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, LoginId);
        await SaveAddressesAsync(visitor, ("メールアドレス1", "machigai@example.jp"), ("メールアドレス2", Address));
        Assert.Equal([Address], await AddressesAsync(portal, person));
        var wrong = await portal.MailToAsync("machigai@example.jp");
        await SaveAddressesAsync(visitor, ("メールアドレス1", "tadashii@example.jp"), ("メールアドレス2", ""));
        Assert.Equal([Address], await AddressesAsync(portal, person));
        Assert.Equal(HttpStatusCode.Gone, (await visitor.FollowAsync(wrong)).Status);
        await (await visitor.FollowAsync(await portal.MailToAsync("tadashii@example.jp"))).PressAsync("確認する");
        Assert.Equal(["tadashii@example.jp"], await AddressesAsync(portal, person));
    }

    [Theory, OnEveryDatabase]
    public async Task A1_Adding_an_address_answers_the_same_whosever_it_is(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        foreach (var state in new[] { "yoso", "tomatta", "tojita" })
        {
            var other = (await portal.AddHouseholdAsync("本人"))[0];
            await portal.RegisterAsync(portal.Stranger(), other, $"{state}-no-hito", $"{state}@example.jp");
            await portal.WriteAsync(db =>
            {
                var account = db.MemberAccounts.Single(a => a.PersonId == other.Id);
                account.SuspendedAt = state == "tomatta" ? portal.Clock.Now : null;
                for (var i = 0; state == "tojita" && i < LoginThrottle.MostFailures; i++)
                {
                    account.Throttle.TryReserve(portal.Clock.Now.AddHours(i - 200));
                }
            });
        }

        async Task<string> AddAsync(string address)
        {
            var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", address));
            var saved = await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
            return await saved.Response.MaskedAsync(address);
        }

        var expected = await AddAsync("dare@example.jp");
        foreach (var state in new[] { "yoso", "tomatta", "tojita" })
        {
            Assert.Equal(expected, await AddAsync($"{state}@example.jp"));
        }

        // Only the last of them still waits: each took the place of the one before.
        Assert.Contains("メールアドレス確認のご案内", await portal.SubjectsToAsync("tojita@example.jp"));
    }

    [Fact]
    public async Task Confirmation_mails_are_limited_to_ten_a_day()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        for (var i = 0; i < AddressConfirmation.MostPerDay; i++)
        {
            Assert.Equal("/profile", (await SaveAddressesAsync(visitor, ("メールアドレス2", $"dareka{i}@example.jp"))).Path);
        }

        var refused = await SaveAddressesAsync(visitor, ("メールアドレス2", "dareka@example.com"));
        Assert.Contains("明日、もう一度", refused.Document.QuerySelector(".kp-error-summary")!.TextContent, StringComparison.Ordinal);
        await portal.RunJobsAsync();
        Assert.Empty(portal.Mail.To("dareka@example.com"));
    }

    [Theory, OnEveryDatabase]
    public async Task Disclosure_is_dated_and_its_history_can_be_read(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人", "妻"))[0], LoginId);
        var registered = portal.Clock.Now;
        portal.Clock.Advance(TimeSpan.FromMinutes(20));
        var opened = await DiscloseAsync(visitor, "医療費通知: 公開する");
        Assert.Equal(["on", "on", "公開する", "公開しない"], Switches(opened));
        var first = portal.Clock.Now;
        portal.Clock.Advance(TimeSpan.FromMinutes(20));
        var closed = await DiscloseAsync(visitor, "医療費通知: 公開しない");
        Assert.Equal(["on", "on", "公開しない", "公開しない"], Switches(closed));
        var history = await visitor.OpenAsync("/profile/history");
        string[] roles = [.. history.Document.QuerySelectorAll("table, thead, tbody, tr, th, td").Select(e => e.GetAttribute("role") ?? "")];
        string[] heads = ["columnheader", "columnheader", "columnheader", "columnheader", "columnheader"];
        string[] line = ["row", "rowheader", "cell", "cell", "cell", "cell"];
        Assert.Equal(["table", "rowgroup", "row", .. heads, "rowgroup", .. line, .. line, .. line, .. line, .. line], roles);
        const string ByStart = "利用登録のとき、組合の初期設定により";
        Assert.Equal(
            [
                $"{JapanTime.DateAndClock(portal.Clock.Now)} ご本人さん 医療費通知 公開しない ご本人の選択",
                $"{JapanTime.DateAndClock(first)} ご本人さん ジェネリック通知 公開しない ご本人の選択",
                $"{JapanTime.DateAndClock(first)} ご本人さん 医療費通知 公開する ご本人の選択",
                $"{JapanTime.DateAndClock(registered)} ご本人さん ジェネリック通知 公開しない {ByStart}",
                $"{JapanTime.DateAndClock(registered)} ご本人さん 医療費通知 公開しない {ByStart}",
            ],
            history.Document.QuerySelectorAll("tbody tr").Select(r => string.Join(' ', r.Children.Select(c => c.TextContent.Trim()))));
        Assert.Equal(2, (await portal.SubjectsToAsync(Address)).Count(s => s == Told));
    }

    [Theory, OnEveryDatabase]
    public async Task A13_A15_A_password_change_keeps_this_session_under_a_new_token_and_ends_the_others(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        var (other, stolen) = (portal.Visitor(), portal.Visitor());
        await other.LogInAsync(LoginId);
        stolen.TakeCookiesOf(visitor);
        var page = await visitor.OpenAsync("/profile/password");
        foreach (var (current, wanted, again, words) in new[]
        {
            ("", Steps.NewPassword, Steps.NewPassword, "現在のパスワードを入力"),
            (Journeys.Password, "minato-taro", "minato-taro", "半角の英小文字と数字"),
            (Journeys.Password, "short1", "short1", "8文字以上"),
            (Journeys.Password, "password1", "password1", "よく使われる言葉"),
            (Journeys.Password, Steps.NewPassword, "", "もう一度入力"),
            (Steps.NewPassword, Steps.NewPassword, Steps.NewPassword, "現在のパスワードが違います"),
        })
        {
            page = await page.PressAsync("登録", ("現在のパスワード", current), ("新しいパスワード", wanted), ("パスワード確認", again));
            Assert.Contains(words, Assert.Single(page.Errors), StringComparison.Ordinal);
            Assert.All(page.Document.QuerySelectorAll("input[type=password]"), i => Assert.Equal("", i.GetAttribute("value") ?? ""));
        }

        page = await page.PressAsync("登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        Assert.Contains("新しいパスワードを登録しました", page.Text, StringComparison.Ordinal);
        Assert.Equal("/", (await visitor.OpenAsync("/")).Path);
        Assert.Equal("/login", (await other.OpenAsync("/")).Path);
        Assert.Equal("/login", (await stolen.OpenAsync("/")).Path);
        Assert.Equal("パスワード変更のお知らせ", (await portal.SubjectsToAsync(Address))[^1]);
        Assert.False((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        Assert.True((await portal.TryLogInAsync(LoginId, Steps.NewPassword)).IsIn());
    }

    [Theory, OnEveryDatabase]
    public async Task Z7_Extra_fields_do_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (visitor, _) = await portal.MemberAsync(family[0], LoginId);
        var request = (await visitor.OpenAsync("/profile")).RequestFor("登録", ("ニックネーム", "たろう"));
        request = await request.WithAsync(
            ("Input.SocietyId", $"{Guid.CreateVersion7()}"), ("Input.PersonId", $"{family[1].Id}"), ("PersonId", $"{family[1].Id}"), ("person", $"{family[1].Id}"),
            ("Input.IsProtected", "true"), ("Input.SuspendedAt", "2026-01-01"), ("Input.PasswordHash", "x"), ("Input.Switches.PersonId", $"{family[1].Id}"),
            ("Household[0].MayActFor", "true"), ("IsSaved", "true"), ("Input.Addresses[0]", "evil@example.jp"), ("SignedIn.AccountId", $"{Guid.CreateVersion7()}"));
        Assert.Equal(HttpStatusCode.SeeOther, (await visitor.SendAsync(request)).StatusCode);
        var persons = await portal.ReadAsync(db => db.Persons.OrderBy(p => p.ListOrder).ToListAsync());
        Assert.All(persons, p => Assert.False(p.IsProtected));
        Assert.All(persons, p => Assert.True(p.MedicalCostMail));
        var account = await portal.AccountAsync(family[0]);
        Assert.Equal("たろう", account.Nickname);
        Assert.Null(account.SuspendedAt);
        Assert.Equal([Address], await AddressesAsync(portal, family[0]));
        Assert.True((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
    }

    private static async Task<ShownPage> SaveAddressesAsync(Visitor visitor, params (string Label, string Value)[] fields)
    {
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", fields);
        Assert.Equal("現在のパスワード", confirm.Heading);
        return await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
    }

    private static async Task<ShownPage> DiscloseAsync(Visitor visitor, string label)
    {
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", (label, "on"));
        return await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
    }

    private static string ValueOf(ShownPage page, string field) => page.Document.QuerySelector($"input[name='Input.{field}']")!.GetAttribute("value") ?? "";

    internal static string[] Switches(ShownPage page) =>
    [
        .. page.Document.QuerySelectorAll("main input[type=checkbox]").Select(i => i.HasAttribute("checked") ? "on" : "off"),
        .. page.Document.QuerySelectorAll("main input[type=radio][checked]").Select(i => page.Document.QuerySelector($"label[for='{i.Id}']")!.TextContent.Trim()),
    ];

    private static async Task<List<string>> AddressesAsync(WebPortal portal, Person person)
    {
        var account = await portal.AccountAsync(person);
        return await portal.ReadAsync(db => db.AccountMailAddresses.Where(a => a.AccountId == account.Id).OrderBy(a => a.Slot).Select(a => a.Address).ToListAsync());
    }

    private static Task<string> StoredAsync(WebPortal portal) => portal.ReadAsync(async db =>
    {
        var account = await db.MemberAccounts.SingleAsync();
        var disclosure = await db.DisclosureSettings.CountAsync(d => d.IsOpen && d.Kind == NoticeKind.MedicalCost);
        return $"{account.LoginId} {account.Nickname} {await db.AddressConfirmations.CountAsync()} {disclosure}";
    });
}

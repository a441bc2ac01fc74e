using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages.Reissue;

/// <summary>「パスワード再発行」: rows L3–L7, N1 and A16 of docs/security.md.</summary>
public sealed class ReissueTests
{
    private const string LoginId = "minato-taro";
    private const string Address = "taro@example.jp";

    [Theory, OnEveryDatabase]
    public async Task L5_From_the_forgotten_password_to_the_new_one_asking_changes_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (elsewhere, _) = await portal.MemberAsync(person, LoginId);
        await AddAddressAsync(portal, person, 2, "daini@example.jp");

        var visitor = portal.Visitor();
        var login = await visitor.OpenAsync("/login");
        Assert.Equal("/reissue", login.Document.QuerySelectorAll("a").Single(a => a.TextContent.Trim() == "ログインID・パスワードを忘れた方はこちら").GetAttribute("href"));
        var sent = await visitor.AskReissueAsync("TARO@example.jp");
        Assert.Contains("TARO@example.jp", sent.Text, StringComparison.Ordinal);
        var mail = await portal.MailToAsync(Address);
        Assert.Equal("パスワード再発行のご案内", mail.Subject);
        var (loginId, password) = Steps.CredentialsIn(mail);
        Assert.Equal(LoginId, loginId);

        // Row L5: asking changed nothing.
        Assert.Equal("/", (await elsewhere.OpenAsync("/")).Path);
        Assert.True((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());

        var temporary = await visitor.FollowAsync(mail);
        Assert.Equal("/reissue/login", temporary.Path);
        Assert.Equal("仮ログイン(パスワード再発行)", temporary.Heading);
        Assert.Contains("メールでお知らせしたログインIDと仮パスワードでログインしてください。", temporary.Text, StringComparison.Ordinal);
        var form = await temporary.PressAsync("ログイン", ("ログインID", loginId.ToUpperInvariant()), ("仮パスワード", password.Replace("-", " ", StringComparison.Ordinal)));
        Assert.Equal("パスワード変更(パスワード再発行)", form.Heading);
        Assert.Equal("/", (await elsewhere.OpenAsync("/")).Path);

        var refused = await form.PressAsync("登録", ("新しいパスワード", "short1"), ("パスワード確認", "short1"));
        Assert.Contains("8文字以上", Assert.Single(refused.Errors), StringComparison.Ordinal);
        refused = await refused.PressAsync("登録", ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Journeys.Password));
        Assert.Contains("違います", Assert.Single(refused.Errors), StringComparison.Ordinal);
        var complete = await refused.PressAsync("登録", ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        Assert.Equal("/reissue/complete", complete.Path);

        Assert.Equal("/login", (await elsewhere.OpenAsync("/")).Path);
        Assert.False((await portal.TryLogInAsync(LoginId, Journeys.Password)).IsIn());
        Assert.True((await portal.TryLogInAsync(LoginId, Steps.NewPassword)).IsIn());
        Assert.Equal("パスワード変更のお知らせ", (await portal.SubjectsToAsync(Address))[^1]);
        Assert.Equal(["パスワード変更のお知らせ"], await portal.SubjectsToAsync("daini@example.jp"));

        // Once: neither the link nor the form works again.
        Assert.Equal(HttpStatusCode.Gone, (await visitor.FollowAsync(mail)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await visitor.OpenAsync("/reissue/password")).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task L4_No_spelling_but_the_stored_address_reaches_anybody(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.RegisterAsync(portal.Visitor(), person, LoginId);
        await portal.RunJobsAsync();
        var before = portal.Mail.All.Count;
        var visitor = portal.Visitor();
        var page = await visitor.OpenAsync("/reissue");
        foreach (var form in new[]
        {
            "Input.Address=taro@example.jp&Input.Address=evil@example.com",
            "Input.Address=evil@example.com&Input.Address=taro@example.jp",
            "Input.Address[]=taro@example.jp&Input.Address[]=evil@example.com",
            "Input.Address=taro@example.jp,evil@example.com",
            "Input.Address=taro@example.jp;evil@example.com",
            "Input.Address=taro@example.jp%0d%0aBcc:%20evil@example.com",
            "Input.Address=taro@example.jp%0aevil@example.com",
            "Input.Address=taro@example.jp%20evil@example.com",
            "Input.Address=%22taro@example.jp%22@example.com",
            "Input.Address=evil@example.com(taro@example.jp)",
            "Input.Address=<taro@example.jp>",
            "Input.Address=taro+tag@example.jp",
            "Input.Address=t%C4%81ro@example.jp",
            "Input.Address=t%D0%B0ro@example.jp",
            "Input.Address=taro@ex%C4%B1mple.jp",
            "Input.Address=%EF%BD%94aro@example.jp",
            "Input.Address=taro@example.jp.",
            "Input.Address=%25taro@example.jp",
            "Input.Address=t_ro@example.jp",
            "Input.Address=taro@example.j%EF%BD%90",
            "Address=taro@example.jp",
            "email=taro@example.jp&email=evil@example.com",
        })
        {
            var request = await page.RequestFor("送信", ("メールアドレス", "x")).WithoutAsync("Input.Address");
            request.Content = new StringContent(
                await request.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken) + "&" + form.Replace("+", "%2B", StringComparison.Ordinal),
                System.Text.Encoding.UTF8,
                "application/x-www-form-urlencoded");
            Assert.Equal(HttpStatusCode.OK, (await visitor.SendAsync(request)).StatusCode);
            await portal.RunJobsAsync();
            Assert.True(portal.Mail.All.Count == before, form);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task L6_The_temporary_password_opens_only_its_page_with_its_link(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.RegisterAsync(portal.Visitor(), family[0], LoginId, "taro@example.jp");
        await portal.RegisterAsync(portal.Visitor(), family[1], "minato-hanako", "hanako@example.jp");
        var (his, hers) = (portal.Visitor(), portal.Visitor());
        await his.AskReissueAsync("taro@example.jp");
        await hers.AskReissueAsync("hanako@example.jp");
        var (hisMail, hersMail) = (await portal.MailToAsync("taro@example.jp"), await portal.MailToAsync("hanako@example.jp"));
        var (loginId, password) = Steps.CredentialsIn(hisMail);

        Assert.False((await portal.TryLogInAsync(loginId, password)).IsIn());
        var hersForm = await hers.FollowAsync(hersMail);
        Assert.Single((await hersForm.PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password))).Errors);
        Assert.Single((await hersForm.PressAsync("ログイン", ("ログインID", "minato-hanako"), ("仮パスワード", password))).Errors);
        var hisForm = await his.FollowAsync(hisMail);
        Assert.Single((await hisForm.PressAsync("ログイン", ("ログインID", "minato-hanako"), ("仮パスワード", password))).Errors);
        Assert.Equal(HttpStatusCode.Gone, (await portal.Visitor().OpenAsync("/reissue/login")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await his.OpenAsync("/reissue/password")).Status);

        // The letter's page is no way in either: a link serves its own page only.
        Assert.Equal(HttpStatusCode.Gone, (await his.OpenAsync("/register/login")).Status);
        Assert.Equal("パスワード変更(パスワード再発行)", (await hisForm.PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password))).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task L6_Five_wrong_temporary_passwords_end_the_link(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.RegisterAsync(portal.Visitor(), (await portal.AddHouseholdAsync("本人"))[0], LoginId);
        var visitor = portal.Visitor();
        await visitor.AskReissueAsync(Address);
        var mail = await portal.MailToAsync(Address);
        var (loginId, password) = Steps.CredentialsIn(mail);
        var page = await visitor.FollowAsync(mail);
        page = await page.PressAsync("ログイン");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, page.Status);
            page = await page.PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", "wrong-wrong-wron"));
        }

        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.NotNull(page.Document.QuerySelector("main a[href='/reissue']"));
        Assert.Equal(HttpStatusCode.Gone, (await visitor.FollowAsync(mail)).Status);
        Assert.NotEmpty(password);
    }

    [Theory, OnEveryDatabase]
    public async Task L7_A_change_of_password_or_address_kills_the_links_that_are_out(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (member, _) = await portal.MemberAsync(person, LoginId);
        var (first, opened) = (portal.Visitor(), portal.Visitor());
        await first.AskReissueAsync(Address);
        var mail = await portal.MailToAsync(Address);
        var (loginId, password) = Steps.CredentialsIn(mail);
        var form = await (await opened.FollowAsync(mail)).PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password));
        var profile = await member.OpenAsync("/profile/password");
        await profile.PressAsync("登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        Assert.Equal(HttpStatusCode.Gone, (await first.FollowAsync(mail)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await form.PressAsync("登録", ("新しいパスワード", "tsugi-no-2028-a"), ("パスワード確認", "tsugi-no-2028-a"))).Status);
        Assert.True((await portal.TryLogInAsync(LoginId, Steps.NewPassword)).IsIn());

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await first.AskReissueAsync(Address);
        mail = await portal.MailToAsync(Address);
        var confirm = await (await member.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", "atarashii@example.jp"));
        await confirm.PressAsync("登録", ("現在のパスワード", Steps.NewPassword));
        var asked = await portal.MailToAsync("atarashii@example.jp");
        Assert.Equal(HttpStatusCode.OK, (await first.FollowAsync(mail)).Status);
        await (await member.FollowAsync(asked)).PressAsync("確認する");
        Assert.Equal(HttpStatusCode.Gone, (await first.FollowAsync(mail)).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task L3_Only_the_newest_sent_link_of_the_account_works(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.RegisterAsync(portal.Visitor(), (await portal.AddHouseholdAsync("本人"))[0], LoginId);
        var visitor = portal.Visitor();
        await visitor.AskReissueAsync(Address);
        var first = await portal.MailToAsync(Address);
        portal.Clock.Advance(TimeSpan.FromMinutes(10));
        portal.Mail.Answer = SentMail.Down;
        await visitor.AskReissueAsync(Address);
        await portal.RunJobsAsync();
        Assert.Equal(HttpStatusCode.OK, (await visitor.FollowAsync(first)).Status);
        portal.Mail.Answer = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await portal.MailToAsync(Address);
        Assert.NotEqual(first.MessageId, second.MessageId);
        Assert.Equal(HttpStatusCode.Gone, (await visitor.FollowAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await visitor.FollowAsync(second)).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task N1_Two_accounts_that_share_an_address_get_a_mail_each_that_names_only_itself(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.RegisterAsync(portal.Stranger(), family[0], "otto-no-id", "futari@example.jp");
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.RegisterAsync(portal.Stranger(), family[1], "tsuma-no-id", "futari@example.jp");
        await portal.RunJobsAsync();
        var visitor = portal.Visitor();
        await visitor.AskReissueAsync("futari@example.jp");
        await portal.RunJobsAsync();
        var mails = portal.Mail.All.Where(m => m.Subject == "パスワード再発行のご案内").ToList();
        Assert.Equal(2, mails.Count);
        Assert.Single(mails, m => m.TextBody.Contains("otto-no-id", StringComparison.Ordinal) && !m.TextBody.Contains("tsuma", StringComparison.Ordinal));
        var hers = Assert.Single(mails, m => m.TextBody.Contains("tsuma-no-id", StringComparison.Ordinal) && !m.TextBody.Contains("otto", StringComparison.Ordinal));
        Assert.All(mails, m => Assert.Equal("futari@example.jp", m.To.Value));

        // One's link does not end the other's.
        foreach (var mail in mails)
        {
            Assert.Equal(HttpStatusCode.OK, (await visitor.FollowAsync(mail)).Status);
        }

        var (loginId, password) = Steps.CredentialsIn(hers);
        var form = await (await visitor.FollowAsync(hers)).PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password));
        await form.PressAsync("登録", ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        Assert.True((await portal.TryLogInAsync("otto-no-id", Journeys.Password)).IsIn());
        Assert.True((await portal.TryLogInAsync("tsuma-no-id", Steps.NewPassword)).IsIn());
    }

    [Theory, OnEveryDatabase]
    public async Task A_suspended_or_former_member_gets_no_mail_and_a_suspension_ends_what_is_out(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.RegisterAsync(portal.Visitor(), person, LoginId);
        var visitor = portal.Visitor();
        await visitor.AskReissueAsync(Address);
        var mail = await portal.MailToAsync(Address);
        await portal.SuspendAsync(person);
        Assert.Equal(HttpStatusCode.Gone, (await visitor.FollowAsync(mail)).Status);
        var before = portal.Mail.All.Count;
        await visitor.AskReissueAsync(Address);
        await portal.RunJobsAsync();
        await portal.WriteAsync(db => db.MemberAccounts.Single().SuspendedAt = null);
        await portal.SetPersonAsync(person, p => p.LostOn = new DateOnly(2024, 10, 5));
        await visitor.AskReissueAsync(Address);
        await portal.RunJobsAsync();
        Assert.Equal(before, portal.Mail.All.Count);
    }

    [Theory]
    [InlineData(179, HttpStatusCode.OK)]
    [InlineData(181, HttpStatusCode.Gone)]
    public async Task L1_The_mail_is_good_for_three_hours_from_its_issue(int minutes, HttpStatusCode expected)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        await portal.RegisterAsync(portal.Visitor(), (await portal.AddHouseholdAsync("本人"))[0], LoginId);
        var visitor = portal.Visitor();
        await visitor.AskReissueAsync(Address);
        var mail = await portal.MailToAsync(Address);
        portal.Clock.Advance(TimeSpan.FromMinutes(minutes));
        Assert.Equal(expected, (await visitor.OpenAsync(Visitor.LinkIn(mail).Replace("/c/", "/kw21cu/clickCount/cc?no=1&r=", StringComparison.Ordinal))).Status);
    }

    private static async Task AddAddressAsync(WebPortal portal, Core.Members.Person person, int slot, string address)
    {
        var account = await portal.AccountAsync(person);
        await portal.WriteAsync(db => db.AccountMailAddresses.Add(new AccountMailAddress
        {
            SocietyId = person.SocietyId, AccountId = account.Id, Slot = slot, Address = address, AddressKey = address, ConfirmedAt = portal.Clock.Now,
        }));
    }
}

using System.Net;
using System.Text;
using KenkoPortal.Core.Letters;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages.Register;

/// <summary>The letter's credentials under the mailed link: rows A7–A9, L1 and L3 of docs/security.md.</summary>
public sealed class ProvisionalLoginTests
{
    [Theory, OnEveryDatabase]
    public async Task A7_The_200th_failure_of_an_hour_alarms_once_and_slows_each_link_while_right_ones_still_enter(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var links = new List<ShownPage>();
        for (var i = 0; i < 4; i++)
        {
            links.Add(await portal.AskToRegisterAsync(portal.Stranger(), $"hito{i}@example.jp"));
        }

        await portal.WriteAsync(db => db.ProvisionalFailures.AddRange(Enumerable.Range(0, ProvisionalFailure.BudgetPerHour - 2)
            .Select(_ => new ProvisionalFailure { SocietyId = portal.Society.Id, At = portal.Clock.Now })));
        await FailAsync(links[0], letter);
        Assert.Empty(await portal.SubjectsToAsync("staff@minato.test"));

        // Three at a time: the one that fills the budget is not missed, and alarms alone.
        await Task.WhenAll(links.Skip(1).Select(link => FailAsync(link, letter)));
        var alarm = Assert.Single(await portal.SubjectsToAsync("staff@minato.test"));
        Assert.Contains("仮ログインの失敗が多発", alarm, StringComparison.Ordinal);

        var slow = await RightAsync(links[1], letter);
        Assert.Contains("30秒", Assert.Single(slow.Errors), StringComparison.Ordinal);
        var fresh = await portal.AskToRegisterAsync(portal.Stranger(), "hajimete@example.jp");
        Assert.Equal("利用者情報入力", (await RightAsync(fresh, letter)).Heading);
        portal.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("利用者情報入力", (await RightAsync(links[1], letter)).Heading);
        await FailAsync(links[2], letter);
        Assert.Single(await portal.SubjectsToAsync("staff@minato.test"));

        // Later the budget is whole again.
        portal.Clock.Advance(TimeSpan.FromMinutes(61));
        await FailAsync(links[3], letter);
        Assert.Equal("利用者情報入力", (await RightAsync(links[3], letter)).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task A8_Without_a_live_link_there_is_no_provisional_login(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var page = await portal.Visitor().OpenAsync("/register/login");
        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.Equal("このURLは使えません", page.Heading);
        Assert.NotNull(page.Document.QuerySelector("main a[href='/register']"));

        // A form that was shown while the link lived is refused after it died.
        var late = await portal.AskToRegisterAsync(portal.Visitor(), "taro@example.jp");
        portal.Clock.Advance(TimeSpan.FromMinutes(181));
        var refused = await RightAsync(late, letter);
        Assert.Equal(HttpStatusCode.Gone, refused.Status);
        Assert.Contains("有効期限", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.CountAsync(db => db.PortalSessions));
    }

    [Theory, OnEveryDatabase]
    public async Task A8_Many_right_attempts_at_a_time_do_not_end_the_link(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var link = await portal.AskToRegisterAsync(portal.Visitor(), "taro@example.jp");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RightAsync(link, letter)));
        Assert.Equal("利用者情報入力", (await RightAsync(link, letter)).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task A9_Credentials_work_once_for_180_days_until_a_newer_letter_and_are_stored_hashed(DatabaseKind kind)
    {
        Assert.True(Math.Log2(ProvisionalPassword.Alphabet.Length) * 12 >= 59);
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "母");
        var (old, used) = (await portal.GiveLetterAsync(family[0]), await portal.GiveLetterAsync(family[1]));
        var stored = await portal.ReadAsync(db => db.ProvisionalCredentials.Select(c => c.PasswordMac).ToListAsync());
        Assert.All(stored, mac => Assert.Equal(32, mac.Length));
        Assert.DoesNotContain(stored, mac => Encoding.Latin1.GetString(mac).Contains(old.ProvisionalPassword[..4], StringComparison.Ordinal));

        var voided = await portal.GiveLetterAsync(family[0]);
        await (await portal.AskToRegisterAsync(portal.Visitor(), "a@example.jp")).CompleteRegistrationAsync(used, "tsuma-san");
        var link = await portal.AskToRegisterAsync(portal.Visitor(), "b@example.jp");
        var expected = Assert.Single((await FailedAsync(link, voided)).Errors);
        Assert.Equal(expected, Assert.Single((await RightAsync(link, old)).Errors));
        Assert.Equal(expected, Assert.Single((await RightAsync(link, used)).Errors));

        var late = await portal.GiveLetterAsync(family[2]);
        portal.Clock.Advance(TimeSpan.FromDays(180));
        link = await portal.AskToRegisterAsync(portal.Visitor(), "c@example.jp");
        Assert.Equal(expected, Assert.Single((await RightAsync(link, late)).Errors));
        var fresh = await portal.GiveLetterAsync(family[2]);
        portal.Clock.Advance(TimeSpan.FromDays(180) - TimeSpan.FromMinutes(1));
        link = await portal.AskToRegisterAsync(portal.Visitor(), "c@example.jp");
        Assert.Equal("利用者情報入力", (await RightAsync(link, fresh)).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task L1_A_form_begun_in_time_may_be_finished_for_thirty_minutes(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (his, hers) = (await portal.GiveLetterAsync(family[0]), await portal.GiveLetterAsync(family[1]));
        var (link, other) = (
            await portal.AskToRegisterAsync(portal.Visitor(), "a@example.jp"),
            await portal.AskToRegisterAsync(portal.Visitor(), "b@example.jp"));
        portal.Clock.Advance(TimeSpan.FromMinutes(179));
        var (form, slow) = (await RightAsync(link, his), await RightAsync(other, hers));
        portal.Clock.Advance(TimeSpan.FromMinutes(29));
        await portal.RunJobsAsync();
        var complete = await FillAsync(form, "minato-taro");
        Assert.Equal("利用者情報登録完了", complete.Heading);
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        await portal.RunJobsAsync();
        var ended = await FillAsync(slow, "minato-hanako");
        Assert.Equal(HttpStatusCode.Gone, ended.Status);
        Assert.Equal(1, await portal.CountAsync(db => db.MemberAccounts));
    }

    [Theory, OnEveryDatabase]
    public async Task L1_A_newer_letter_ends_the_form_that_the_older_one_opened(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var letter = await portal.GiveLetterAsync(person);
        var form = await RightAsync(await portal.AskToRegisterAsync(portal.Visitor(), "a@example.jp"), letter);
        await portal.GiveLetterAsync(person);
        Assert.Equal(HttpStatusCode.Gone, (await FillAsync(form, "minato-taro")).Status);
        Assert.Equal(0, await portal.CountAsync(db => db.MemberAccounts));
    }

    [Fact]
    public async Task L3_The_letter_goes_to_the_link_whose_address_was_shown_and_to_no_other_that_was_opened_since()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var visitor = portal.Visitor();
        var mine = await portal.AskToRegisterAsync(visitor, "taro@example.jp");
        Assert.Contains("taro@example.jp", mine.Text, StringComparison.Ordinal);
        await portal.AskToRegisterAsync(portal.Visitor(), "warumono@example.jp");
        await visitor.FollowAsync(await portal.MailToAsync("warumono@example.jp"));

        var again = await mine.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", letter.ProvisionalPassword));
        Assert.Equal("/register/login", again.Path);
        Assert.Contains("warumono@example.jp", again.Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.CountAsync(db => db.PortalSessions));
    }

    [Theory, OnEveryDatabase]
    public async Task L3_Fifty_parallel_completions_give_one_account_and_each_is_shown_the_end(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var visitor = portal.Visitor();
        var form = await RightAsync(await portal.AskToRegisterAsync(visitor, "taro@example.jp"), letter);

        // From an address each: one may post thirty a minute (row A6).
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
        {
            var again = portal.Stranger();
            again.TakeCookiesOf(visitor);
            return again.SendAsync(form.RequestFor(
                "登録", ("新ログインID", $"minato-taro-{i % 2}"), ("新パスワード", Journeys.Password), ("新パスワード(確認)", Journeys.Password)));
        }));
        Assert.All(answers, a => Assert.Equal("/register/complete", a.Headers.Location?.OriginalString));
        Assert.Equal(1, await portal.CountAsync(db => db.MemberAccounts));
        Assert.Equal("利用者情報登録完了", (await FillAsync(form, "minato-jiro")).Heading);
        Assert.Equal(1, (await portal.SubjectsToAsync("taro@example.jp")).Count(s => s == "利用登録完了のご案内"));
    }

    [Theory, OnEveryDatabase]
    public async Task L3_Whoever_comes_second_under_the_same_letter_in_a_session_of_their_own_is_not_told_that_it_is_done(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var his = await RightAsync(await portal.AskToRegisterAsync(portal.Visitor(), "taro@example.jp"), letter);
        var hers = await RightAsync(await portal.AskToRegisterAsync(portal.Stranger(), "hanako@example.jp"), letter);

        Assert.Equal("利用者情報登録完了", (await FillAsync(his, "minato-taro")).Heading);
        var second = await FillAsync(hers, "minato-hanako");

        Assert.Equal(HttpStatusCode.Gone, second.Status);
        Assert.Equal(1, await portal.CountAsync(db => db.MemberAccounts));
        Assert.DoesNotContain("利用登録完了のご案内", await portal.SubjectsToAsync("hanako@example.jp"));
        Assert.Equal("利用者情報登録完了", (await FillAsync(his, "minato-jiro")).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task I1_Of_two_who_take_the_same_ID_at_a_time_one_gets_it(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var forms = new List<ShownPage>();
        foreach (var person in family)
        {
            var letter = await portal.GiveLetterAsync(person);
            forms.Add(await RightAsync(await portal.AskToRegisterAsync(portal.Stranger(), $"{person.ListOrder}@example.jp"), letter));
        }

        var ends = await Task.WhenAll(FillAsync(forms[0], "FUTAGO-no"), FillAsync(forms[1], "futago-NO"));
        Assert.Single(ends, e => e.Heading == "利用者情報登録完了");
        Assert.Contains("すでに使われています", Assert.Single(ends.Single(e => e.Heading == "利用者情報入力").Errors), StringComparison.Ordinal);
        Assert.Equal(1, await portal.CountAsync(db => db.MemberAccounts));
    }

    [Fact]
    public async Task Z7_The_address_is_shown_and_not_typed_and_extra_fields_do_nothing()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var letter = await portal.GiveLetterAsync(family[0]);
        var visitor = portal.Visitor();
        var form = await RightAsync(await portal.AskToRegisterAsync(visitor, "taro@example.jp"), letter);
        Assert.Contains("taro@example.jp", form.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(form.Document.QuerySelectorAll("input"), i => i.GetAttribute("value") == "taro@example.jp");
        Assert.Equal("ご本人", form.Document.QuerySelector("input[name='Input.Nickname']")!.GetAttribute("value"));
        var request = form.RequestFor("登録", ("新ログインID", "minato-taro"), ("新パスワード", Journeys.Password), ("新パスワード(確認)", Journeys.Password));

        // Row Z7.
        request = await request.WithAsync(
            ("Input.Address", "evil@example.jp"), ("Address", "evil@example.jp"), ("Input.PersonId", $"{family[1].Id}"), ("PersonId", $"{family[1].Id}"),
            ("Input.SocietyId", $"{Guid.CreateVersion7()}"), ("Input.IsProtected", "true"), ("Form.BirthDate", "2000-01-01"));
        Assert.Equal(HttpStatusCode.SeeOther, (await visitor.SendAsync(request)).StatusCode);
        var account = await portal.AccountAsync(family[0]);
        Assert.Equal(portal.Society.Id, account.SocietyId);
        Assert.Equal(["taro@example.jp"], await portal.ReadAsync(db => db.AccountMailAddresses.Select(a => a.Address).ToListAsync()));
    }

    [Fact]
    public async Task N4_A_nickname_of_invisible_or_too_many_characters_is_refused()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var form = await RightAsync(await portal.AskToRegisterAsync(portal.Visitor(), "taro@example.jp"), letter);
        foreach (var nickname in new[] { "ご本人\u202E", "ご\u200B本人", "abc\u0007", "あいうえおかきくけこさしすせそたちつてとな" })
        {
            var refused = await form.PressAsync(
                "登録", ("新ログインID", "minato-taro"), ("新パスワード", Journeys.Password), ("新パスワード(確認)", Journeys.Password), ("ニックネーム", nickname));
            Assert.Contains("ニックネーム", Assert.Single(refused.Errors), StringComparison.Ordinal);
        }

        Assert.Equal(0, await portal.CountAsync(db => db.MemberAccounts));
    }

    [Fact]
    public async Task P1_A_password_of_a_hundred_characters_counts_to_its_last()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var letter = await portal.GiveLetterAsync(person);
        var password = string.Concat(Enumerable.Repeat("umi-to-yama-7", 8))[..100];
        var login = await portal.AskToRegisterAsync(portal.Visitor(), "taro@example.jp");
        await login.CompleteRegistrationAsync(letter, "minato-taro", password);
        Assert.False((await portal.TryLogInAsync("minato-taro", password[..99])).IsIn());
        Assert.False((await portal.TryLogInAsync("minato-taro", password[..99] + '!')).IsIn());
        Assert.True((await portal.TryLogInAsync("minato-taro", password)).IsIn());
        Assert.True((await portal.TryLogInAsync("ＭＩＮＡＴＯ-Taro", password)).IsIn());
    }

    private static Task<ShownPage> RightAsync(ShownPage page, Letter letter) =>
        page.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", letter.ProvisionalPassword));

    private static Task<ShownPage> FailedAsync(ShownPage page, Letter letter) =>
        page.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", "wrong-wrong-wrong"));

    private static async Task FailAsync(ShownPage page, Letter letter) => Assert.Single((await FailedAsync(page, letter)).Errors);

    private static Task<ShownPage> FillAsync(ShownPage form, string loginId) => form.PressAsync(
        "登録", ("新ログインID", loginId), ("新パスワード", Journeys.Password), ("新パスワード(確認)", Journeys.Password));
}

using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Accounts;

/// <summary>再設定のご案内: a member who lost login ID, password and mailbox gets back into the account that they have.</summary>
public sealed class RecoveryTests
{
    private const string Old = "mukashi@example.jp";
    private const string New = "atarashii@example.jp";

    [Theory, OnEveryDatabase]
    public async Task A_recovery_keeps_the_account_and_tells_the_older_address_whose_owner_has_a_day_to_object(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.WriteAsync(db => db.Societies.Single(s => s.Id == portal.Society.Id).Tel = "045-000-0000");
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (before, _) = await portal.MemberAsync(person, "mukashi.m", Old, LetterKind.Own);
        await portal.Notices().CostAsync(person, "2026-07", "みなと内科");
        var account = await portal.AccountAsync(person);

        var visitor = await RecoverAsync(portal, person);
        var home = await visitor.LogInAsync("saisei.m", Steps.NewPassword);
        await portal.RunJobsAsync();

        Assert.Equal("/login", (await before.OpenAsync("/profile")).Path);
        Assert.False((await portal.TryLogInAsync("mukashi.m", Journeys.Password)).IsIn());
        Assert.Equal((account.Id, account.CreatedAt), ((await portal.AccountAsync(person)).Id, (await portal.AccountAsync(person)).CreatedAt));
        var told = portal.Mail.To(Old).Last();
        Assert.Equal("ご利用再設定のお知らせ", told.Subject);
        Assert.Contains("24時間以内に組合までお知らせください", told.TextBody, StringComparison.Ordinal);
        Assert.Contains("045-000-0000", told.TextBody, StringComparison.Ordinal);
        Assert.Contains("24時間後です", portal.Mail.To(New).Last().TextBody, StringComparison.Ordinal);

        // Neither page nor file nor Home shows a notice for a day; the page says until when.
        Assert.Contains("通知は、もうしばらくお待ちください", home.Text, StringComparison.Ordinal);
        Assert.Contains("2026年10月6日 10時00分 からご覧いただけます", home.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("2026年7月", home.Text, StringComparison.Ordinal);
        foreach (var path in new[] { "/medical-costs", "/medical-costs/2026", "/medical-costs/2026-07", "/generic-drugs" })
        {
            Assert.Equal("/", (await visitor.OpenAsync(path)).Path);
        }

        portal.Clock.Advance(TimeSpan.FromHours(24));
        await visitor.LogInAsync("saisei.m", Steps.NewPassword);
        Assert.Contains("みなと内科", (await visitor.OpenAsync("/medical-costs/2026-07")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("もうしばらく", (await visitor.OpenAsync("/")).Text, StringComparison.Ordinal);
        Assert.Contains("ご本人だけにお送りした再設定のご案内で設定し直しました", (await visitor.OpenAsync("/profile")).Text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_Until_the_day_to_object_is_over_nobody_sees_what_is_hidden_nor_opens_anything_to_the_household(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (husband, _) = await portal.MemberAsync(family[0], "otto.m", "otto@example.jp");
        var (wife, _) = await portal.MemberAsync(family[1], "mukashi.m", Old, LetterKind.Own);
        var line = await portal.Notices().CostAsync(family[1], "2026-07", "みなと内科");
        var other = await portal.Notices().CostAsync(family[1], "2026-06", "うみべ外科");
        await (await wife.OpenAsync($"/medical-costs/line/{line.ClaimId:N}")).PressAsync("家族に見せない", ("現在のパスワード", Journeys.Password));
        await (await wife.OpenAsync($"/medical-costs/institution/{other.ClaimId:N}")).PressAsync("すべて家族に見せない", ("現在のパスワード", Journeys.Password));
        var entries = (await wife.OpenAsync("/medical-costs/hidden")).Document.QuerySelectorAll("tbody a").Select(a => a.GetAttribute("href")!).ToList();

        // Somebody opened her letter.
        var visitor = await RecoverAsync(portal, family[1]);
        await visitor.LogInAsync("saisei.m", Steps.NewPassword);
        await portal.RunJobsAsync();
        foreach (var path in entries.Append("/medical-costs/hidden"))
        {
            Assert.Equal("/", (await visitor.OpenAsync(path)).Path);
        }

        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("医療費通知: 公開する", "on"));
        var refused = await confirm.PressAsync("登録", ("現在のパスワード", Steps.NewPassword));
        Assert.Contains("「公開する」に変更できません", refused.Text, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await husband.OpenAsync($"/medical-costs/2026-07/{family[1].Id:N}")).Status);

        portal.Clock.Advance(TimeSpan.FromHours(24));
        await visitor.LogInAsync("saisei.m", Steps.NewPassword);
        Assert.Contains("みなと内科", (await visitor.OpenAsync("/medical-costs/hidden")).Text, StringComparison.Ordinal);
        confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("医療費通知: 公開する", "on"));
        Assert.Equal("/profile", (await confirm.PressAsync("登録", ("現在のパスワード", Steps.NewPassword))).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task The_day_to_object_begins_when_the_mail_was_sent_and_an_objection_ends_the_new_session(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.MemberAsync(person, "mukashi.m", Old, LetterKind.Own);
        await portal.Notices().CostAsync(person, "2026-07", "みなと内科");

        var letter = await portal.GiveLetterAsync(person, LetterKind.Recovery);
        var visitor = portal.Visitor();
        var form = await (await portal.AskToRegisterAsync(visitor, New)).LogInProvisionallyAsync(letter);
        portal.Mail.Answer = SentMail.Down;
        await form.FillRegistrationAsync("saisei.m", Steps.NewPassword);
        portal.Clock.Advance(TimeSpan.FromHours(30));
        await visitor.LogInAsync("saisei.m", Steps.NewPassword);
        Assert.Equal("/", (await visitor.OpenAsync("/medical-costs/2026-07")).Path);
        portal.Mail.Answer = null;
        await portal.RunJobsAsync();
        Assert.Equal("ご利用再設定のお知らせ", portal.Mail.To(Old).Last().Subject);
        Assert.Equal("/", (await visitor.OpenAsync("/medical-costs/2026-07")).Path);

        await portal.SuspendAsync(person);

        Assert.Equal("/login", (await visitor.OpenAsync("/profile")).Path);
        Assert.False((await portal.TryLogInAsync("saisei.m", Steps.NewPassword)).IsIn());
        // A letter in the other's hands opens a suspended account no more.
        var refused = await (await portal.AskToRegisterAsync(portal.Visitor(), "betsu@example.jp")).LogInProvisionallyAsync(await portal.GiveLetterAsync(person, LetterKind.Recovery));
        Assert.Equal("/register/login", refused.Path);
    }

    [Theory, OnEveryDatabase]
    public async Task Nobody_is_told_and_nothing_is_held_where_the_older_address_fails_or_is_the_new_one(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.MemberAsync(family[0], "shin.m", Old, LetterKind.Own);
        await portal.MemberAsync(family[1], "onaji.m", New, LetterKind.Own);
        await portal.WriteAsync(db => db.AccountMailAddresses.Single(a => a.Address == Old).BouncedAt = portal.Clock.Now);
        await portal.RunJobsAsync();
        var sent = portal.Mail.To(Old).Count();

        await RecoverAsync(portal, family[0], "shin2.m", "mittsume@example.jp");
        await RecoverAsync(portal, family[1], "onaji.m", "ATARASHII@example.jp");

        await portal.RunJobsAsync();
        Assert.Equal(sent, portal.Mail.To(Old).Count());
        Assert.All(await portal.ReadAsync(db => db.MemberAccounts.ToListAsync()), a => Assert.Null(a.NoticesHeldSince));
    }

    [Theory, OnEveryDatabase]
    public async Task A_recovery_letter_is_good_once_for_thirty_days_under_a_link_of_its_own_and_only_while_there_is_an_account(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.MemberAsync(family[0], "mukashi.m", Old, LetterKind.Own);
        var shared = portal.Visitor();
        var page = await portal.AskToRegisterAsync(shared, New);
        await page.LogInProvisionallyAsync(await portal.GiveLetterAsync(family[1]));
        var letter = await portal.GiveLetterAsync(family[0], LetterKind.Recovery);

        Assert.Equal("/register/login", (await (await shared.OpenAsync("/register/login")).LogInProvisionallyAsync(letter)).Path);
        Assert.Equal("/register/account", (await (await portal.AskToRegisterAsync(portal.Visitor(), New)).LogInProvisionallyAsync(letter)).Path);
        Assert.Equal("/register/login", (await (await portal.AskToRegisterAsync(portal.Visitor(), New)).LogInProvisionallyAsync(await portal.GiveLetterAsync(family[1], LetterKind.Recovery))).Path);
        var again = await portal.GiveLetterAsync(family[0], LetterKind.Recovery);
        await portal.AsStaffAsync(s => s.GetRequiredService<AccountSupport>().RemoveAsync(family[0].Id, CancellationToken.None));
        portal.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("/register/login", (await (await portal.AskToRegisterAsync(portal.Visitor(), New)).LogInProvisionallyAsync(again)).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task The_profile_and_the_completion_mail_say_how_the_account_was_made_and_whom_to_call(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.WriteAsync(db => db.Societies.Single(s => s.Id == portal.Society.Id).Tel = "045-000-0000");
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (one, _) = await portal.MemberAsync(family[0], "setai.m", Old);
        var (two, _) = await portal.MemberAsync(family[1], "hitori.m", New, LetterKind.Own);

        var (ofHousehold, own) = ((await one.OpenAsync("/profile")).Text, (await two.OpenAsync("/profile")).Text);

        Assert.Contains("2026年10月5日 10時00分に、ご家族の分も載った登録のご案内（世帯あて）で登録しました。", ofHousehold, StringComparison.Ordinal);
        Assert.Contains("ご本人だけにお送りした登録のご案内で登録しました。", own, StringComparison.Ordinal);
        Assert.Contains("045-000-0000", own, StringComparison.Ordinal);
        Assert.Contains("ご本人が登録していない場合は", (await portal.MailToAsync(Old)).TextBody, StringComparison.Ordinal);
        Assert.Contains("045-000-0000", (await portal.MailToAsync(Old)).TextBody, StringComparison.Ordinal);
    }

    private static async Task<Visitor> RecoverAsync(WebPortal portal, Person person, string loginId = "saisei.m", string address = New)
    {
        var letter = await portal.GiveLetterAsync(person, LetterKind.Recovery);
        var visitor = portal.Visitor();
        var done = await (await portal.AskToRegisterAsync(visitor, address)).CompleteRegistrationAsync(letter, loginId, Steps.NewPassword);
        Assert.Equal("/register/complete", done.Path);
        return visitor;
    }
}

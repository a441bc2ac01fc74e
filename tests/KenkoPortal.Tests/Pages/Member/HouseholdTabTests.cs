using System.Net;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>The tabs of the household, and who may act for whom: rows Z1–Z4 and Z6 of docs/security.md.</summary>
public sealed class HouseholdTabTests
{
    [Theory, OnEveryDatabase]
    public async Task A13_G2_Anothers_tab_shows_what_is_shared_until_it_is_closed_and_each_look_is_written_down(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "母");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        var page = await his.OpenAsync("/profile");
        Assert.Equal(["ご本人さん", "妻さん", "母さん"], Tabs(page));
        page = await his.OpenAsync(TabOf(page, "妻さん"));
        Assert.Equal("プロフィール設定(妻さん)", page.Heading);
        Assert.Contains("登録済みです", page.Text, StringComparison.Ordinal);
        Assert.Contains("公開している通知はありません", page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("main form"));
        foreach (var hidden in new[] { "minato-hanako", "hanako@example.jp", family[1].Name, family[1].Kana })
        {
            Assert.DoesNotContain(hidden, page.Html, StringComparison.Ordinal);
        }

        Assert.Contains("まだ登録していません", (await his.OpenAsync(TabOf(page, "母さん"))).Text, StringComparison.Ordinal);

        // What she shares shows at the next request, and no longer once she has closed it (row A13).
        var confirm = await (await hers.OpenAsync("/profile")).PressAsync("登録", ("ジェネリック通知: 公開する", "on"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        page = await his.OpenAsync(TabOf(page, "妻さん"));
        Assert.DoesNotContain("公開している通知はありません", page.Text, StringComparison.Ordinal);
        Assert.Equal("ジェネリック通知", page.Document.QuerySelectorAll("main dd")[^1].TextContent.Trim());
        confirm = await (await hers.OpenAsync("/profile")).PressAsync("登録", ("ジェネリック通知: 公開しない", "on"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Contains("公開している通知はありません", (await his.OpenAsync(page.Path)).Text, StringComparison.Ordinal);

        // Row G2: each person's was written down; a look that is repeated within ten minutes is one.
        Assert.Equal(2, await portal.CountAsync(db => db.AuditEvents.Where(e => e.Kind == Core.Audit.AuditKind.ProfileOfOtherRead)));
    }

    [Theory, OnEveryDatabase]
    public async Task Z1_What_one_may_not_see_or_set_is_the_page_that_does_not_exist_byte_for_byte(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var yama = await portal.AddSocietyAsync("yama", "yama.example");
        var family = await portal.AddHouseholdAsync("本人", "妻", "母", "兄", "姉", "長男");
        var neighbour = (await portal.AddHouseholdAsync("本人"))[0];
        var foreigner = (await portal.AddHouseholdAsync(yama, _ => { }, "本人"))[0];
        await portal.SetPersonAsync(family[3], p => p.IsProtected = true);
        await portal.SetPersonAsync(family[4], p => p.LostOn = new DateOnly(2026, 10, 5));
        await portal.DiscloseAsync(family[3], NoticeKind.MedicalCost, true);
        await portal.DiscloseAsync(family[4], NoticeKind.MedicalCost, true);
        await portal.DiscloseAsync(neighbour, NoticeKind.MedicalCost, true);
        var (his, home) = await portal.MemberAsync(family[0], "minato-taro");
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        var profile = await his.OpenAsync("/profile");
        Assert.Equal(["ご本人さん", "妻さん", "母さん", "長男さん"], Tabs(profile));

        var expected = await GetAsync(his, "/there-is-no-such-page");
        Assert.StartsWith("404", expected, StringComparison.Ordinal);
        Assert.DoesNotContain("ご本人", expected, StringComparison.Ordinal);
        Assert.DoesNotContain("form-token", expected, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", expected, StringComparison.Ordinal);
        foreach (var person in new[] { family[0].Id, family[3].Id, family[4].Id, neighbour.Id, foreigner.Id, Guid.CreateVersion7() })
        {
            Assert.Equal(expected, await GetAsync(his, $"/profile/{person:N}"));
            Assert.Equal(expected, await PostAsync(his, profile, person));
        }

        // Adults set for nobody, and a child is set for by the insured alone.
        Assert.Equal(expected, await PostAsync(his, profile, family[1].Id));
        Assert.Equal(expected, await PostAsync(his, profile, family[2].Id));
        Assert.Equal(expected, await PostAsync(hers, await hers.OpenAsync("/profile"), family[5].Id));
        Assert.Equal(expected, await PostAsync(hers, await hers.OpenAsync("/profile"), family[0].Id));
        foreach (var path in new[] { "/profile/x", "/errors/500", "/errors/404", "/c/", "/dev/none", "/kw21cu", "/Profile/../there-is-no-such-page" })
        {
            Assert.Equal(expected, await GetAsync(his, path));
        }

        Assert.Equal(await GetAsync(portal.Visitor(), "/there-is-no-such-page"), expected);
        Assert.Equal("/", home.Path);
        Assert.Equal(0, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.PersonId == family[1].Id && d.IsOpen)));
    }

    [Theory, OnEveryDatabase]
    public async Task Z3_A_protected_person_leaves_no_trace_and_sees_only_themself(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "長男");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        var before = await his.OpenAsync("/profile");
        var hersTab = TabOf(before, "妻さん");
        await portal.SetPersonAsync(family[1], p => p.IsProtected = true);

        foreach (var path in new[] { "/", "/profile", TabOf(before, "長男さん"), "/profile/history", "/medical-costs", "/generic-drugs", "/news", "/topics" })
        {
            var page = await his.OpenAsync(path);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.DoesNotContain("妻", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain($"{family[1].Id:N}", page.Html, StringComparison.Ordinal);
        }

        Assert.Equal(await GetAsync(his, "/there-is-no-such-page"), await GetAsync(his, hersTab));
        Assert.Empty(Tabs(await hers.OpenAsync("/profile")));
        Assert.Equal(HttpStatusCode.NotFound, (await hers.OpenAsync($"/profile/{family[0].Id:N}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await hers.OpenAsync($"/profile/{family[2].Id:N}")).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task Z3_The_insured_who_is_protected_acts_for_nobody(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "長男");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var tab = await his.OpenAsync(TabOf(await his.OpenAsync("/profile"), "長男さん"));
        var confirm = await tab.PressAsync("登録", ("医療費通知: 公開する", "on"));
        await portal.SetPersonAsync(family[0], p => p.IsProtected = true);
        Assert.Equal(HttpStatusCode.NotFound, (await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password))).Status);
        Assert.Equal(0, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.IsOpen)));
    }

    [Theory, OnEveryDatabase]
    public async Task Z4_Who_left_sees_only_themself_and_is_seen_by_nobody_from_the_day_of_loss(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "母");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        await portal.SetPersonAsync(family[1], p => p.LostOn = new DateOnly(2026, 10, 6));
        Assert.Equal(3, Tabs(await his.OpenAsync("/profile")).Count);
        Assert.Equal(3, Tabs(await hers.OpenAsync("/profile")).Count);

        // The day begins at midnight in Tokyo.
        portal.Clock.Set(new DateTimeOffset(2026, 10, 5, 15, 0, 0, TimeSpan.Zero));
        await his.LogInAsync("minato-taro");
        await hers.LogInAsync("minato-hanako");
        Assert.Equal(["ご本人さん", "母さん"], Tabs(await his.OpenAsync("/profile")));
        var own = await hers.OpenAsync("/profile");
        Assert.Equal("プロフィール設定(妻さん)", own.Heading);
        Assert.Empty(Tabs(own));
        Assert.Equal(HttpStatusCode.NotFound, (await hers.OpenAsync($"/profile/{family[0].Id:N}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await his.OpenAsync($"/profile/{family[1].Id:N}")).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task Z4_A_disclosure_ends_by_itself_when_someone_leaves_the_household(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (family, others) = (await portal.AddHouseholdAsync("本人", "弟"), await portal.AddHouseholdAsync("本人"));
        var (his, _) = await portal.MemberAsync(others[0], "minato-jiro");
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        await portal.SetPersonAsync(family[1], p => p.HouseholdId = others[0].HouseholdId);
        var tab = await his.OpenAsync(TabOf(await his.OpenAsync("/profile"), "弟さん"));
        Assert.Contains("公開している通知はありません", tab.Text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task The_insured_sets_for_a_child_without_an_account_after_giving_their_own_password(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "長男");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var tab = await his.OpenAsync(TabOf(await his.OpenAsync("/profile"), "長男さん"));
        Assert.Equal(["on", "on", "公開しない", "公開しない"], ProfileTests.Switches(tab));
        tab = await tab.PressAsync("登録", ("ジェネリック通知更新メール通知", "off"));
        Assert.Contains("登録しました", tab.Text, StringComparison.Ordinal);
        Assert.Equal(["on", "off", "公開しない", "公開しない"], ProfileTests.Switches(tab));
        var confirm = await tab.PressAsync("登録", ("医療費通知: 公開する", "on"));
        Assert.Equal("現在のパスワード", confirm.Heading);
        Assert.Equal(0, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.IsOpen)));
        tab = await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Equal("プロフィール設定(長男さん)", tab.Heading);
        Assert.Equal(["on", "off", "公開する", "公開しない"], ProfileTests.Switches(tab));
        Assert.Equal("ご登録内容変更のお知らせ", (await portal.SubjectsToAsync("taro@example.jp"))[^1]);
        Assert.Contains("長男さん", (await his.OpenAsync("/profile/history")).Text, StringComparison.Ordinal);
        var own = await his.OpenAsync("/profile");
        Assert.Equal(["on", "on", "公開しない", "公開しない"], ProfileTests.Switches(own));

        // The mother sees what the child shares, and sets nothing.
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        var seen = await hers.OpenAsync(TabOf(await hers.OpenAsync("/profile"), "長男さん"));
        Assert.Empty(seen.Document.QuerySelectorAll("main form"));
        Assert.Equal("医療費通知", seen.Document.QuerySelectorAll("main dd")[^1].TextContent.Trim());
    }

    [Theory, OnEveryDatabase]
    public async Task G2_The_history_of_a_childs_settings_is_a_look_at_another_person(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "長男", "長女");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var reader = $"account:{(await portal.AccountAsync(family[0])).Id}";
        async Task<List<string>> LooksAfterAsync()
        {
            Assert.Equal(HttpStatusCode.OK, (await his.OpenAsync("/profile/history")).Status);
            return await portal.ReadAsync(db => db.AuditEvents.Where(e => e.Kind == Core.Audit.AuditKind.ProfileOfOtherRead).Select(e => $"{e.SubjectId} {e.Actor}").ToListAsync());
        }

        await portal.DiscloseAsync(family[0], NoticeKind.MedicalCost, true);
        Assert.Empty(await LooksAfterAsync());

        // Two settings of one child are one look. Of the other nothing is shown.
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        await portal.DiscloseAsync(family[1], NoticeKind.GenericDrug, true);
        Assert.Equal([$"{family[1].Id} {reader}"], await LooksAfterAsync());
        Assert.Single(await LooksAfterAsync());
        portal.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(2, (await LooksAfterAsync()).Count);
    }

    [Theory, OnEveryDatabase]
    public async Task Two_saves_at_a_time_begin_one_period_of_disclosure(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "長男");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var tab = await his.OpenAsync(TabOf(await his.OpenAsync("/profile"), "長男さん"));
        var confirm = await tab.PressAsync("登録", ("医療費通知: 公開する", "on"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => confirm.PressOnceAsync("登録", ("現在のパスワード", Journeys.Password))));
        Assert.Equal(2, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.PersonId == family[1].Id)));
        Assert.Equal(HttpStatusCode.OK, (await his.OpenAsync(tab.Path)).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task Acting_for_a_child_ends_on_the_fifteenth_birthday_in_Tokyo_or_with_an_account(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "長男", "長女");
        await portal.SetPersonAsync(family[1], p => p.BirthDate = new DateOnly(2011, 10, 6));
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        portal.Clock.Set(new DateTimeOffset(2026, 10, 5, 14, 59, 0, TimeSpan.Zero));
        await his.LogInAsync("minato-taro");
        var profile = await his.OpenAsync("/profile");
        var (son, daughter) = (await his.OpenAsync(TabOf(profile, "長男さん")), await his.OpenAsync(TabOf(profile, "長女さん")));
        Assert.Single(son.Document.QuerySelectorAll("main form"));
        Assert.Single(daughter.Document.QuerySelectorAll("main form"));
        var confirm = await son.PressAsync("登録", ("医療費通知: 公開する", "on"));

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty((await his.OpenAsync(son.Path)).Document.QuerySelectorAll("main form"));
        Assert.Equal(HttpStatusCode.NotFound, (await son.PressAsync("登録", ("医療費通知更新メール通知", "off"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password))).Status);

        await portal.RegisterAsync(portal.Stranger(), family[2], "chojo-chan", "chojo@example.jp");
        Assert.Empty((await his.OpenAsync(daughter.Path)).Document.QuerySelectorAll("main form"));
        Assert.Equal(HttpStatusCode.NotFound, (await daughter.PressAsync("登録", ("医療費通知更新メール通知", "off"))).Status);
        Assert.Equal(0, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.IsOpen)));
        Assert.True(await portal.ReadAsync(db => db.Persons.AllAsync(p => p.MedicalCostMail)));
    }

    [Theory, OnEveryDatabase]
    public async Task Z2_What_the_insured_opened_for_a_child_ends_with_the_birthday_or_with_the_childs_account(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "長男", "長女", "妻");
        await portal.SetPersonAsync(family[1], p => p.BirthDate = new DateOnly(2011, 10, 6));
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        portal.Clock.Set(new DateTimeOffset(2026, 10, 5, 14, 59, 0, TimeSpan.Zero));
        await his.LogInAsync("minato-taro");
        var profile = await his.OpenAsync("/profile");
        foreach (var child in new[] { "長男さん", "長女さん" })
        {
            var confirm = await (await his.OpenAsync(TabOf(profile, child))).PressAsync("登録", ("医療費通知: 公開する", "on"));
            await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        }

        Assert.Equal([(true, true), (true, true)], await SeenAsync());
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([(false, false), (true, true)], await SeenAsync());

        var (hers, _) = await portal.MemberAsync(family[2], "chojo-chan", "chojo@example.jp");
        Assert.Equal([(false, false), (false, false)], await SeenAsync());
        Assert.True((await hers.OpenAsync("/profile")).Document.QuerySelector("input[name='Input.Switches.MedicalCost'][value='closed']")!.HasAttribute("checked"));
        Assert.Equal(3, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.PersonId == family[2].Id && (d.Until != null || !d.IsOpen))));
        Assert.Equal(1, await portal.CountAsync(db => db.AuditEvents.Where(e => e.SubjectId == family[2].Id && e.Kind == AuditKind.DisclosureClosed && e.Detail == "kind=MedicalCost cause=Ended")));

        // Each child: whether the father and the mother see its notices.
        async Task<(bool, bool)[]> SeenAsync() => await Task.WhenAll(family.Skip(1).Take(2).Select(async child => (await SeesAsync(family[0], child), await SeesAsync(family[3], child))));

        Task<bool> SeesAsync(Person viewer, Person child) => portal.AsStaffAsync(services =>
            services.GetRequiredService<Visibility>().MaySeeAsync(viewer.Id, child.Id, NoticeKind.MedicalCost, TestContext.Current.CancellationToken));
    }

    [Theory, OnEveryDatabase]
    public async Task Z6_L6_A_cookie_or_link_of_one_society_is_nobody_in_another(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var yama = await portal.AddSocietyAsync("yama", "yama.example");
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var foreigner = (await portal.AddHouseholdAsync(yama, _ => { }, "本人"))[0];
        var (his, _) = await portal.MemberAsync(person, "minato-taro");
        await his.AskReissueAsync("taro@example.jp");
        var reissue = await portal.MailToAsync("taro@example.jp");

        var there = portal.Visitor("yama.example");
        there.TakeCookiesOf(his, "yama.example");
        Assert.Equal("/login", (await there.OpenAsync("/")).Path);
        Assert.Equal(HttpStatusCode.Gone, (await there.OpenAsync("/register/login")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await there.OpenAsync("/register/account")).Status);
        Assert.Equal("/link-expired", (await there.FollowAsync(reissue)).Path);
        Assert.Equal("/login", (await there.LogInAsync("minato-taro")).Path);

        // The same letter and the same ID there are another person's.
        var letter = await portal.GiveLetterAsync(person);
        await portal.WriteAsync(db => db.ProvisionalCredentials.Single(c => c.UsedAt == null).UsedAt = null);
        var login = await portal.AskToRegisterAsync(portal.Visitor("yama.example"), "yama@example.jp");
        Assert.Single((await login.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", letter.ProvisionalPassword))).Errors);
        await login.CompleteRegistrationAsync(await portal.GiveLetterAsync(foreigner), "minato-taro", Steps.NewPassword);
        Assert.Equal("/", (await portal.Visitor("yama.example").LogInAsync("minato-taro", Steps.NewPassword)).Path);
        Assert.False((await portal.TryLogInAsync("minato-taro", Steps.NewPassword)).IsIn());
    }

    private static List<string> Tabs(ShownPage page) => [.. page.Document.QuerySelectorAll(".kp-tabs a").Select(a => a.TextContent.Trim())];

    private static string TabOf(ShownPage page, string label) =>
        page.Document.QuerySelectorAll(".kp-tabs a").Single(a => a.TextContent.Trim() == label).GetAttribute("href")!;

    private static async Task<string> GetAsync(Visitor visitor, string path) =>
        await (await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Get, path))).MaskedAsync();

    /// <summary>Switches of somebody, under the form token of one's own page.</summary>
    private static async Task<string> PostAsync(Visitor visitor, ShownPage own, Guid person)
    {
        var request = await own.RequestFor("登録").WithAsync(("Input.MedicalCost", "open"), ("Input.GenericDrug", "open"));
        request.RequestUri = new Uri($"/profile/{person:N}", UriKind.Relative);
        return await (await visitor.SendAsync(request)).MaskedAsync();
    }
}

using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data.Backup;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.News;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>What a member chose stays chosen: S2 of the findings, row Z9 of docs/security.md.</summary>
public sealed class ConsentTests
{
    private const string ByStart = "利用登録のとき、組合の初期設定により";

    /// <summary>The day from which <see cref="AnnounceAsync"/> lets people start with 公開する; midnight in Tokyo.</summary>
    private static readonly DateOnly TheDay = new(2026, 10, 19);
    private static readonly DateTimeOffset Midnight = new(2026, 10, 18, 15, 0, 0, TimeSpan.Zero);

    [Theory, OnEveryDatabase]
    public async Task Z9_Who_saved_closed_stays_closed_whatever_the_society_sets_afterwards(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (family, path) = await FamilyAsync(portal, "長男");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (wataru, _) = await portal.MemberAsync(family[1], "wataru-18", "wataru@example.jp");
        for (var i = 0; i < 11; i++)
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(61));
            await (await wataru.OpenAsync("/profile")).PressAsync("登録", ("ニックネーム", $"わたる{i}"));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await his.OpenAsync(path)).Status);
        Assert.Equal(4, (await HistoryAsync(wataru)).Count);
        Assert.All((await HistoryAsync(wataru)).Take(2), line => Assert.EndsWith(" 公開しない ご本人の選択", line, StringComparison.Ordinal));
        await AnnounceAsync(portal);
        Assert.Equal(HttpStatusCode.NotFound, (await his.OpenAsync(path)).Status);
        portal.Clock.Set(Midnight.AddDays(1));
        await his.LogInAsync("minato-taro");
        Assert.Equal(HttpStatusCode.NotFound, (await his.OpenAsync(path)).Status);
        Assert.Equal(0, await OpeningsAsync(portal, family[1]));
        await wataru.LogInAsync("wataru-18");
        Assert.Equal(["on", "on", "公開しない", "公開しない"], ProfileTests.Switches(await wataru.OpenAsync("/profile")));

        // What he chooses himself counts at once.
        var confirm = await (await wataru.OpenAsync("/profile")).PressAsync("登録", ("医療費通知: 公開する", "on"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Equal(HttpStatusCode.OK, (await his.OpenAsync(path)).Status);
        Assert.Equal(1, await OpeningsAsync(portal, family[1]));
    }

    [Theory, OnEveryDatabase]
    public async Task Z9_The_start_value_opens_who_registers_from_its_day_and_tells_them_before_and_after(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (family, path) = await FamilyAsync(portal, "長男");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        await AnnounceAsync(portal);
        portal.Clock.Set(Midnight);
        var (form, son) = await FormAsync(portal, family[1], "wataru@example.jp");
        Assert.Contains("「公開する」で始まります", form.Text, StringComparison.Ordinal);
        var done = await form.FillRegistrationAsync("wataru-18");
        Assert.Contains("世帯内への公開設定は「公開する」です", done.Text, StringComparison.Ordinal);
        Assert.Contains("「プロフィール設定」で確認と変更ができます", done.Text, StringComparison.Ordinal);

        await his.LogInAsync("minato-taro");
        Assert.Equal(HttpStatusCode.OK, (await his.OpenAsync(path)).Status);
        var openings = await portal.ReadAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.DisclosureOpened).Select(e => $"{e.SubjectId} {e.Detail}").ToListAsync());
        Assert.Equal([$"{family[1].Id} kind=GenericDrug cause=StartValue", $"{family[1].Id} kind=MedicalCost cause=StartValue"], openings.Order(StringComparer.Ordinal));
        await son.LogInAsync("wataru-18");
        Assert.Equal(2, (await HistoryAsync(son)).Count);
        Assert.All(await HistoryAsync(son), line => Assert.EndsWith($" 公開する {ByStart}", line, StringComparison.Ordinal));

        // To save the same is a choice of one's own, and to close closes.
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await (await son.OpenAsync("/profile")).PressAsync("登録", ("ニックネーム", "わたる"));
        var history = await HistoryAsync(son);
        Assert.All(history.Take(2), line => Assert.EndsWith(" 公開する ご本人の選択", line, StringComparison.Ordinal));
        Assert.All(history.Skip(2), line => Assert.EndsWith($" 公開する {ByStart}", line, StringComparison.Ordinal));
        Assert.Equal(4, history.Count);
        var confirm = await (await son.OpenAsync("/profile")).PressAsync("登録", ("医療費通知: 公開しない", "on"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Equal(HttpStatusCode.NotFound, (await his.OpenAsync(path)).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task Z9_What_the_form_said_is_what_counts_across_midnight_and_when_the_society_takes_it_back(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (family, _) = await FamilyAsync(portal, "長男", "長女");
        await AnnounceAsync(portal);
        portal.Clock.Set(Midnight.AddMinutes(-1));
        var (early, _) = await FormAsync(portal, family[1], "wataru@example.jp");
        Assert.Contains("「公開しない」で始まります", early.Text, StringComparison.Ordinal);
        portal.Clock.Set(Midnight.AddMinutes(1));
        Assert.Contains("「公開しない」です", (await early.FillRegistrationAsync("wataru-18")).Text, StringComparison.Ordinal);

        var (late, _) = await FormAsync(portal, family[2], "sora@example.jp");
        Assert.Contains("「公開する」で始まります", late.Text, StringComparison.Ordinal);
        await ChangeAsync(portal, "disclose-by-default", "no");
        Assert.Contains("「公開しない」です", (await late.FillRegistrationAsync("sora-0001")).Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.IsOpen)));
        Assert.Equal(4, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.Cause == DisclosureCause.StartValue)));
    }

    [Theory, OnEveryDatabase]
    public async Task Z9_The_start_value_opens_nobody_who_registered_before_chose_is_protected_or_has_no_account(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "母", "長男", "長女", "兄", "姉");
        await portal.SetPersonAsync(family[4], p => p.BirthDate = new DateOnly(2011, 10, 6));
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");

        // The wife never opened her profile. For the daughter, who turns fifteen, her father saved the form. The brother's account is taken away: somebody else made it.
        await portal.RegisterAsync(portal.Stranger(), family[1], "minato-hanako", "hanako@example.jp");
        await (await his.OpenAsync($"/profile/{family[4].Id:N}")).PressAsync("登録", ("医療費通知更新メール通知", "off"));
        await portal.RegisterAsync(portal.Stranger(), family[5], "minato-ani", "ani@example.jp");
        await portal.AsStaffAsync(s => s.GetRequiredService<AccountSupport>().RemoveAsync(family[5].Id, CancellationToken.None));
        await portal.SetPersonAsync(family[6], p => p.IsProtected = true);
        await AnnounceAsync(portal);
        portal.Clock.Set(Midnight.AddDays(1));
        foreach (var (person, id) in new[] { (family[4], "choujo-01"), (family[5], "minato-ani"), (family[6], "minato-ane") })
        {
            var (form, _) = await FormAsync(portal, person, $"{id}@example.jp");
            Assert.Contains("「公開しない」で始まります", form.Text, StringComparison.Ordinal);
            Assert.Contains("「公開しない」です", (await form.FillRegistrationAsync(id)).Text, StringComparison.Ordinal);
        }

        // The mother and the son of eleven have no account: nobody asked them.
        await portal.SetPersonAsync(family[6], p => p.IsProtected = false);
        foreach (var other in family.Skip(1).Where(p => p != family[3]))
        {
            Assert.False(await SeesAsync(portal, family[0], other), other.Relationship);
        }

        Assert.False(await SeesAsync(portal, family[1], family[3]));
        Assert.Equal(0, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.IsOpen)));
        Assert.Equal(0, await portal.CountAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.DisclosureOpened)));
    }

    [Theory, OnEveryDatabase]
    public async Task Z9_What_the_start_value_opened_ends_with_the_household_and_does_not_come_back(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (family, others) = (await portal.AddHouseholdAsync("本人", "妻"), await portal.AddHouseholdAsync("本人", "妻"));
        await AnnounceAsync(portal);
        portal.Clock.Set(Midnight.AddDays(1));
        await portal.RegisterAsync(portal.Stranger(), family[1], "minato-hanako", "hanako@example.jp");
        Assert.True(await SeesAsync(portal, family[0], family[1]));

        // To another household: nobody there was meant.
        await portal.SetPersonAsync(family[1], p => p.HouseholdId = others[0].HouseholdId);
        Assert.False(await SeesAsync(portal, others[0], family[1]));

        // Who has left and registers sees only themself, and is closed when they come back.
        await portal.SetPersonAsync(others[0], p => p.LostOn = new DateOnly(2026, 10, 1));
        var (form, _) = await FormAsync(portal, others[0], "jiro@example.jp");
        Assert.Contains("「公開しない」で始まります", form.Text, StringComparison.Ordinal);
        await form.FillRegistrationAsync("minato-jiro");
        await portal.SetPersonAsync(others[0], p => p.LostOn = null);
        Assert.False(await SeesAsync(portal, others[1], others[0]));
    }

    [Theory, OnEveryDatabase]
    public async Task Z9_The_start_value_of_one_society_is_not_anothers_and_survives_a_restore_with_every_choice(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var yama = await portal.AddSocietyAsync("yama", "yama.example");
        var (family, foreigners) = (await portal.AddHouseholdAsync("本人", "妻"), await portal.AddHouseholdAsync(yama, _ => { }, "本人", "妻"));
        await portal.RegisterAsync(portal.Visitor(), family[0], "minato-taro");
        await AnnounceAsync(portal);
        portal.Clock.Set(Midnight.AddDays(1));
        await portal.RegisterAsync(portal.Visitor(), family[1], "minato-hanako", "hanako@example.jp");
        await portal.RegisterAsync(portal.Visitor(yama.Host), foreigners[1], "yama-hanako", "hanako@yama.example");
        Assert.Equal(2, await portal.CountAsync(db => db.DisclosureSettings.Where(d => d.IsOpen && d.PersonId == family[1].Id)));
        Assert.Equal([false, false], await StoredAsync(yama));

        var (file, keys) = (Path.Combine(portal.Database.Directory, "consent.backup"), Path.Combine(portal.Database.Directory, "keys"));
        await portal.Services.GetRequiredService<PortalBackup>().BackUpAsync(file, keys, actor => actor.IsSystemUser("test"), null, TestContext.Current.CancellationToken);
        var before = await RowsAsync();
        await ChangeAsync(portal, "disclose-by-default", "no");
        await portal.WriteAsync(db => db.DisclosureSettings.RemoveRange(db.DisclosureSettings));
        await portal.Services.GetRequiredService<PortalRestore>().RestoreAsync(file, keys, new RestoreWishes(Path.Combine(portal.Database.Directory, "before.backup"), false), actor => actor.IsSystemUser("test"), null, TestContext.Current.CancellationToken);

        Assert.Equal(before, await RowsAsync());
        Assert.Equal(TheDay, (await portal.ReadAsync(db => db.Societies.AsNoTracking().SingleAsync(s => s.Key == "minato"))).DiscloseByDefaultFrom);
        Assert.False(await SeesAsync(portal, family[1], family[0]));
        Assert.True(await SeesAsync(portal, family[0], family[1]));

        async Task<List<bool>> StoredAsync(Society society) =>
            await new Residents(portal.Services, society).ReadAsync(db => db.DisclosureSettings.Select(d => d.IsOpen).ToListAsync());

        Task<List<string>> RowsAsync() => portal.ReadAsync(db => db.DisclosureSettings.OrderBy(d => d.Id).Select(d => $"{d.Id} {d.Kind} {d.IsOpen} {d.Cause}").ToListAsync());
    }

    [Theory, OnEveryDatabase]
    public async Task Z9_A_raised_age_of_guardians_shows_a_child_from_its_day_and_nobody_who_has_registered(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "長男", "長女");
        await portal.SetPersonAsync(family[1], p => p.BirthDate = new DateOnly(2010, 6, 1));
        await portal.SetPersonAsync(family[2], p => p.BirthDate = new DateOnly(2010, 6, 1));
        await portal.RegisterAsync(portal.Stranger(), family[2], "choujo-01", "sora@example.jp");
        await Assert.ThrowsAsync<Core.Common.PortalInputException>(() => ChangeAsync(portal, "guardian-age", "18"));
        await AddArticleAsync(portal);
        await ChangeAsync(portal, "guardian-age", "18@2026-10-19");
        portal.Clock.Set(Midnight.AddMinutes(-1));
        Assert.Equal((false, false), (await SeesAsync(portal, family[0], family[1]), await SeesAsync(portal, family[0], family[2])));
        portal.Clock.Set(Midnight);
        Assert.Equal((true, false), (await SeesAsync(portal, family[0], family[1]), await SeesAsync(portal, family[0], family[2])));
        await ChangeAsync(portal, "guardian-age", "15");
        Assert.False(await SeesAsync(portal, family[0], family[1]));
    }

    [Theory, OnEveryDatabase]
    public async Task Z9_What_was_opened_for_a_child_ends_at_the_childs_age_and_a_raised_age_does_not_bring_it_back(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "長男");
        await portal.SetPersonAsync(family[2], p => p.BirthDate = new DateOnly(2011, 10, 20));
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var confirm = await (await his.OpenAsync($"/profile/{family[2].Id:N}")).PressAsync("登録", ("医療費通知: 公開する", "on"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        await portal.RunJobsAsync();
        Assert.True(await SeesAsync(portal, family[1], family[2]));

        portal.Clock.Set(Midnight.AddDays(3));
        await portal.RunJobsAsync();
        Assert.False(await SeesAsync(portal, family[1], family[2]));
        await AddArticleAsync(portal);
        await ChangeAsync(portal, "guardian-age", "18@2026-11-20");
        portal.Clock.Set(Midnight.AddDays(40));

        Assert.Equal((true, false), (await SeesAsync(portal, family[0], family[2]), await SeesAsync(portal, family[1], family[2])));
        Assert.Equal(1, await portal.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.DisclosureClosed && e.SubjectId == family[2].Id && e.Detail == "kind=MedicalCost cause=Ended")));
    }

    [Theory, OnEveryDatabase]
    public async Task Z9_An_objection_closes_at_once_is_told_and_outlasts_the_start_value(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (family, path) = await FamilyAsync(portal, "長男", "長女");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (son, _) = await portal.MemberAsync(family[1], "wataru-18", "wataru@example.jp");
        var confirm = await (await son.OpenAsync("/profile")).PressAsync("登録", ("医療費通知: 公開する", "on"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Equal(HttpStatusCode.OK, (await his.OpenAsync(path)).Status);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var person in family.Skip(1))
        {
            await portal.AsStaffAsync(async s =>
            {
                await s.GetRequiredService<DisclosureDesk>().CloseAsync(person.Id, TestContext.Current.CancellationToken);
                return true;
            });
        }

        Assert.Equal(HttpStatusCode.NotFound, (await his.OpenAsync(path)).Status);
        Assert.All((await HistoryAsync(son)).Take(2), line => Assert.EndsWith(" 公開しない 組合への申し出により", line, StringComparison.Ordinal));
        Assert.Equal(2, (await portal.SubjectsToAsync("wataru@example.jp")).Count(s => s == "ご登録内容変更のお知らせ"));

        // The daughter has no account yet.
        await AnnounceAsync(portal);
        portal.Clock.Set(Midnight.AddDays(1));
        var (form, _) = await FormAsync(portal, family[2], "sora@example.jp");
        Assert.Contains("「公開しない」です", (await form.FillRegistrationAsync("sora-0001")).Text, StringComparison.Ordinal);
    }

    /// <summary>An insured and others of eighteen, the first of whom has a notice, and the path of it.</summary>
    private static async Task<(IReadOnlyList<Person> Family, string Path)> FamilyAsync(WebPortal portal, params string[] others)
    {
        var family = await portal.AddHouseholdAsync(["本人", .. others]);
        foreach (var other in family.Skip(1))
        {
            await portal.SetPersonAsync(other, p => p.BirthDate = new DateOnly(2008, 4, 1));
        }

        await portal.Notices().CostAsync(family[1], "2026-04");
        return (family, $"/medical-costs/2026/{family[1].Id:N}");
    }

    /// <summary>The society says today that people start with 公開する from <see cref="TheDay"/>.</summary>
    private static async Task AnnounceAsync(WebPortal portal)
    {
        await AddArticleAsync(portal);
        await ChangeAsync(portal, "disclose-by-default", "yes@2026-10-19");
    }

    private static Task AddArticleAsync(WebPortal portal) => portal.WriteAsync(db => db.Articles.Add(new Article
    {
        SocietyId = portal.Society.Id, Category = ArticleCategory.News, Key = "kokai", Title = "公開設定について", Body = "ご家族への公開の初期設定が変わります。",
        PublishedOn = new DateOnly(2026, 10, 1), ChangedAt = portal.Clock.Now,
    }));

    private static Task<bool> ChangeAsync(WebPortal portal, string name, string value) => portal.AsStaffAsync(async services =>
    {
        await services.GetRequiredService<SocietySettings>().ChangeAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }, "kokai", TestContext.Current.CancellationToken);
        return true;
    });

    /// <summary>利用者情報入力 of a person with a letter.</summary>
    private static async Task<(ShownPage Form, Visitor Visitor)> FormAsync(WebPortal portal, Person person, string address)
    {
        var visitor = portal.Visitor();
        var letter = await portal.GiveLetterAsync(person);
        return (await (await portal.AskToRegisterAsync(visitor, address)).LogInProvisionallyAsync(letter), visitor);
    }

    private static async Task<List<string>> HistoryAsync(Visitor visitor) =>
        [.. (await visitor.OpenAsync("/profile/history")).Document.QuerySelectorAll("tbody tr").Select(r => string.Join(' ', r.Children.Select(c => c.TextContent.Trim())))];

    private static Task<int> OpeningsAsync(WebPortal portal, Person person) =>
        portal.CountAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.DisclosureOpened && e.SubjectId == person.Id));

    /// <summary>With the society as it stands, which a request would read anew.</summary>
    private static async Task<bool> SeesAsync(WebPortal portal, Person viewer, Person owner)
    {
        var society = await portal.ReadAsync(db => db.Societies.AsNoTracking().SingleAsync(s => s.Key == "minato"));
        return await new Residents(portal.Services, society).AsStaffAsync(services =>
            services.GetRequiredService<Visibility>().MaySeeAsync(viewer.Id, owner.Id, NoticeKind.MedicalCost, TestContext.Current.CancellationToken));
    }
}

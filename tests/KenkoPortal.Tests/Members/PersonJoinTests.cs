using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Members;

/// <summary>Two people of the list who are one under a new name (findings/clerk 14): joined, read by one account, and parted again.</summary>
public sealed class PersonJoinTests
{
    private const string Shared = "kazoku@example.jp";
    private const string Hers = "hitori@example.jp";

    [Theory, OnEveryDatabase]
    public async Task Z4_One_account_reads_the_notices_of_both_cards_the_former_household_sees_nothing_and_the_undo_restores_what_was(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.MemberAsync(family[0], "husband.m", Shared);
        await portal.MemberAsync(family[1], "tsuma.m", Hers);
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, isOpen: true);
        await portal.Notices().CostAsync(family[1], "2026-06", "しおみ皮ふ科");
        var (her, outcome) = await DivorceAsync(portal, family[1]);
        await portal.Notices().CostAsync(her, "2026-07", "はまべ眼科");
        await portal.GiveLetterAsync(her);
        Assert.Equal((MemberListCheckKind.SamePerson, family[1].Name, "浜辺 花子"), Assert.Single(outcome.Comparison!.Checks) is var check ? (check.Kind, check.Name, check.Other!.Value.Name) : default);
        var before = await SnapshotAsync(portal);

        var report = await JoinAsync(portal, family[1], her);

        Assert.Equal((true, false, 0, false, 1), (report.HasAccount, report.Waits, report.SharedAddresses, report.IsProtected, report.LettersVoided));
        var wife = portal.Visitor();
        Assert.Equal("/", (await wife.LogInAsync("tsuma.m")).Path);
        Assert.Contains("しおみ皮ふ科", (await wife.OpenAsync("/medical-costs/2026-06")).Text, StringComparison.Ordinal);
        Assert.Contains("はまべ眼科", (await wife.OpenAsync("/medical-costs/2026-07")).Text, StringComparison.Ordinal);
        var husband = portal.Visitor();
        await husband.LogInAsync("husband.m");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await husband.OpenAsync($"/medical-costs/2026-06/{family[1].Id:N}")).Status);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await husband.OpenAsync($"/medical-costs/2026-07/{her.Id:N}")).Status);
        Assert.DoesNotContain("はまべ眼科", (await husband.OpenAsync("/medical-costs/2026-07?household")).Text, StringComparison.Ordinal);
        foreach (var card in new[] { "90009-00", "-01" })
        {
            Assert.Equal(family[1].Id, await PersonOfAsync(portal, card));
        }

        // What happened to the one who is gone is found too.
        var events = await portal.AsStaffAsync(s => s.GetRequiredService<AuditReading>().ListAsync(new AuditQuestion(null, null, family[1].Id, null, 200), TestContext.Current.CancellationToken));
        Assert.Contains(events, e => e.Event.Kind == AuditKind.PersonsJoined);
        var looked = Assert.Single(events, e => e.Event.Kind == AuditKind.PersonsCompared && e.Event.SubjectId == her.Id);
        Assert.Equal("浜辺 花子", looked.About!.Name);

        await portal.AsStaffAsync(async s =>
        {
            await s.GetRequiredService<PersonJoining>().PartAsync(family[1].Id, TestContext.Current.CancellationToken);
            return true;
        });

        Assert.Equal(before, await SnapshotAsync(portal));
        Assert.Equal("/login", (await wife.OpenAsync("/medical-costs/2026-07")).Path);
        await wife.LogInAsync("tsuma.m");
        Assert.Contains("しおみ皮ふ科", (await wife.OpenAsync("/medical-costs/2026-06")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("はまべ眼科", (await wife.OpenAsync("/medical-costs/2026-07")).Text, StringComparison.Ordinal);
        Assert.Equal(2, await portal.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.PersonsParted)));
    }

    [Theory, OnEveryDatabase]
    public async Task What_comes_by_the_new_card_after_the_join_goes_back_with_it(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.MemberAsync(family[1], "tsuma.m", Hers);
        var (her, _) = await DivorceAsync(portal, family[1]);
        await JoinAsync(portal, family[1], her);
        var line = await portal.Notices().CostAsync(family[1], "2026-07", "はまべ眼科");
        await portal.WriteAsync(db =>
        {
            var card = db.InsuranceCards.Single(c => c.NumberKey == "90009");
            var claim = db.ReceivedClaims.Single(c => c.Id == line.ClaimId);
            (claim.SymbolKey, claim.NumberKey, claim.Branch) = (card.SymbolKey, card.NumberKey, card.Branch);
        });

        await PartAsync(portal, family[1].Id);

        Assert.Equal((her.Id, her.Id), await portal.ReadAsync(async db => (
            (await db.ReceivedClaims.SingleAsync(c => c.Id == line.ClaimId)).PersonId!.Value, (await db.MedicalCostLines.SingleAsync(l => l.ClaimId == line.ClaimId)).PersonId)));
    }

    [Theory, OnEveryDatabase]
    public async Task The_account_of_the_new_card_is_taken_over_and_given_back(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.Notices().CostAsync(family[1], "2026-06", "しおみ皮ふ科");
        var letter = await portal.GiveLetterAsync(family[1]);
        var (her, _) = await DivorceAsync(portal, family[1]);
        var (visitor, _) = await portal.MemberAsync(her, "hitori.m", Hers, LetterKind.Own);
        var before = await SnapshotAsync(portal);

        await JoinAsync(portal, family[1], her);

        await visitor.LogInAsync("hitori.m");
        Assert.Contains("しおみ皮ふ科", (await visitor.OpenAsync("/medical-costs/2026-06")).Text, StringComparison.Ordinal);
        // The household's letter registers nobody.
        Assert.NotEmpty((await (await portal.AskToRegisterAsync(portal.Visitor(), Shared)).LogInProvisionallyAsync(letter)).Errors);
        await PartAsync(portal, family[1].Id);
        Assert.Equal(before, await SnapshotAsync(portal));
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_What_was_hidden_after_a_join_goes_with_its_claims_when_the_join_is_undone(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (wife, _) = await portal.MemberAsync(family[1], "tsuma.m", Hers);
        var visit = await portal.Notices().CostAsync(family[1], "2026-06", "しおみ皮ふ科");
        var (her, _) = await DivorceAsync(portal, family[1]);
        var moved = await portal.Notices().CostAsync(her, "2026-07", "はまべ眼科");
        var other = await portal.Notices().CostAsync(her, "2026-05", "みさき内科");
        await JoinAsync(portal, family[1], her);
        await wife.LogInAsync("tsuma.m");
        await (await wife.OpenAsync($"/medical-costs/line/{visit.ClaimId:N}")).PressAsync("家族に見せない", ("現在のパスワード", Journeys.Password));
        await (await wife.OpenAsync($"/medical-costs/line/{moved.ClaimId:N}")).PressAsync("家族に見せない", ("現在のパスワード", Journeys.Password));
        await (await wife.OpenAsync($"/medical-costs/institution/{other.ClaimId:N}")).PressAsync("すべて家族に見せない", ("現在のパスワード", Journeys.Password));
        Assert.Equal(3, (await wife.OpenAsync("/medical-costs/hidden")).Document.QuerySelectorAll("tbody tr").Length);

        await PartAsync(portal, family[1].Id);

        var (newcomer, _) = await portal.MemberAsync(her, "hitori.m", "hitori2@example.jp", LetterKind.Own);
        var list = (await newcomer.OpenAsync("/medical-costs/hidden")).Text;
        Assert.Contains("はまべ眼科", list, StringComparison.Ordinal);
        Assert.Contains("みさき内科", list, StringComparison.Ordinal);
        Assert.DoesNotContain("しおみ皮ふ科", list, StringComparison.Ordinal);
        await wife.LogInAsync("tsuma.m");
        list = (await wife.OpenAsync("/medical-costs/hidden")).Text;
        Assert.Contains("しおみ皮ふ科", list, StringComparison.Ordinal);
        Assert.DoesNotContain("はまべ眼科", list, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z9_A_start_value_opens_nothing_that_was_closed_before_a_join_nor_an_objection_after_its_undo(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "母");
        await ObjectAsync(family[1]);
        var (her, _) = await DivorceAsync(portal, family[1]);
        await portal.MemberAsync(her, "hitori.m", Hers, LetterKind.Own);
        await portal.ReadAsync(db => db.DisclosureSettings.Where(d => d.PersonId == her.Id && d.Cause == DisclosureCause.StartValue).ExecuteUpdateAsync(set => set.SetProperty(d => d.IsOpen, true)));

        await JoinAsync(portal, family[1], her);

        Assert.Equal([false, false], await StandingAsync(family[1].Id));
        await PartAsync(portal, family[1].Id);
        Assert.Equal([false, false], await StandingAsync(her.Id));

        // Who objects while two are taken for one: neither of them starts open later.
        var parted = await portal.AddHouseholdAsync("本人", "妻");
        await portal.SetPersonAsync(parted[1], p => p.LostOn = new DateOnly(2026, 10, 1));
        var joined = (await portal.AddHouseholdAsync("本人", "妻"))[1];
        await JoinAsync(portal, parted[1], joined);
        await ObjectAsync(parted[1]);
        await PartAsync(portal, parted[1].Id);
        Assert.Equal([false, false], await StandingAsync(parted[1].Id));
        Assert.Equal([false, false], await StandingAsync(joined.Id));

        Task ObjectAsync(Person person) => portal.AsStaffAsync(async s =>
        {
            await s.GetRequiredService<DisclosureDesk>().CloseAsync(person.Id, TestContext.Current.CancellationToken);
            return true;
        });

        Task<List<bool>> StandingAsync(Guid person) => portal.ReadAsync(db => db.DisclosureSettings.Where(d => d.PersonId == person && d.Until == null).Select(d => d.IsOpen).ToListAsync());
    }

    [Theory, OnEveryDatabase]
    public async Task Two_accounts_are_refused_until_one_is_removed(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.MemberAsync(family[1], "tsuma.m", Hers);
        var (her, _) = await DivorceAsync(portal, family[1]);
        await portal.MemberAsync(her, "hitori.m", "hitori2@example.jp", LetterKind.Own);
        var before = await SnapshotAsync(portal);

        var refused = await Assert.ThrowsAsync<PortalInputException>(() => JoinAsync(portal, family[1], her));

        Assert.Contains("account remove", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await SnapshotAsync(portal));
        await portal.AsStaffAsync(s => s.GetRequiredService<AccountSupport>().RemoveAsync(her.Id, TestContext.Current.CancellationToken));
        Assert.True((await JoinAsync(portal, family[1], her)).HasAccount);
    }

    [Theory, OnEveryDatabase]
    public async Task A_list_taken_again_after_the_join_does_not_part_them(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (her, _) = await DivorceAsync(portal, family[1]);
        await JoinAsync(portal, family[1], her);
        var before = await SnapshotAsync(portal);

        var again = await portal.ListTextAsync(Divorce(await portal.ReadAsync(db => db.InsuranceCards.SingleAsync(c => c.PersonId == family[1].Id && c.Branch == "01")), family[1]));

        Assert.Empty(again.Comparison!.Changes);
        Assert.Equal((1, 1), (again.Comparison.Rows.OldCards, again.Comparison.Rows.Unchanged));
        Assert.Equal(again.File.Rows.Count, again.Comparison.Rows.Sum);
        Assert.Equal(before, await SnapshotAsync(portal));
    }

    [Theory, OnEveryDatabase]
    public async Task Who_was_protected_stays_protected_and_an_address_of_the_former_household_gets_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.MemberAsync(family[0], "husband.m", Shared);
        await portal.MemberAsync(family[1], "tsuma.m", Shared);
        var (her, _) = await DivorceAsync(portal, family[1], ("非開示", "1"));

        var report = await JoinAsync(portal, family[1], her);

        Assert.Equal((true, true, true, 1), (report.HasAccount, report.Waits, report.IsProtected, report.SharedAddresses));
        Assert.True(await portal.ReadAsync(db => db.Persons.Where(p => p.Id == family[1].Id).Select(p => p.IsProtected).SingleAsync()));
        Assert.False((await portal.TryLogInAsync("tsuma.m", Journeys.Password)).IsIn());
        var mails = portal.Mail.To(Shared).Count();
        await portal.Notices().CostAsync(family[1], "2026-07");
        await portal.RunJobsAsync();
        Assert.Equal(mails, portal.Mail.To(Shared).Count());
        await PartAsync(portal, family[1].Id);
        Assert.Equal([false, true], await portal.ReadAsync(async db => new List<bool>
        {
            (await db.Persons.SingleAsync(p => p.Id == family[1].Id)).IsProtected, (await db.Persons.SingleAsync(p => p.Id == her.Id)).IsProtected,
        }));
    }

    [Theory, OnEveryDatabase]
    public async Task After_30_days_only_the_fact_remains_and_nobody_parts_them(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (her, _) = await DivorceAsync(portal, family[1]);
        await JoinAsync(portal, family[1], her);

        portal.Clock.Advance(TimeSpan.FromDays(30));
        var late = await Assert.ThrowsAsync<PortalInputException>(() => PartAsync(portal, family[1].Id));
        await portal.RunJobsAsync();

        Assert.Contains("30 日", late.Message, StringComparison.Ordinal);
        Assert.Equal((family[1].Id, her.Id, null), await portal.ReadAsync(async db => await db.PersonJoins.SingleAsync() is var join ? (join.StayedId, join.GoneId, join.Moved) : default));
    }

    [Fact]
    public async Task Who_cannot_be_one_person_is_refused()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (her, _) = await DivorceAsync(portal, family[1]);

        foreach (var (from, to, word) in new[] { (family[0], her, "生年月日か性別"), (her, family[1], "まだ加入中"), (her, her, "すでに同じ方") })
        {
            Assert.Contains(word, (await Assert.ThrowsAsync<PortalInputException>(() => JoinAsync(portal, from, to))).Message, StringComparison.Ordinal);
        }

        Assert.Contains("まとめられていません", (await Assert.ThrowsAsync<PortalInputException>(() => PartAsync(portal, her.Id))).Message, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task The_command_shows_both_asks_and_touches_one_society_alone(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.AddSocietyAsync("tonari");
        foreach (var key in new[] { "minato", "tonari" })
        {
            var insurer = key == "minato" ? ListText.Insurer : TestPortal.InsurerNumberOf(key);
            var list = new ListText().Row(("保険者番号", insurer)).Row(("保険者番号", insurer), ("枝番", "01"), ("続柄", "妻"), ("性別", "2"), ("氏名", "山田 花子"), ("氏名カナ", "ヤマダ ハナコ"), ("資格喪失年月日", "20261101"))
                .Row(("保険者番号", insurer), ("番号", "9"), ("性別", "2"), ("氏名", "浜辺 花子"), ("氏名カナ", "ハマベ ハナコ"), ("資格取得年月日", "20261101"));
            Assert.Equal(0, (await desk.RunAsync("members", "import", desk.File($"{key}.csv", list.Text()), "--society", key)).ExitCode);
        }

        string[] join = ["members", "join", "--society", "minato", "--from", "12-345-01", "--to", "12-9-00"];
        var script = await desk.RunAsync(join);
        desk.Answer = "はい";
        var no = await desk.RunAsync(join);
        desk.Answer = "まとめる";
        var joined = await desk.RunAsync(join);
        var again = await desk.RunAsync([.. join, "--yes"]);
        var found = await desk.RunAsync("audit", "list", "--society", "minato", "--card", "12-345-01", "--kind", "PersonsJoined");
        var neighbour = await desk.RunAsync("members", "join", "--society", "tonari", "--undo", "--card", "12-9-00", "--yes");
        var undone = await desk.RunAsync("members", "join", "--society", "minato", "--undo", "--card", "12-345-01", "--yes");
        var wrong = await desk.RunAsync("members", "join", "--society", "minato", "--undo", "--from", "12-345-01");

        Assert.Equal((1, 1, 0, 1, 1, 0), (script.ExitCode, no.ExitCode, joined.ExitCode, again.ExitCode, neighbour.ExitCode, undone.ExitCode));
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--yes", script.Error, StringComparison.Ordinal);
        Assert.StartsWith("12-345-01 山田 花子さん（1985年4月1日生まれ、2026年11月1日 喪失、アカウント なし）", joined.Output, StringComparison.Ordinal);
        Assert.Contains("12-9-00 浜辺 花子さん（1985年4月1日生まれ、加入中、アカウント なし）", joined.Output, StringComparison.Ordinal);
        Assert.Contains("members join --undo --card 12-9-00", joined.Output, StringComparison.Ordinal);
        Assert.Contains("すでに同じ方", again.Error, StringComparison.Ordinal);
        Assert.Contains("浜辺 花子さん（12-9-00）を、氏名の変わる前と同じ方としてまとめ", found.Output, StringComparison.Ordinal);
    }

    private static async Task<(Person Her, MemberListOutcome Outcome)> DivorceAsync(WebPortal portal, Person wife, params (string, string)[] changes)
    {
        var outcome = await portal.ListAsync((wife, [("資格喪失年月日", "20261001")]), (wife, [.. NewName, .. changes]));
        return (await portal.ReadAsync(db => db.Persons.SingleAsync(p => p.Name == "浜辺 花子")), outcome);
    }

    private static (string, string)[] NewName { get; } =
        [("番号", "90009"), ("枝番", "00"), ("続柄", "本人"), ("氏名", "浜辺 花子"), ("氏名カナ", "ハマベ タメシ"), ("資格取得年月日", "20261001")];

    private static ListText Divorce(InsuranceCard card, Person wife)
    {
        (string, string)[] usual = [("記号", card.Symbol), ("性別", "2"), ("生年月日", $"{wife.BirthDate:yyyyMMdd}"), ("郵便番号", "231-0000"), ("住所", wife.Address!)];
        return new ListText()
            .Row([.. usual, ("番号", card.Number), ("枝番", "01"), ("氏名", wife.Name), ("氏名カナ", "ミナト タメシ"), ("続柄", "妻"), ("資格取得年月日", "20200401"), ("資格喪失年月日", "20261001")])
            .Row([.. usual, .. NewName]);
    }

    private static Task<JoinReport> JoinAsync(WebPortal portal, Person from, Person to) => portal.AsStaffAsync(async services =>
    {
        var joining = services.GetRequiredService<PersonJoining>();
        if (from.Id != to.Id)
        {
            await joining.LookAsync([from.Id, to.Id], TestContext.Current.CancellationToken);
        }

        return await joining.JoinAsync(from.Id, to.Id, TestContext.Current.CancellationToken);
    });

    private static Task PartAsync(WebPortal portal, Guid person) => portal.AsStaffAsync(async services =>
    {
        await services.GetRequiredService<PersonJoining>().PartAsync(person, TestContext.Current.CancellationToken);
        return true;
    });

    private static Task<Guid?> PersonOfAsync(WebPortal portal, string end) => portal.AsStaffAsync(async services =>
    {
        var card = (await services.GetRequiredService<PortalContext>().InsuranceCards.AsNoTracking().ToListAsync()).Single(c => $"{c.Symbol}-{c.Number}-{c.Branch}".EndsWith(end, StringComparison.Ordinal));
        return await services.GetRequiredService<AccountSupport>().FindPersonAsync(card.SymbolKey, card.NumberKey, card.Branch, TestContext.Current.CancellationToken);
    });

    /// <summary>People, and every row that names one; of letters the validity does not count, which an undo does not bring back.</summary>
    private static Task<string> SnapshotAsync(WebPortal portal) => portal.ReadAsync(async db => System.Text.Json.JsonSerializer.Serialize(new
    {
        Persons = await db.Persons.AsNoTracking().OrderBy(p => p.Id).ToListAsync(),
        Cards = await db.InsuranceCards.AsNoTracking().OrderBy(c => c.Id).ToListAsync(),
        Accounts = await db.MemberAccounts.AsNoTracking().OrderBy(a => a.Id).Select(a => new { a.Id, a.PersonId }).ToListAsync(),
        Letters = await db.ProvisionalCredentials.AsNoTracking().OrderBy(c => c.Id).Select(c => new { c.Id, c.PersonId }).ToListAsync(),
        Claims = await db.ReceivedClaims.AsNoTracking().OrderBy(c => c.Id).Select(c => new { c.Id, c.PersonId }).ToListAsync(),
        Lines = await db.MedicalCostLines.AsNoTracking().OrderBy(l => l.Id).Select(l => new { l.Id, l.PersonId }).ToListAsync(),
        Settings = await db.DisclosureSettings.AsNoTracking().OrderBy(d => d.Id).ToListAsync(),
        Uses = await db.AddressUses.AsNoTracking().OrderBy(u => u.Id).Where(u => u.PersonId != Guid.Empty).Select(u => new { u.Id, u.PersonId }).ToListAsync(),
        Left = await db.FormerHouseholds.AsNoTracking().OrderBy(f => f.Id).ToListAsync(),
    }));
}

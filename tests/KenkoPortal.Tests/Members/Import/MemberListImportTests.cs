using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Members.Import;

public sealed class MemberListImportTests
{
    private static readonly (string, string)[] Husband = [];

    private static readonly (string, string)[] Wife =
        [("枝番", "01"), ("氏名", "山田 花子"), ("氏名カナ", "ヤマダ ハナコ"), ("性別", "2"), ("生年月日", "19870612"), ("続柄", "妻")];

    private static readonly (string, string)[] Son =
        [("枝番", "02"), ("氏名", "山田 一郎"), ("氏名カナ", "ヤマダ イチロウ"), ("生年月日", "20150303"), ("続柄", "長男"), ("資格取得年月日", "20150303")];

    private static readonly (string, string)[] Daughter =
        [("枝番", "03"), ("氏名", "山田 夏"), ("氏名カナ", "ヤマダ ナツ"), ("性別", "2"), ("生年月日", "20150303"), ("続柄", "長女"), ("資格取得年月日", "20150303")];

    /// <summary>A household of three, and thirty others so that one who leaves is few.</summary>
    private static ListText Family(params (string, string)[][] family) => Others(family.Length == 0 ? [Husband, Wife, Son] : family);

    private static ListText Others(params (string, string)[][] rows)
    {
        var list = new ListText();
        foreach (var row in rows)
        {
            list.Row(row);
        }

        for (var i = 0; i < 60; i++)
        {
            list.Row(("番号", $"{9000 + i}"), ("氏名", $"他人 {(char)('ぁ' + i)}"), ("氏名カナ", $"タニン {(char)('ァ' + i)}ノ{(char)('ア' + (i * 2 % 60))}"));
        }

        return list;
    }

    private static (string, string)[] With((string, string)[] row, params (string, string)[] changes) =>
        [.. row.Where(f => changes.All(c => c.Item1 != f.Item1)), .. changes];

    [Theory, OnEveryDatabase]
    public async Task The_first_list_founds_the_society(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);

        var done = await society.TakeAsync(Family([("非開示", "1")], Wife, Son));

        Assert.Equal((63, 0, 0, 0, 0), (done.Joined, done.Changed, done.Moved, done.Left, done.Members));
        var people = await society.PeopleAsync();
        Assert.Equal(["ヤマダタロウ", "ヤマダハナコ", "ヤマダイチロウ"], people.Take(3).Select(p => p.KanaKey));
        Assert.Single(people.Take(3).Select(p => p.HouseholdId).Distinct());
        Assert.Equal(61, people.Select(p => p.HouseholdId).Distinct().Count());
        var insured = people[0];
        Assert.Equal(("山田 太郎", Sex.Male, new DateOnly(1985, 4, 1), "本人"), (insured.Name, insured.Sex, insured.BirthDate, insured.Relationship));
        Assert.Equal((new DateOnly(2010, 4, 1), null, "650-0045"), (insured.AcquiredOn, insured.LostOn, insured.PostalCode));
        Assert.Equal((true, "港湾荷役", true), (insured.IsProtected, insured.Workplace, insured.MedicalCostMail));
        Assert.Equal(["12-345-00 2010-04-01.."], await society.CardsAsync(insured));
    }

    [Theory, OnEveryDatabase]
    public async Task F2_A_list_taken_twice_changes_nothing_and_each_run_leaves_one_event(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var before = await society.SnapshotAsync();

        var again = await society.TakeAsync(Family());

        Assert.Equal((0, 0, 0, 0, 63), (again.Joined, again.Changed, again.Moved, again.Left, again.Unchanged));
        Assert.Empty(again.Changes);
        Assert.Equal(before, await society.SnapshotAsync());
        var events = await society.ReadAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.MembersImported).OrderBy(e => e.Id).ToListAsync());
        Assert.Equal(
            ["rows=63 joined=63 changed=0 moved=0 left=0 unchanged=0", "rows=63 joined=0 changed=0 moved=0 left=0 unchanged=63"],
            events.Select(e => e.Detail));
        Assert.All(events, e => Assert.Equal("system:test", e.Actor));
        Assert.Equal(2, await society.ReadAsync(db => db.ImportRuns.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task Changed_particulars_change_the_person_and_leave_their_own_settings_alone(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        await society.WriteAsync(db => db.Persons.Single(p => p.KanaKey == "ヤマダタロウ").MedicalCostMail = false);

        var done = await society.TakeAsync(Family([("住所", "神戸市灘区"), ("郵便番号", "657-0001"), ("非開示", "1")], Wife, Son));

        var change = Assert.Single(done.Changes);
        Assert.Equal((MemberListChangeKind.Changed, 2, "12-345-00", null), (change.Kind, change.Line, change.Card, change.FormerCard));
        Assert.Equal([MemberListColumn.PostalCode, MemberListColumn.Address, MemberListColumn.Protected], change.Columns);
        var person = await society.PersonAsync("ヤマダタロウ");
        Assert.Equal(("神戸市灘区", "657-0001", true, false), (person.Address, person.PostalCode, person.IsProtected, person.MedicalCostMail));
    }

    [Theory, OnEveryDatabase]
    public async Task A_family_that_changes_the_card_stays_the_family_that_it_was(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var (husband, wife) = (await society.PersonAsync("ヤマダタロウ"), await society.PersonAsync("ヤマダハナコ"));
        await society.DiscloseAsync(wife);
        (string, string)[] moved = [("記号", "港-77"), ("番号", "5"), ("資格取得年月日", "20261101")];

        var done = await society.TakeAsync(Family(moved, With(Wife, moved), With(Son, moved)));

        Assert.Equal((0, 0, 3, 0), (done.Joined, done.Changed, done.Moved, done.Left));
        Assert.Equal("12-345-00", done.Changes[0].FormerCard);
        var after = await society.PersonAsync("ヤマダハナコ");
        Assert.Equal((wife.Id, wife.HouseholdId), (after.Id, after.HouseholdId));
        Assert.Equal(["12-345-01 2010-04-01..2026-11-01", "港-77-5-01 2026-11-01.."], await society.CardsAsync(after));
        Assert.True(await society.SeesAsync(husband, after));
    }

    [Theory, OnEveryDatabase]
    public async Task Z4_One_who_leaves_the_household_shares_nothing_any_more_in_either_direction(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var (husband, wife) = (await society.PersonAsync("ヤマダタロウ"), await society.PersonAsync("ヤマダハナコ"));
        await society.DiscloseAsync(wife);
        await society.DiscloseAsync(husband);
        Assert.True(await society.SeesAsync(husband, wife));
        var own = With(Wife, ("枝番", "00"), ("番号", "777"), ("続柄", "本人"), ("資格取得年月日", "20261101"));

        var done = await society.TakeAsync(Family(Husband, own, Son));

        Assert.Equal((0, 0, 1, 0), (done.Joined, done.Changed, done.Moved, done.Left));
        var after = await society.PersonAsync("ヤマダハナコ");
        Assert.Equal(wife.Id, after.Id);
        Assert.NotEqual(husband.HouseholdId, after.HouseholdId);
        Assert.False(await society.SeesAsync(husband, after));
        Assert.False(await society.SeesAsync(after, husband));
        var history = await society.ReadAsync(db => db.DisclosureSettings.Where(d => d.PersonId == wife.Id).OrderBy(d => d.From).ThenBy(d => d.IsOpen ? 0 : 1).ToListAsync());
        Assert.Equal([(true, true), (false, false)], history.Select(d => (d.IsOpen, d.Until is not null)));

        await society.TakeAsync(Family());
        Assert.False(await society.SeesAsync(husband, wife));
    }

    [Theory, OnEveryDatabase]
    public async Task Z3_Z4_The_letter_of_who_is_protected_or_leaves_the_household_is_void_and_what_they_share_ends(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var people = await society.PeopleAsync();
        var (husband, wife) = (await society.PersonAsync("ヤマダタロウ"), await society.PersonAsync("ヤマダハナコ"));
        await society.DiscloseAsync(wife);
        await society.WriteAsync(db => db.ProvisionalCredentials.AddRange(people.Select((person, i) => new ProvisionalCredential
        {
            SocietyId = person.SocietyId, PersonId = person.Id, ProvisionalId = $"{10000000 + i}", PasswordMac = [1], IssuedAt = society.Clock.GetUtcNow(), ExpiresAt = society.Clock.GetUtcNow().AddDays(180),
        })));

        Assert.Equal(0, (await society.ImportAsync(Family(), new MemberListImportOptions())).LettersVoided);
        Assert.Equal(1, (await society.ImportAsync(Family(Husband, With(Wife, ("非開示", "1")), Son), new MemberListImportOptions())).LettersVoided);
        Assert.Equal([wife.Id], await VoidAsync());
        await society.TakeAsync(Family());
        Assert.False(await society.SeesAsync(husband, wife));

        var own = With(Son, ("枝番", "00"), ("番号", "777"), ("続柄", "本人"), ("資格取得年月日", "20261101"));
        Assert.Equal(1, (await society.ImportAsync(Family(Husband, Wife, own), new MemberListImportOptions())).LettersVoided);
        Assert.DoesNotContain(husband.Id, await VoidAsync());
        Assert.Equal(2, (await VoidAsync()).Count);

        Task<List<Guid>> VoidAsync() => society.ReadAsync(db => db.ProvisionalCredentials.Where(c => c.VoidedAt != null).Select(c => c.PersonId).ToListAsync());
    }

    [Theory, OnEveryDatabase]
    public async Task Whom_the_whole_list_leaves_out_leaves_today_and_is_kept(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var (husband, wife) = (await society.PersonAsync("ヤマダタロウ"), await society.PersonAsync("ヤマダハナコ"));
        await society.DiscloseAsync(wife);

        var done = await society.TakeAsync(Family(Husband, Son), acceptLeavers: false);

        var change = Assert.Single(done.Changes);
        Assert.Equal((MemberListChangeKind.Left, null, "12-345-01"), (change.Kind, change.Line, change.Card));
        var after = await society.PersonAsync("ヤマダハナコ");
        Assert.Equal(society.Today, after.LostOn);
        Assert.Equal(["12-345-01 2010-04-01..2026-11-22"], await society.CardsAsync(after));
        Assert.False(await society.SeesAsync(husband, after));
        Assert.Empty((await society.TakeAsync(Family(Husband, Son))).Changes);
    }

    [Theory, OnEveryDatabase]
    public async Task An_announced_loss_counts_from_its_day(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var leaving = Family(Husband, With(Wife, ("資格喪失年月日", "20261201")), Son);

        Assert.Equal((1, 0), await Counts(society.TakeAsync(leaving)));
        Assert.Equal((0, 0), await Counts(society.TakeAsync(leaving)));
        society.Clock.Advance(TimeSpan.FromDays(9));
        Assert.Equal((0, 1), await Counts(society.TakeAsync(leaving)));
        Assert.Equal((0, 0), await Counts(society.TakeAsync(leaving)));
        Assert.Equal((0, 0), await Counts(society.TakeAsync(Family(Husband, Son))));
        Assert.Equal(["12-345-01 2010-04-01..2026-12-01"], await society.CardsAsync(await society.PersonAsync("ヤマダハナコ")));

        static async Task<(int Changed, int Left)> Counts(Task<MemberListComparison> done) => ((await done).Changed, (await done).Left);
    }

    [Theory, OnEveryDatabase]
    public async Task F2_More_than_one_in_twenty_leave_only_when_somebody_agrees(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        ListText List(int people)
        {
            var list = new ListText();
            for (var i = 0; i < people; i++)
            {
                list.Row(("番号", $"{i}"), ("氏名カナ", $"ヤマダ {(char)('ア' + i)}"));
            }

            return list;
        }

        await society.TakeAsync(List(40));
        var before = await society.SnapshotAsync();

        var refused = await society.ImportAsync(List(37), new MemberListImportOptions());
        Assert.Equal((MemberListVerdict.TooManyLeave, 3), (refused.Verdict, refused.Comparison!.Left));
        Assert.Equal(before, await society.SnapshotAsync());
        Assert.Equal(MemberListVerdict.Applied, (await society.ImportAsync(List(38), new MemberListImportOptions())).Verdict);
        Assert.Equal(MemberListVerdict.Applied, (await society.ImportAsync(List(20), new MemberListImportOptions { AcceptLeavers = true })).Verdict);
        Assert.Equal(20, (await society.PeopleAsync()).Count(p => p.IsMemberOn(society.Today)));
    }

    [Theory, OnEveryDatabase]
    public async Task A_difference_changes_only_whom_it_names(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var father = await society.PersonAsync("ヤマダタロウ");

        var done = await society.TakeAsync(
            new ListText().Row(With(Wife, ("資格喪失年月日", "20261101"))).Row(With(Son, ("住所", "神戸市灘区"))).Row(Daughter), isDifference: true);

        Assert.Equal((1, 1, 0, 1, 61), (done.Joined, done.Changed, done.Moved, done.Left, done.Unchanged));
        Assert.Equal(new DateOnly(2026, 11, 1), (await society.PersonAsync("ヤマダハナコ")).LostOn);
        Assert.Equal(father.HouseholdId, (await society.PersonAsync("ヤマダナツ")).HouseholdId);
        Assert.Equal(64, (await society.PeopleAsync()).Count);
    }

    [Theory, OnEveryDatabase]
    public async Task A_difference_moves_whoever_loses_one_card_and_gets_another(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var before = await society.PersonAsync("ヤマダタロウ");
        ListText Move() => new ListText().Row(("番号", "888"), ("資格取得年月日", "20261101")).Row(("資格喪失年月日", "20261101"));

        var done = await society.TakeAsync(Move(), isDifference: true);

        Assert.Equal((0, 0, 1, 0), (done.Joined, done.Changed, done.Moved, done.Left));
        var after = await society.PersonAsync("ヤマダタロウ");
        Assert.Equal((before.Id, null), (after.Id, after.LostOn));
        Assert.Equal(["12-345-00 2010-04-01..2026-11-01", "12-888-00 2026-11-01.."], await society.CardsAsync(after));
        Assert.Empty((await society.TakeAsync(Move(), isDifference: true)).Changes);
        var late = new ListText().Row(("資格喪失年月日", "20261101"));
        Assert.Empty((await society.TakeAsync(late, isDifference: true)).Changes);
        Assert.Null((await society.PersonAsync("ヤマダタロウ")).LostOn);
    }

    [Theory, OnEveryDatabase]
    public async Task A_difference_that_joins_without_a_loss_takes_nobody_for_another(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());

        var done = await society.TakeAsync(new ListText().Row(("番号", "888")), isDifference: true);

        Assert.Equal((1, 0), (done.Joined, done.Moved));
        Assert.Contains("12-345-00", Assert.Single(done.Remarks).Message, StringComparison.Ordinal);
        Assert.Equal(2, (await society.PeopleAsync()).Count(p => p.KanaKey == "ヤマダタロウ"));
    }

    [Theory, OnEveryDatabase]
    public async Task Twins_are_never_confused(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family(Husband, Son, Daughter, With(Daughter, ("枝番", "04"), ("氏名", "山田 秋"), ("氏名カナ", "ヤマダ アキ"))));
        var (natsu, aki) = (await society.PersonAsync("ヤマダナツ"), await society.PersonAsync("ヤマダアキ"));

        // The society had the twins' 枝番 the wrong way round.
        var swapped = Family(Husband, Son, With(Daughter, ("枝番", "04")), With(Daughter, ("枝番", "03"), ("氏名", "山田 秋"), ("氏名カナ", "ヤマダ アキ")));
        var done = await society.TakeAsync(swapped);

        Assert.Equal((0, 2, 0), (done.Joined, done.Moved, done.Left));
        Assert.Equal((natsu.Id, aki.Id), ((await society.PersonAsync("ヤマダナツ")).Id, (await society.PersonAsync("ヤマダアキ")).Id));
        Assert.Equal(["03"], [.. (await society.CardsAsync(aki)).Where(c => c.EndsWith("..", StringComparison.Ordinal)).Select(c => c[7..9])]);
        Assert.Empty((await society.TakeAsync(swapped)).Changes);

        // One of them alone, on the card of the other: the other leaves, nobody is renamed.
        done = await society.TakeAsync(Family(Husband, Son, With(Daughter, ("枝番", "03"))));
        Assert.Equal((1, 1), (done.Moved, done.Left));
        Assert.Equal((natsu.Id, null), ((await society.PersonAsync("ヤマダナツ")).Id, (await society.PersonAsync("ヤマダナツ")).LostOn));
        Assert.Equal(society.Today, (await society.PersonAsync("ヤマダアキ")).LostOn);

        // A third child of the same day on that card is a new person.
        done = await society.TakeAsync(Family(Husband, Son, With(Daughter, ("枝番", "03"), ("氏名", "山田 冬"), ("氏名カナ", "ヤマダ フユ"))));
        Assert.Equal((1, 0, 1), (done.Joined, done.Changed, done.Left));
    }

    [Theory, OnEveryDatabase]
    public async Task A_new_family_name_is_a_change_and_not_another_person(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var before = await society.PersonAsync("ヤマダハナコ");

        var done = await society.TakeAsync(Family(Husband, With(Wife, ("氏名", "旧姓 花子"), ("氏名カナ", "キュウセイ ハナコ")), Son));

        Assert.Equal([MemberListColumn.Name, MemberListColumn.Kana], Assert.Single(done.Changes).Columns);
        Assert.Equal(before.Id, (await society.PersonAsync("キユウセイハナコ")).Id);
    }

    [Theory]
    [InlineData("生年月日", "19870613")]
    [InlineData("氏名カナ", "ヤマダ カコ")]
    [InlineData("性別", "1")]
    public async Task A_correction_on_the_same_card_is_a_change(string heading, string value)
    {
        await using var society = await ImportedSociety.StartAsync(DatabaseKind.Sqlite);
        await society.TakeAsync(Family());

        var done = await society.TakeAsync(Family(Husband, With(Wife, (heading, value)), Son));

        Assert.Equal((0, 1, 0, 0), (done.Joined, done.Changed, done.Moved, done.Left));
    }

    [Theory, OnEveryDatabase]
    public async Task A_card_that_goes_to_somebody_else_is_not_the_former_holders_person(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var before = await society.PersonAsync("ヤマダハナコ");
        (string, string)[] second = [("枝番", "01"), ("氏名", "山田 月子"), ("氏名カナ", "ヤマダ ツキコ"), ("性別", "2"), ("生年月日", "19900101"), ("続柄", "妻")];

        var done = await society.TakeAsync(new ListText().Row(second), isDifference: true);

        Assert.Equal((1, 0, 0, 1), (done.Joined, done.Changed, done.Moved, done.Left));
        Assert.Single(done.Remarks);
        Assert.NotEqual(before.Id, (await society.PersonAsync("ヤマダツキコ")).Id);
        Assert.False((await society.PersonAsync("ヤマダハナコ")).IsMemberOn(society.Today));
        Assert.Equal(["12-345-01 2026-11-22.."], await society.CardsAsync(await society.PersonAsync("ヤマダツキコ")));
        Assert.Empty((await society.TakeAsync(new ListText().Row(second), isDifference: true)).Changes);
    }

    [Theory]
    [InlineData("12", "345", "20261120")]
    [InlineData("12", "345", "20100401")]
    [InlineData("13", "1", "20261120")]
    public async Task One_who_comes_back_is_the_same_person(string symbol, string number, string acquired)
    {
        await using var society = await ImportedSociety.StartAsync(DatabaseKind.Sqlite);
        await society.TakeAsync(Family());
        var wife = await society.PersonAsync("ヤマダハナコ");
        var husband = await society.PersonAsync("ヤマダタロウ");
        await society.DiscloseAsync(wife);
        await society.TakeAsync(Family(Husband, Son, With(Wife, ("資格喪失年月日", "20260401"))));
        (string, string)[] card = symbol == "12" ? [] : [("枝番", "00"), ("続柄", "本人")];

        var done = await society.TakeAsync(Family(Husband, Son, With(Wife, [("記号", symbol), ("番号", number), ("資格取得年月日", acquired), .. card])));

        Assert.Equal((1, 0, 0, 0), (done.Joined, done.Changed, done.Moved, done.Left));
        var after = await society.PersonAsync("ヤマダハナコ");
        Assert.Equal((wife.Id, null), (after.Id, after.LostOn));
        Assert.Equal(symbol == "12", after.HouseholdId == husband.HouseholdId);
        Assert.False(await society.SeesAsync(husband, after));
    }

    [Fact]
    public async Task One_who_comes_back_under_another_name_is_not_taken_for_the_same()
    {
        await using var society = await ImportedSociety.StartAsync(DatabaseKind.Sqlite);
        await society.TakeAsync(Family());
        await society.TakeAsync(Family(Husband, Son));

        var done = await society.TakeAsync(Family(Husband, Son, With(Wife, ("番号", "999"), ("枝番", "00"), ("続柄", "本人"), ("氏名", "山田 華子"))));

        Assert.Equal(1, done.Joined);
        Assert.Single(done.Remarks);
        Assert.Equal(2, (await society.PeopleAsync()).Count(p => p.KanaKey == "ヤマダハナコ"));
    }

    [Fact]
    public async Task A_list_that_holds_the_former_card_too_makes_one_person_with_two_cards()
    {
        await using var society = await ImportedSociety.StartAsync(DatabaseKind.Sqlite);
        var list = Family([("資格喪失年月日", "20260401")], [("記号", "13"), ("番号", "1"), ("資格取得年月日", "20260401")]);

        var done = await society.TakeAsync(list);

        Assert.Equal(61, done.Joined);
        Assert.Equal(["12-345-00 2010-04-01..2026-04-01", "13-1-00 2026-04-01.."], await society.CardsAsync(await society.PersonAsync("ヤマダタロウ")));
        Assert.Empty((await society.TakeAsync(list)).Changes);
    }

    [Fact]
    public async Task Two_people_with_the_same_name_and_birth_date_are_two()
    {
        await using var society = await ImportedSociety.StartAsync(DatabaseKind.Sqlite);
        await society.TakeAsync(Family(Husband, [("番号", "346")]));
        Assert.Equal(2, (await society.PeopleAsync()).Count(p => p.KanaKey == "ヤマダタロウ"));

        // Both change their cards at once: nobody can tell who is who.
        var done = await society.TakeAsync(Family([("番号", "1001")], [("番号", "1002")]));

        Assert.Equal((2, 0, 2), (done.Joined, done.Moved, done.Left));
        Assert.Equal(2, done.Remarks.Count);
    }

    [Fact]
    public async Task One_who_had_left_before_the_first_list_is_kept_but_no_member()
    {
        await using var society = await ImportedSociety.StartAsync(DatabaseKind.Sqlite);

        var done = await society.TakeAsync(Family(Husband, With(Wife, ("資格喪失年月日", "20260101"))));

        Assert.Equal(61, done.Joined);
        Assert.False((await society.PersonAsync("ヤマダハナコ")).IsMemberOn(society.Today));
        Assert.Equal(0, (await society.TakeAsync(Family(Husband))).Left);
    }

    [Theory, OnEveryDatabase]
    public async Task F2_A_list_with_errors_and_a_dry_run_change_no_data(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        await society.DiscloseAsync(await society.PersonAsync("ヤマダハナコ"));
        var before = await society.SnapshotAsync();

        var wrong = await society.ImportAsync(Family(Husband, With(Wife, ("枝番", ""))), new MemberListImportOptions { AcceptLeavers = true });
        var dry = await society.ImportAsync(Family(Husband, Son), new MemberListImportOptions { IsDryRun = true });

        Assert.Equal((MemberListVerdict.HasErrors, null), (wrong.Verdict, wrong.Comparison));
        Assert.Equal((MemberListVerdict.Previewed, 1), (dry.Verdict, dry.Comparison!.Left));
        Assert.Equal(before, await society.SnapshotAsync());
        Assert.Equal(1, await society.ReadAsync(db => db.ImportRuns.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task G2_Protection_another_household_and_what_was_closed_are_each_an_event_about_the_person(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        var told = new List<Guid>();

        // What a list leaves about people, whatever it leaves about itself.
        async Task LeavesAsync(ListText list, bool isDifference, params string[] expected)
        {
            await society.TakeAsync(list, isDifference);
            var events = await society.ReadAsync(db => db.AuditEvents.AsNoTracking().Where(e => e.Kind != AuditKind.MembersImported && !told.Contains(e.Id)).ToListAsync());
            told.AddRange(events.Select(e => e.Id));
            Assert.All(events, e => Assert.Equal("system:test", e.Actor));
            Assert.Equal(expected.Order(StringComparer.Ordinal), events.Select(e => $"{e.Kind} {e.SubjectId} {e.Detail}".Trim()).Order(StringComparer.Ordinal));
        }

        told.AddRange(await society.ReadAsync(db => db.AuditEvents.Select(e => e.Id).ToListAsync()));
        await LeavesAsync(Family(With(Husband, ("非開示", "1")), Wife, Son), isDifference: false);
        var (husband, wife, son) = (await society.PersonAsync("ヤマダタロウ"), await society.PersonAsync("ヤマダハナコ"), await society.PersonAsync("ヤマダイチロウ"));
        await society.DiscloseAsync(wife);
        await society.DiscloseAsync(son);

        // She goes to a card of her own; that the list does not mark him lifts nothing. The second time it says nothing new.
        var own = With(Wife, ("枝番", "00"), ("番号", "777"), ("続柄", "本人"), ("資格取得年月日", "20261101"), ("非開示", "1"));
        await LeavesAsync(
            Family(Husband, own, Son), isDifference: false,
            $"PersonListed {wife.Id} change=Moved columns=Relationship,AcquiredOn,Protected",
            $"ProtectionSet {wife.Id}", $"HouseholdChanged {wife.Id}", $"DisclosureClosed {wife.Id} kind=MedicalCost cause=Ended");
        await LeavesAsync(Family(Husband, own, Son), isDifference: false);

        // Of another address the column's name is told, and no value.
        await LeavesAsync(Family(With(Husband, ("住所", "神戸市灘区")), own, Son), isDifference: false, $"PersonListed {husband.Id} change=Changed columns=Address");
        await LeavesAsync(new ListText().Row(With(Husband, ("非開示", "1"))), isDifference: true, $"PersonListed {husband.Id} change=Changed columns=Address");

        // Who leaves stays in the household, and closes what was open.
        await LeavesAsync(Family(With(Husband, ("非開示", "1")), own), isDifference: false, $"PersonListed {son.Id} change=Left columns=LostOn", $"DisclosureClosed {son.Id} kind=MedicalCost cause=Ended");
    }

    [Theory, OnEveryDatabase]
    public async Task F2_A_failure_in_the_middle_leaves_nothing_behind(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());
        var before = await society.SnapshotAsync();
        await society.ExecuteAsync(
            """CREATE TRIGGER stop BEFORE INSERT ON "InsuranceCards" WHEN NEW."Number" = '666' BEGIN SELECT RAISE(ABORT, 'stop'); END""",
            """
            CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''stop''; END';
            CREATE TRIGGER stop BEFORE INSERT ON "InsuranceCards" FOR EACH ROW WHEN (NEW."Number" = '666') EXECUTE FUNCTION stop();
            """);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => society.TakeAsync(Family([("住所", "別の所")], Wife, Son, [("番号", "666")])));

        Assert.Equal(before, await society.SnapshotAsync());
        Assert.Equal(1, await society.ReadAsync(db => db.ImportRuns.CountAsync()));
        Assert.Equal(1, await society.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.MembersImported)));
    }

    [Theory, OnEveryDatabase]
    public async Task F2_Imports_at_the_same_time_come_one_after_the_other(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);

        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => society.TakeAsync(Family()))));

        Assert.Equal([0, 0, 0, 63], done.Select(d => d.Joined).Order());
        Assert.Equal(63, (await society.PeopleAsync()).Count);
    }

    [Theory, OnEveryDatabase]
    public async Task Z5_A_society_does_not_see_anothers_people(DatabaseKind kind)
    {
        await using var one = await ImportedSociety.StartAsync(kind);
        var other = await one.NeighbourAsync();
        await one.TakeAsync(Family());

        var done = await other.TakeAsync(Family(Husband));

        Assert.Equal((61, 0, 0), (done.Joined, done.Left, done.Members));
        Assert.Equal(63, (await one.PeopleAsync()).Count(p => p.IsMemberOn(one.Today)));
    }

    [Theory, OnEveryDatabase]
    public async Task A_list_without_workplaces_takes_none_away(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Family());

        var done = await society.TakeAsync(Family().Heading(h => h.Replace("事業所", "勤務先", StringComparison.Ordinal)));

        Assert.Empty(done.Changes);
        Assert.Equal("港湾荷役", (await society.PersonAsync("ヤマダタロウ")).Workplace);
    }
}

using System.Globalization;
using System.Text.Json;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Publication;

/// <summary><c>notices compute</c>, <c>publish</c>, <c>withdraw</c>, <c>show</c> and <c>list</c>.</summary>
public sealed class NoticePublicationTests
{
    private const string Month = "2026-04";

    [Theory, OnEveryDatabase]
    public async Task A_month_is_computed_published_and_shown(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001", 900));

        var computed = await desk.DoAsync("notices", "compute", "--month", Month);
        var before = await desk.DoAsync("notices", "show", "--card", "12-345", "--month", Month, "--json");
        var draft = await desk.DoAsync("notices", "show", "--card", "12-345", "--month", Month, "--json", "--draft");
        var published = await desk.DoAsync("notices", "publish", "--month", Month);
        var shown = await desk.DoAsync("notices", "show", "--card", "12-345", "--month", Month, "--json");

        Assert.Equal(2, (await desk.RunAsync("notices", "show", "--card", "12", "--month", Month)).ExitCode);
        Assert.Contains("2026-04 の下書き（計算して、まだ公開していないもの）はありません。", (await desk.DoAsync("notices", "show", "--card", "12-345", "--month", Month, "--draft")).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("notices publish", (await desk.DoAsync("notices", "compute", "--month", "2020-01")).Output, StringComparison.Ordinal);
        Assert.Contains("2026-04: 1 人、医療費通知 1 行、ジェネリック通知 0 行", computed.Output, StringComparison.Ordinal);
        Assert.Contains("2026-04 の通知を公開しました（1 人）。", published.Output, StringComparison.Ordinal);
        Assert.Equal("", before.Output);
        Assert.NotEqual("", draft.Output);
        var line = JsonDocument.Parse(Assert.Single(shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal(
            ("medicalCost", "2026-04", "published", Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "12-345-00", "910000001", "medicalOutpatient", "港中央病院"),
            (Text("notice"), Text("month"), Text("state"), Text("publishOn"), Text("card"), Text("number"), Text("care"), Text("institution")));
        Assert.Equal((2, 9000, 6300, 0, 2700, 0), (Number("days"), Number("total"), Number("insurer"), Number("publicFunds"), Number("patientShare"), Number("correction")));
        var events = await desk.ReadAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.NoticesShown).ToListAsync());
        var person = await desk.ReadAsync(db => db.Persons.SingleAsync());
        Assert.Equal(4, events.Count);
        Assert.All(events, e => Assert.Equal(person.Id, e.SubjectId));
        Assert.Equal(1, await desk.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.NoticesComputed && e.Detail == "month=2026-04 people=1 costs=1 drugs=0 faulty=0 waiting=0")));
        Assert.Equal(1, await desk.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.NoticesPublished)));

        string? Text(string name) => line.GetProperty(name).GetString();
        int Number(string name) => line.GetProperty(name).GetInt32();
    }

    [Theory, OnEveryDatabase]
    public async Task A_draft_is_replaced_by_the_next_and_its_lines_with_it(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        await ComputeAsync(desk);
        await ComputeAsync(desk);

        Assert.Equal(PublicationState.Computed, (await desk.ReadAsync(db => db.Publications.SingleAsync())).State);
        Assert.Equal(1, await desk.ReadAsync(db => db.MedicalCostLines.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task What_differs_from_the_published_version_is_told_and_a_replacement_supersedes_it(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").Of("910000002").Of("910000003"));
        await ComputeAsync(desk);
        await desk.DoAsync("notices", "publish", "--month", Month);
        Assert.Contains("公開中のものと同じです", await ComputeAsync(desk), StringComparison.Ordinal);
        await desk.TakeAsync(ClaimText.OfInsurer()
            .Of("910000002", 500).Of("910000004").Of("910000003").ExaminerLine("HI,1,202603"), "later.csv");

        var told = await ComputeAsync(desk);
        Assert.Contains("医療費通知、増えた 1 件:\n  910000004\n", told.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("医療費通知、変わった 1 件:\n  910000002\n", told.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("医療費通知、なくなった 1 件:\n  910000003\n", told.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(3, (await ShownAsync(desk)).Count);

        var future = await desk.RunAsync("notices", "publish", "--month", Month, "--on", "2999-01-01");
        Assert.Equal(1, future.ExitCode);
        var replaced = await desk.DoAsync("notices", "publish", "--month", Month);

        Assert.Contains("差し替えました", replaced.Output, StringComparison.Ordinal);
        Assert.Equal(["910000001", "910000002", "910000004"], await ShownAsync(desk));
        Assert.Equal(
            [PublicationState.Published, PublicationState.Superseded],
            await desk.ReadAsync(db => db.Publications.OrderByDescending(p => p.ComputedAt).Select(p => p.State).ToListAsync()));
        Assert.Contains("2026-04 差し替え済み", (await desk.DoAsync("notices", "list")).Output, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task What_is_withdrawn_is_gone_and_who_saw_it_is_told(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        await ComputeAsync(desk);
        await desk.DoAsync("notices", "publish", "--month", Month);
        var person = await desk.ReadAsync(db => db.Persons.SingleAsync());
        var publication = await desk.ReadAsync(db => db.Publications.SingleAsync());
        await desk.WriteAsync(db => db.NoticeSights.Add(new NoticeSight
        {
            SocietyId = person.SocietyId, PublicationId = publication.Id, Kind = NoticeKind.MedicalCost, PersonId = person.Id, ViewerId = person.Id,
            SeenAt = new DateTimeOffset(2026, 6, 21, 0, 0, 0, TimeSpan.Zero),
        }));

        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000002"), "later.csv");
        await ComputeAsync(desk);
        await desk.DoAsync("notices", "publish", "--month", Month);
        var newer = await desk.ReadAsync(db => db.Publications.SingleAsync(p => p.State == PublicationState.Published));
        await desk.WriteAsync(db => db.NoticeSights.Add(new NoticeSight
        {
            SocietyId = person.SocietyId, PublicationId = newer.Id, Kind = NoticeKind.GenericDrug, PersonId = person.Id, ViewerId = person.Id,
            SeenAt = new DateTimeOffset(2026, 6, 22, 0, 0, 0, TimeSpan.Zero),
        }));

        var withdrawn = await desk.DoAsync("notices", "withdraw", "--month", Month);
        var again = await desk.RunAsync("notices", "withdraw", "--month", Month);

        Assert.Contains("見た人 1 人:", withdrawn.Output, StringComparison.Ordinal);
        Assert.Contains("2026年6月21日 9時00分 12-345-00 自分の医療費通知（前に公開したもの）", withdrawn.Output, StringComparison.Ordinal);
        Assert.Contains("2026年6月22日 9時00分 12-345-00 自分のジェネリック通知\n", withdrawn.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(1, again.ExitCode);
        Assert.Empty(await ShownAsync(desk));
        var told = await desk.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Kind == AuditKind.NoticesWithdrawn));
        Assert.Equal("month=2026-04 seen=2 viewers=1 mails=0 sent=0", told.Detail);
    }

    [Theory, OnEveryDatabase]
    public async Task Z2_A_claim_that_is_billed_anew_is_hidden_as_the_returned_one_was(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").Of("910000002"));
        await ComputeAsync(desk);
        await desk.DoAsync("notices", "publish", "--month", Month);
        var first = await desk.ReadAsync(db => db.ReceivedClaims.SingleAsync(c => c.Number == "910000001"));
        await desk.WriteAsync(db => db.HiddenClaims.Add(new HiddenClaim
        {
            SocietyId = first.SocietyId, PersonId = first.PersonId!.Value, ClaimId = first.Id, Month = first.Month, InstitutionKey = first.InstitutionKey, HiddenAt = first.ChangedAt,
        }));

        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").ExaminerLine("HI,1,202603"), "returned.csv");
        await ComputeAsync(desk);
        Assert.Equal(["910000001", "910000002"], await ShownAsync(desk));
        await desk.DoAsync("notices", "publish", "--month", Month);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000003"), "anew.csv");
        await ComputeAsync(desk);
        Assert.Equal(["910000002"], await ShownAsync(desk));
        await desk.DoAsync("notices", "publish", "--month", Month);

        Assert.Equal(["910000002", "910000003"], await ShownAsync(desk));
        Assert.Equal(
            ["910000001", "910000003"],
            await desk.ReadAsync(db => (from h in db.HiddenClaims join c in db.ReceivedClaims on h.ClaimId equals c.Id orderby c.Number select c.Number).ToListAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task What_changed_after_computing_is_counted_when_it_is_published(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").Of("910000002").Of("910000003", branch: "01"));
        await ComputeAsync(desk);
        Assert.DoesNotContain("計算の後に", await PublishAsync(), StringComparison.Ordinal);

        await ComputeAsync(desk);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").ExaminerLine("HI,1,202603"), "returned.csv");
        Assert.Contains("返戻になった、または照合が変わったレセプトが 1 件", await PublishAsync(), StringComparison.Ordinal);

        await desk.TakeAsync(new ListText().Row().Row(("枝番", "01"), ("氏名", "山田 花子"), ("氏名カナ", "ヤマダ ハナコ"), ("続柄", "妻")));
        Assert.Contains("レセプトが 2 件", await PublishAsync(), StringComparison.Ordinal);

        await ComputeAsync(desk);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000002"), "same.csv");
        Assert.DoesNotContain("計算の後に", await PublishAsync(), StringComparison.Ordinal);
        Assert.Equal(["910000002", "910000003"], await ShownAsync(desk));

        await ComputeAsync(desk);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000003", branch: "01", month: "202603"), "moved.csv");
        Assert.Contains("レセプトが 1 件", await PublishAsync(), StringComparison.Ordinal);

        async Task<string> PublishAsync()
        {
            var published = await desk.DoAsync("notices", "publish", "--month", Month);
            return published.Output + published.Error;
        }
    }

    /// <summary>On SQLite there is one writer at a time by itself.</summary>
    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task Computing_and_importing_wait_for_one_another(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        var database = await desk.ReadAsync(db => Task.FromResult(db.Database.GetDbConnection().Database));
        await desk.ExecuteAsync($"ALTER DATABASE {database} SET lock_timeout = '100ms'");
        var duringAnImport = await desk.ReadAsync(async db =>
        {
            await using var import = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"members:" + db.SocietyId}, 0))");
            return await desk.RunAsync("notices", "compute", "--month", Month);
        });

        Assert.Equal(1, duringAnImport.ExitCode);
        await ComputeAsync(desk);
    }

    [Theory, OnEveryDatabase]
    public async Task Amounts_that_nothing_explains_are_named_and_not_published(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer()
            .Of("910000001", ho: [(11, "2800")])
            .Of("910000002", ho: [(11, "3009")])
            .Of("910000003", ho: [(11, "3010")])
            .Of("910000004", ho: [(11, "20000")]));

        var told = await ComputeAsync(desk);

        Assert.Contains("医療費通知 2 行", told, StringComparison.Ordinal);
        Assert.Contains("金額が合わないため通知に載せないレセプト 2 件:", told, StringComparison.Ordinal);
        Assert.Contains("  910000003（窓口負担が総額と負担割合から説明できない）", told, StringComparison.Ordinal);
        Assert.Contains("  910000004（負担額の合計が総額と合わない）", told, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A_share_unknown_because_of_公費_is_published_as_an_upper_bound(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001", re: [(2, "1122")]).Own("KO"));
        var told = await ComputeAsync(desk);
        await desk.DoAsync("notices", "publish", "--month", Month);

        Assert.Contains("公費や食事のため負担額が分からない行 1", told, StringComparison.Ordinal);
        var line = JsonDocument.Parse((await desk.DoAsync("notices", "show", "--card", "12-345-00", "--month", Month, "--json")).Output).RootElement;
        Assert.Equal(("公費", 3000), (line.GetProperty("patientShareUnknown").GetString(), line.GetProperty("upperBound").GetInt32()));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("insurer").ValueKind);
    }

    [Theory, OnEveryDatabase]
    public async Task A_month_with_far_fewer_claims_than_usual_is_named(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(SocietyClaims.Many(4, "202602", from: 100), "february.csv");
        await desk.TakeAsync(SocietyClaims.Many(6, "202603", from: 200), "march.csv");
        await desk.TakeAsync(SocietyClaims.Many(2, "202604", from: 300), "april.csv");
        await desk.TakeAsync(SocietyClaims.Many(3, "202605", from: 400), "may.csv");

        Assert.Contains("2 件で、いつもの月（5 件）の半分に足りません", (await desk.DoAsync("notices", "compute", "--month", Month)).Error, StringComparison.Ordinal);
        Assert.Equal("", (await desk.DoAsync("notices", "compute", "--month", "2026-05")).Error);
    }

    [Theory, OnEveryDatabase]
    public async Task People_who_left_and_claims_that_wait_are_counted(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.TakeAsync(new ListText().Row(("資格喪失年月日", "20260501")));
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").Of("910000002", branch: "05"));

        var card = await desk.ReadAsync(db => db.InsuranceCards.Select(c => c.Symbol + "-" + c.Number + "-" + c.Branch).SingleAsync());
        var told = await ComputeAsync(desk);

        Assert.Contains($"すでに資格を失った人 1 人（本人だけが見られます）:\n  {card}\n", told, StringComparison.Ordinal);
        Assert.Contains("未照合のレセプト: 記号・番号にその枝番（なければ生年月日と性別）の人がいない 1", told, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A_person_who_is_another_by_a_mended_list_loses_the_claim_at_the_next_computation(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        await desk.TakeAsync(new ListText().Row(("生年月日", "19850402")));

        Assert.Contains("医療費通知 0 行", await ComputeAsync(desk), StringComparison.Ordinal);
        Assert.Contains("910000001 2026-04 12-345-00 枝番の人と生年月日が違う", await desk.WaitingAsync(), StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Claims_that_come_after_the_computation_are_told_at_publishing(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        await ComputeAsync(desk);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000002"), "later.csv");

        Assert.Contains("1 件", (await desk.DoAsync("notices", "publish", "--month", Month)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_in_words()
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        Assert.Contains("まだ計算していません", (await desk.RunAsync("notices", "publish", "--month", Month)).Error, StringComparison.Ordinal);
        Assert.Contains("--month は", (await desk.RunAsync("notices", "compute", "--month", "2026-13")).Error, StringComparison.Ordinal);
        Assert.Contains("加入者はいません", (await desk.RunAsync("notices", "show", "--card", "99-1", "--month", Month)).Error, StringComparison.Ordinal);
        Assert.Contains("記号-番号", (await desk.RunAsync("notices", "show", "--card", "99", "--month", Month)).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await desk.RunAsync("notices", "compute")).ExitCode);
    }

    [Theory, OnEveryDatabase]
    public async Task Publishing_what_is_published_already_changes_nothing(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").Of("910000002"));
        await ComputeAsync(desk);
        await desk.DoAsync("notices", "publish", "--month", Month);

        var nothing = await desk.RunAsync("notices", "publish", "--month", Month);
        await ComputeAsync(desk);
        var same = await desk.DoAsync("notices", "publish", "--month", Month);

        Assert.Equal(1, nothing.ExitCode);
        Assert.Contains($"公開日 {JapanTime.Date(Today)} で公開済みです。新しく計算したものはありません。", nothing.Error, StringComparison.Ordinal);
        Assert.Contains($"公開日 {JapanTime.Date(Today)} で公開したものと同じです。何も変えていません", same.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("差し替えました", same.Output, StringComparison.Ordinal);
        Assert.Equal(
            [PublicationState.Published, PublicationState.Computed],
            await desk.ReadAsync(db => db.Publications.OrderBy(p => p.ComputedAt).Select(p => p.State).ToListAsync()));
        Assert.Equal(1, await desk.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.NoticesPublished)));

        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000002", 500), "changed.csv");
        await ComputeAsync(desk);
        Assert.Contains("差し替えました", (await desk.DoAsync("notices", "publish", "--month", Month)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_that_goes_on_a_day_within_the_month_and_a_month_without_a_line_are_refused()
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        foreach (var command in new[] { "compute", "publish" })
        {
            var refused = await desk.RunAsync("notices", command, "--month", "2999-01");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("2999-01 はまだ終わっていない月です", refused.Error, StringComparison.Ordinal);
        }

        await ComputeAsync(desk);
        var empty = await desk.RunAsync("notices", "publish", "--month", Month);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        await ComputeAsync(desk);
        var early = await desk.RunAsync("notices", "publish", "--month", Month, "--on", "2026-04-30");

        Assert.Equal((1, 1), (empty.ExitCode, early.ExitCode));
        Assert.Contains("1 行もないため、公開しません", empty.Error, StringComparison.Ordinal);
        Assert.Contains("--on は、診療年月 2026-04 が終わった後の日（2026-05-01 以後）にしてください", early.Error, StringComparison.Ordinal);
        var past = await desk.RunAsync("notices", "publish", "--month", Month, "--on", "2026-05-01");
        Assert.Equal(1, past.ExitCode);
        Assert.Contains("--on の 2026年5月1日はすでに過ぎています。今日（", past.Error, StringComparison.Ordinal);
        await desk.DoAsync("notices", "publish", "--month", Month, "--on", Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    /// <summary>In Tokyo, by the clock of this machine, which commands go by.</summary>
    private static DateOnly Today => JapanTime.DateOf(TimeProvider.System.GetUtcNow());

    private static async Task<string> ComputeAsync(CommandDesk desk) => (await desk.DoAsync("notices", "compute", "--month", Month)).Output;

    private static async Task<List<string>> ShownAsync(CommandDesk desk) =>
        [.. (await desk.DoAsync("notices", "show", "--card", "12-345", "--month", Month, "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetString()!)];
}

using KenkoPortal.Core.Audit;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.ReceivedClaims;

/// <summary><c>claims assign</c> and <c>claims unassign</c>: staff decide where twins fit alike.</summary>
public sealed class ClaimChoiceTests
{
    [Theory, OnEveryDatabase]
    public async Task Staff_choose_one_of_the_twins_and_the_list_of_waiting_claims_says_what_to_type(DatabaseKind kind)
    {
        await using var desk = await TwinsAsync(kind);

        var waiting = (await desk.WaitingAsync()).ReplaceLineEndings("\n").Split('\n');
        Assert.StartsWith("910000001 2026-04 12-345 合う人が複数いる（港中央病院、", waiting[0], StringComparison.Ordinal);
        Assert.StartsWith("  レセプト: 12-345 ", waiting[1], StringComparison.Ordinal);
        var people = waiting.Where(line => line.StartsWith("  名簿: ", StringComparison.Ordinal)).ToList();
        Assert.Contains(people, line => line.Contains("12-345-02", StringComparison.Ordinal));
        Assert.Contains(people, line => line.Contains("12-345-03", StringComparison.Ordinal));
        Assert.All(people.Where(line => line.Contains("12-345-00", StringComparison.Ordinal)), line => Assert.Contains("※違うもの: カナ、生年月日", line, StringComparison.Ordinal));
        Assert.StartsWith("  この方に照合する場合: ./kenko claims assign 910000001 --card 12-345-02", waiting[^2], StringComparison.Ordinal);
        Assert.StartsWith("  この方に照合する場合: ./kenko claims assign 910000001 --card 12-345-03", waiting[^1], StringComparison.Ordinal);

        var chosen = await desk.DoAsync("claims", "assign", "910000001", "--card", "12-345-03");

        Assert.Contains("レセプト 910000001 を 12-345-03 の方に照合しました。", chosen.Output, StringComparison.Ordinal);
        Assert.Contains("./kenko notices compute --month 2026-04", chosen.Output, StringComparison.Ordinal);
        Assert.Equal("", await desk.WaitingAsync());
        var twin = await PersonAsync(desk, "03");
        var claim = Assert.Single(await desk.ClaimsAsync());
        Assert.Equal((ClaimMatch.Matched, twin), (claim.Match, claim.PersonId));
        var told = await desk.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Kind == AuditKind.ClaimAssigned));
        Assert.Equal((twin, $"claim={claim.Id} month=2026-04"), (told.SubjectId, told.Detail));

        await desk.DoAsync("notices", "compute", "--month", "2026-04");
        Assert.Equal(twin, (await desk.ReadAsync(db => db.MedicalCostLines.SingleAsync())).PersonId);
        Assert.Contains("何もしていません", (await desk.DoAsync("claims", "assign", "910000001", "--card", "12-345-03")).Output, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task G2_A_look_at_the_waiting_claims_is_an_event_with_their_count(DatabaseKind kind)
    {
        await using var desk = await TwinsAsync(kind);

        Assert.NotEqual("", await desk.WaitingAsync());
        await desk.DoAsync("claims", "assign", "910000001", "--card", "12-345-03");
        Assert.Equal("", await desk.WaitingAsync());

        var looks = await desk.ReadAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.WaitingClaimsShown).OrderBy(e => e.Id).ToListAsync());
        Assert.Equal(["claims=1", "claims=0"], looks.Select(e => e.Detail));
        Assert.All(looks, e => Assert.Equal(($"system:{Environment.UserName}", null), (e.Actor, e.SubjectId)));
    }

    [Theory, OnEveryDatabase]
    public async Task The_choice_stays_when_the_claim_comes_corrected_and_ends_where_that_twin_fits_no_more(DatabaseKind kind)
    {
        await using var desk = await TwinsAsync(kind);
        await desk.DoAsync("claims", "assign", "910000001", "--card", "12-345-03");

        await desk.TakeAsync(Twin("910000001", 700));
        Assert.Equal((7000, await PersonAsync(desk, "03")), Assert.Single(await desk.ClaimsAsync()) is var same ? (same.Amounts.TotalYen, same.PersonId) : default);

        // The next month is another claim.
        await desk.TakeAsync(Twin("910000002", month: "202605"));
        Assert.StartsWith("910000002 2026-05 12-345 合う人が複数いる", await desk.WaitingAsync(), StringComparison.Ordinal);

        // With a 枝番 the claim itself tells, and what it tells is another.
        await desk.TakeAsync(Twin("910000001", 600, branch: "02"));
        Assert.Equal(await PersonAsync(desk, "02"), (await desk.ClaimsAsync())[0].PersonId);
    }

    [Theory, OnEveryDatabase]
    public async Task The_choice_is_taken_back_and_a_published_month_is_named(DatabaseKind kind)
    {
        await using var desk = await TwinsAsync(kind);
        await desk.DoAsync("claims", "assign", "910000001", "--card", "12-345-02");
        await desk.DoAsync("notices", "compute", "--month", "2026-04");
        await desk.DoAsync("notices", "publish", "--month", "2026-04");

        var back = await desk.DoAsync("claims", "unassign", "910000001");

        Assert.Contains("公開中の 2026-04 の通知に別の人のものとして出ています", back.Error, StringComparison.Ordinal);
        Assert.StartsWith("910000001 2026-04 12-345 合う人が複数いる", await desk.WaitingAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await desk.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.ClaimUnassigned)));
        Assert.Null(Assert.Single(await desk.ClaimsAsync()).PersonId);
    }

    [Theory, OnEveryDatabase]
    public async Task A_choice_after_computing_is_counted_when_the_month_is_published(DatabaseKind kind)
    {
        await using var desk = await TwinsAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000007"));
        await desk.DoAsync("notices", "compute", "--month", "2026-04");
        await desk.DoAsync("claims", "assign", "910000001", "--card", "12-345-02");

        var published = await desk.DoAsync("notices", "publish", "--month", "2026-04");

        Assert.Contains("照合が変わったレセプトが 1 件", published.Error, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Nobody_else_can_be_chosen_and_no_other_claim(DatabaseKind kind)
    {
        await using var desk = await TwinsAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000007").Of("910000008", branch: "05"));

        var other = await desk.RunAsync("claims", "assign", "910000001", "--card", "12-345-00");
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("合うのは次の方だけです: 12-345-02、12-345-03", other.Error, StringComparison.Ordinal);
        foreach (var (number, words) in new[] { ("910000007", "担当者が選んで照合するものではありません"), ("910000008", "担当者が選んで照合するものではありません"), ("999999999", "のレセプトはありません") })
        {
            var refused = await desk.RunAsync("claims", "assign", number, "--card", "12-345-02");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await desk.RunAsync("claims", "assign", "910000001", "--card", "12")).ExitCode);
        Assert.Equal(2, (await desk.RunAsync("claims", "assign", "910000001", "--card", "12-345-02", "--month", "4")).ExitCode);
        Assert.Equal(1, (await desk.RunAsync("claims", "unassign", "910000007")).ExitCode);
        Assert.Equal(0, await desk.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.ClaimAssigned)));
    }

    [Theory, OnEveryDatabase]
    public async Task Audit_list_answers_who_did_what_about_a_person_and_leaves_an_event_itself(DatabaseKind kind)
    {
        await using var desk = await TwinsAsync(kind);
        await desk.DoAsync("claims", "assign", "910000001", "--card", "12-345-03");
        await desk.DoAsync("notices", "compute", "--month", "2026-04");
        await desk.DoAsync("notices", "publish", "--month", "2026-04");
        await desk.DoAsync("notices", "show", "--card", "12-345-03", "--month", "2026-04");
        var twin = await PersonAsync(desk, "03");

        var about = await desk.DoAsync("audit", "list", "--card", "12-345-03");
        var again = await desk.DoAsync("audit", "list", "--card", "12-345-03", "--kind", "auditshown");
        var newest = await desk.DoAsync("audit", "list", "--most", "2");
        var before = await desk.DoAsync("audit", "list", "--day", "2020-01-01");

        var lines = about.Output.ReplaceLineEndings("\n").Trim().Split('\n');
        Assert.Equal(2, lines.Length);
        var user = Environment.UserName;
        Assert.Matches($@"^\d{{4}}年\d+月\d+日 \d+:\d\d 職員（{user}）が \S.*さん（12-345-03）の2026年4月診療分（公開）を表示$", lines[0]);
        Assert.Matches($@"職員（{user}）が未照合の2026年4月診療分のレセプトを \S.*さん（12-345-03）に照合$", lines[1]);
        Assert.Matches($@"職員（{user}）が操作の記録（\S.*さん（12-345-03）について）を表示。2件", again.Output);
        var json = await desk.DoAsync("audit", "list", "--card", "12-345-03", "--kind", "NoticesShown", "--json");
        using var line = System.Text.Json.JsonDocument.Parse(json.Output);
        Assert.Equal(
            ["NoticesShown", $"system:{user}", $"{twin}", "month=2026-04 state=Published"],
            new[] { "kind", "actor", "subject", "detail" }.Select(name => line.RootElement.GetProperty(name).GetString()));
        Assert.DoesNotContain("12-345", json.Output, StringComparison.Ordinal);
        Assert.Equal(2, newest.Output.ReplaceLineEndings("\n").Trim().Split('\n').Length);
        Assert.Contains("新しいものから 2 件です", newest.Error, StringComparison.Ordinal);
        Assert.Equal("", before.Output);
        Assert.DoesNotContain("ヤマダ", about.Output, StringComparison.Ordinal);
        foreach (var wrong in new string[][] { ["--kind", "Nothing"], ["--day", "yesterday"], ["--most", "0"], ["--card", "12"] })
        {
            Assert.Equal(2, (await desk.RunAsync(["audit", "list", .. wrong])).ExitCode);
        }

        Assert.Contains("audit list", (await desk.RunAsync("audit", "list", "--help")).Output, StringComparison.Ordinal);
        Assert.Contains("list", (await desk.RunAsync("audit", "--help")).Output, StringComparison.Ordinal);
    }

    /// <summary>Twins of the card 12-345, and a claim of one of them, without 枝番 and with a name that neither has.</summary>
    private static async Task<CommandDesk> TwinsAsync(DatabaseKind kind)
    {
        var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.TakeAsync(new ListText().Row()
            .Row(("枝番", "02"), ("氏名", "山田 一郎"), ("氏名カナ", "ヤマダ イチロウ"), ("生年月日", "20150501"), ("続柄", "長男"), ("資格取得年月日", "20150501"))
            .Row(("枝番", "03"), ("氏名", "山田 二郎"), ("氏名カナ", "ヤマダ ジロウ"), ("生年月日", "20150501"), ("続柄", "二男"), ("資格取得年月日", "20150501")));
        await desk.TakeAsync(Twin("910000001"));
        return desk;
    }

    private static ClaimText Twin(string number, int points = 1000, string month = "202604", string? branch = null) =>
        ClaimText.OfInsurer().Of(number, points, month, branch, re: [(6, "20150501"), (36, "ヤマダ　サブロウ")]);

    private static Task<Guid?> PersonAsync(CommandDesk desk, string branch) =>
        desk.ReadAsync(db => db.InsuranceCards.Where(c => c.Branch == branch).Select(c => (Guid?)c.PersonId).SingleAsync());
}

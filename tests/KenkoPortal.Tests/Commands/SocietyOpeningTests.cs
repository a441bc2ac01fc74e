using System.Globalization;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Commands;

/// <summary>Settings that let members see more of others: S2 of the findings, row Z9 of docs/security.md.</summary>
public sealed class SocietyOpeningTests
{
    private static DateOnly Today => JapanTime.DateOf(TimeProvider.System.GetUtcNow());

    [Theory, OnEveryDatabase]
    public async Task Z9_The_start_value_is_set_for_a_day_that_was_announced_and_by_who_confirms_the_number_of_people(DatabaseKind kind)
    {
        await using var desk = await DeskAsync(kind);
        var setting = $"disclose-by-default=yes@{Day(14)}";

        var unconfirmed = await desk.RunAsync("society", "set", "minato", setting, "tel=1", "--announced", "kokai");
        var mistaken = await desk.RunAsync("society", "set", "minato", setting, "--announced", "kokai", "--people", "2");
        desk.Answer = "yes";
        var declined = await desk.RunAsync("society", "set", "minato", setting, "--announced", "kokai");
        Assert.Equal((1, 1, 1), (unconfirmed.ExitCode, mistaken.ExitCode, declined.ExitCode));
        Assert.Contains("まだ登録していない加入者 3人", unconfirmed.Error, StringComparison.Ordinal);
        Assert.Contains("お知らせ:「公開設定について」", unconfirmed.Error, StringComparison.Ordinal);
        Assert.Contains("--people 3", unconfirmed.Error, StringComparison.Ordinal);
        Assert.Equal("no", await ValueAsync(desk, "disclose-by-default"));
        Assert.Equal("", await ValueAsync(desk, "tel"));

        desk.Answer = "はい";
        var answered = await desk.RunAsync("society", "set", "minato", setting, "--announced", "kokai");
        Assert.Equal(0, answered.ExitCode);
        Assert.Contains("「はい」と入力してください", answered.Error, StringComparison.Ordinal);
        Assert.Equal($"yes@{Day(14)}", await ValueAsync(desk, "disclose-by-default"));

        // Closing works at once, asks nothing, and tells from what to what.
        desk.Answer = null;
        Assert.Equal(0, (await desk.RunAsync("society", "set", "minato", "disclose-by-default=no")).ExitCode);
        Assert.Equal("no", await ValueAsync(desk, "disclose-by-default"));
        Assert.Equal(0, (await desk.RunAsync("society", "set", "minato", setting, "--announced", "kokai", "--people", "3")).ExitCode);
        var told = await DetailsAsync(desk);
        Assert.Equal(
            [
                $"disclose-by-default=no→yes@{Day(14)} announced=kokai people=3",
                $"disclose-by-default=yes@{Day(14)}→no",
                $"disclose-by-default=no→yes@{Day(14)} announced=kokai people=3",
            ],
            told);
    }

    [Theory]
    [InlineData("disclose-by-default=yes", "disclose-by-default=yes@2027-01-01 のように")]
    [InlineData("disclose-by-default=yes@13", "早すぎます")]
    [InlineData("disclose-by-default=yes@0", "早すぎます")]
    [InlineData("disclose-by-default=yes@-1", "早すぎます")]
    [InlineData("disclose-by-default=yes@tomorrow", "日付が読めません")]
    [InlineData("disclose-by-default=yes@2027-1-1", "日付が読めません")]
    [InlineData("disclose-by-default=yes@20@30", "日付が読めません")]
    [InlineData("disclose-by-default=no@20", "disclose-by-default の値")]
    [InlineData("guardian-age=18", "guardian-age=18@2027-01-01 のように")]
    [InlineData("guardian-age=18@13", "早すぎます")]
    [InlineData("guardian-age=12@20", "日付を付けずに")]
    [InlineData("guardian-age=15@20", "日付を付けずに")]
    [InlineData("guardian-age=21@20", "guardian-age は 0 から 20")]
    public async Task Z9_What_opens_without_a_day_two_weeks_ahead_is_refused(string setting, string message)
    {
        await using var desk = await DeskAsync(DatabaseKind.Sqlite);
        var before = (await desk.RunAsync("society", "list")).Output;
        var written = string.Join('@', setting.Split('@').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var days) ? Day(days) : part));

        var refused = await desk.RunAsync("society", "set", "minato", written, "name=あ", "--announced", "kokai", "--people", "3");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, (await desk.RunAsync("society", "list")).Output);
        Assert.Empty(await DetailsAsync(desk));
    }

    [Theory]
    [InlineData(null, "--announced")]
    [InlineData("nosuch", "お知らせ「nosuch」は")]
    [InlineData("later", "お知らせ「later」は")]
    [InlineData("shorter", "お知らせ「shorter」は")]
    public async Task Z9_What_opens_without_an_article_that_members_can_read_until_then_is_refused(string? article, string message)
    {
        await using var desk = await DeskAsync(DatabaseKind.Sqlite);
        await AddArticleAsync(desk, "later", Day(1), null);
        await AddArticleAsync(desk, "shorter", Day(-1), Day(13));

        foreach (var setting in new[] { $"disclose-by-default=yes@{Day(14)}", $"guardian-age=18@{Day(14)}" })
        {
            var refused = await desk.RunAsync(["society", "set", "minato", setting, "--people", "3", .. article is null ? (string[])[] : ["--announced", article]]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        }

        Assert.Empty(await DetailsAsync(desk));
    }

    [Fact]
    public async Task Z9_A_raised_age_of_guardians_names_the_children_and_a_lowered_one_works_at_once()
    {
        await using var desk = await DeskAsync(DatabaseKind.Sqlite);

        var asked = await desk.RunAsync("society", "set", "minato", $"guardian-age=18@{Day(14)}", "--announced", "kokai");
        Assert.Contains("お子さま 1人の通知を、被保険者の方が見られるようになります", asked.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await desk.RunAsync("society", "set", "minato", $"guardian-age=18@{Day(14)}", "--announced", "kokai", "--people", "1")).ExitCode);
        Assert.Equal($"18@{Day(14)}", await ValueAsync(desk, "guardian-age"));

        // Until that day 15 holds, so that 15 takes the raise back, and 16 needs a day again.
        Assert.Equal(1, (await desk.RunAsync("society", "set", "minato", "guardian-age=16")).ExitCode);
        Assert.Equal(0, (await desk.RunAsync("society", "set", "minato", "guardian-age=15")).ExitCode);
        Assert.Equal("15", await ValueAsync(desk, "guardian-age"));
        Assert.Equal(0, (await desk.RunAsync("society", "set", "minato", "guardian-age=12")).ExitCode);
        Assert.Equal([$"guardian-age=15→18@{Day(14)} announced=kokai people=1", $"guardian-age=18@{Day(14)}→15", "guardian-age=15→12"], await DetailsAsync(desk));
    }

    [Fact]
    public async Task Z9_Who_objected_is_not_among_those_whom_a_start_value_opens()
    {
        await using var desk = await DeskAsync(DatabaseKind.Sqlite);

        var closed = await desk.RunAsync("account", "close-sharing", "--card", "12-345-01");
        var asked = await desk.RunAsync("society", "set", "minato", $"disclose-by-default=yes@{Day(14)}", "--announced", "kokai");
        var told = await desk.RunAsync("audit", "list", "--card", "12-345-01", "--kind", "DisclosureClosed");

        Assert.Equal((0, 1), (closed.ExitCode, asked.ExitCode));
        Assert.Contains("まだ登録していない加入者 2人", asked.Error, StringComparison.Ordinal);
        Assert.Contains("山田 花子さん（12-345-01）の医療費通知を世帯内に公開しない設定に。組合への申し出により", told.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await desk.RunAsync("account", "close-sharing", "--card", "12-345-09")).ExitCode);
    }

    /// <summary>A society with a couple, a daughter of sixteen and a protected grandmother, and the article <c>kokai</c>.</summary>
    private static async Task<CommandDesk> DeskAsync(DatabaseKind kind)
    {
        var desk = await CommandDesk.WithSocietyAsync(kind);
        var list = new ListText().Row()
            .Row(("枝番", "01"), ("氏名", "山田 花子"), ("氏名カナ", "ヤマダ ハナコ"), ("性別", "2"), ("続柄", "妻"))
            .Row(("枝番", "02"), ("氏名", "山田 咲"), ("氏名カナ", "ヤマダ サキ"), ("性別", "2"), ("続柄", "長女"), ("生年月日", Today.AddYears(-16).ToString("yyyyMMdd", CultureInfo.InvariantCulture)))
            .Row(("枝番", "03"), ("氏名", "山田 梅"), ("氏名カナ", "ヤマダ ウメ"), ("性別", "2"), ("続柄", "母"), ("非開示", "1"));
        Assert.Equal(0, (await desk.RunAsync("members", "import", desk.File("list.csv", list.Text()))).ExitCode);
        await AddArticleAsync(desk, "kokai", Day(0), null);
        return desk;
    }

    private static async Task AddArticleAsync(CommandDesk desk, string key, string from, string? until)
    {
        var text = $"---\ntitle: 公開設定について\ndate: {from}\ncategory: news\n{(until is null ? "" : $"until: {until}\n")}---\n\nご家族への公開の初期設定が変わります。\n";
        Assert.Equal(0, (await desk.RunAsync("news", "add", desk.File($"{key}.md", text))).ExitCode);
    }

    private static string Day(int ahead) => Today.AddDays(ahead).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task<string> ValueAsync(CommandDesk desk, string name) =>
        (await desk.RunAsync("society", "list")).Output.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).Single(l => l == name || l.StartsWith(name + " ", StringComparison.Ordinal))[name.Length..].Trim();

    /// <summary>What the events of changed settings say, from the first.</summary>
    private static async Task<List<string?>> DetailsAsync(CommandDesk desk)
    {
        var portal = desk.Look();
        await using var services = portal.Services;
        await using var scope = services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        var society = await scope.ServiceProvider.GetRequiredService<SocietyDirectory>().ByKeyAsync("minato", TestContext.Current.CancellationToken);
        return await portal.ReadAsync(society, db => db.AuditEvents.Where(e => e.Kind == AuditKind.SocietyChanged).OrderBy(e => e.At).ThenBy(e => e.Id).Select(e => e.Detail).ToListAsync());
    }
}

using System.Runtime.Versioning;
using System.Text;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Commands;

/// <summary><c>members import --dry-run</c>: names, old and new values, and what staff must look at (findings/clerk 6, "preview").</summary>
public sealed class MemberPreviewTests
{
    private static readonly (string, string)[] Husband = [("記号", "港-7")];

    private static readonly (string, string)[] Wife =
        [("記号", "港-7"), ("枝番", "01"), ("氏名", "山田 花子"), ("氏名カナ", "ヤマダ ハナコ"), ("性別", "2"), ("生年月日", "19870612"), ("続柄", "妻")];

    [Theory, OnEveryDatabase]
    [UnsupportedOSPlatform("windows")]
    public async Task A_preview_shows_names_and_old_and_new_values_and_writes_all_of_them_to_a_file(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", List(Husband, Wife)));
        var list = desk.File("next.csv", List(
            With(Husband, ("住所", "=HYPERLINK(1)"), ("事業所", "港湾運送")), With(Wife, ("氏名", "山田 華子"), ("生年月日", "19870613")), Newborn));
        var file = desk.File("changes.csv");

        var shown = await desk.RunAsync("members", "import", list, "--dry-run", "--out", file);
        var again = await desk.RunAsync("members", "import", list, "--dry-run", "--out", file);

        Assert.Equal((0, 1), (shown.ExitCode, again.ExitCode));
        Assert.StartsWith($"必ず確認\n  生年月日か性別が変わる: 1 人\n    {list}:3: 港-7-345-01 山田 華子さん。生年月日 1987年6月12日 → 1987年6月13日\n", shown.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"{list}:2: 港-7-345-00 山田 太郎（住所 兵庫県神戸市中央区港島一丁目 → =HYPERLINK(1)、事業所 港湾荷役 → 港湾運送）", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"{list}:3: 港-7-345-01 山田 華子（氏名 山田 花子 → 山田 華子、生年月日 1987年6月12日 → 1987年6月13日）", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"{list}:4: 港-7-345-02 山田 海", shown.Output, StringComparison.Ordinal);
        Assert.Contains("名簿の 3 行の内訳: 加入 1、変更 2。", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"{file} はすでにあります", again.Error, StringComparison.Ordinal);

        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.UTF8.Preamble, bytes.AsSpan(0, 3));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var lines = Encoding.UTF8.GetString(bytes, 3, bytes.Length - 3).Split("\r\n");
        Assert.Equal("区分,行,記号-番号-枝番,前の記号-番号-枝番,氏名,項目,変更前,変更後", lines[0]);
        Assert.Contains("必ず確認（生年月日か性別が変わる）,3,港-7-345-01,,山田 華子,生年月日,1987年6月12日,1987年6月13日", lines);
        Assert.Contains("変更,2,港-7-345-00,,山田 太郎,住所,兵庫県神戸市中央区港島一丁目,'=HYPERLINK(1)", lines);
        Assert.Contains("加入,4,港-7-345-02,,山田 海,,,", lines);
    }

    [Theory, OnEveryDatabase]
    public async Task A_preview_shows_neither_address_nor_workplace_of_a_protected_person_and_says_first_whose_mark_is_missing(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", List(Husband, With(Wife, ("非開示", "1")))));
        var list = desk.File("next.csv", List(Husband, With(Wife, ("住所", "秘密の住所"), ("郵便番号", "100-0001"), ("事業所", "秘密の会社"))));
        var file = desk.File("changes.csv");

        var shown = await desk.RunAsync("members", "import", list, "--dry-run", "--out", file);

        Assert.StartsWith("必ず確認\n  非開示が外れる（名簿に印がない）: 1 人\n    ", shown.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("港-7-345-01 山田 花子さん。非開示のままにします。", shown.Output, StringComparison.Ordinal);
        Assert.Contains("郵便番号 非開示（変更あり）、住所 非開示（変更あり）、事業所 非開示（変更あり）", shown.Output, StringComparison.Ordinal);
        foreach (var told in new[] { shown.Output, shown.Error, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) })
        {
            Assert.DoesNotContain("秘密", told, StringComparison.Ordinal);
            Assert.DoesNotContain("100-0001", told, StringComparison.Ordinal);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A_preview_says_first_who_is_75_who_will_leave_whose_loss_is_taken_back_and_whose_card_is_anothers(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        var old = With(Husband, ("番号", "8"), ("氏名", "浜 百合"), ("氏名カナ", "ハマ ユリ"), ("性別", "2"), ("生年月日", "19400101"), ("資格取得年月日", "20251201"));
        await desk.RunAsync("members", "import", desk.File("list.csv", List(With(Husband, ("資格喪失年月日", "20251101")), Wife, old)));
        var list = desk.File("next.csv", List(Husband, With(Wife, ("氏名", "沢 月子"), ("氏名カナ", "サワ ツキコ"), ("生年月日", "19900101")), With(old, ("資格喪失年月日", "20990101"))));

        var shown = await desk.RunAsync("members", "import", list, "--dry-run");

        var lines = shown.Output.ReplaceLineEndings("\n").Split('\n').TakeWhile(l => !l.StartsWith("加入", StringComparison.Ordinal));
        Assert.Equal(
            [
                "必ず確認",
                "  喪失の取り消し: 1 人", $"    {list}:2: 港-7-345-00 山田 太郎さん。資格喪失年月日 2025年11月1日 → なし",
                "  喪失予定: 1 人", $"    {list}:4: 港-7-8-00 浜 百合さん。2099年1月1日 に喪失予定です。",
                $"  75歳以上で加入中: 1 人", $"    {list}:4: 港-7-8-00 浜 百合さん。1940年1月1日生まれ、86 歳。",
                "  カードが別の方に移る: 1 人", $"    {list}:3: 港-7-345-01 山田 花子さんから 沢 月子さんへ。",
            ],
            lines);
    }

    [Theory, OnEveryDatabase]
    public async Task A_list_older_than_the_last_is_said_first_and_refused_until_somebody_agrees(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        var (before, after) = (desk.File("before.csv", List(Husband, Wife)), desk.File("after.csv", List(Husband, Wife, Newborn)));
        await desk.RunAsync("members", "import", after);

        var shown = await desk.RunAsync("members", "import", before, "--dry-run");
        var refused = await desk.RunAsync("members", "import", before, "--accept-leavers");
        var difference = await desk.RunAsync("members", "import", desk.File("late.csv", List(With(Wife, ("住所", "神戸市")))), "--difference");
        var named = await desk.RunAsync("members", "import", after, "--as-of", "2026-11-30");
        var earlier = await desk.RunAsync("members", "import", after, "--as-of", "2026-11-29");
        var ahead = await desk.RunAsync("members", "import", after, "--as-of", "2099-01-01");
        var taken = await desk.RunAsync("members", "import", before, "--accept-older", "--accept-leavers");

        Assert.Equal((0, 1, 0, 0, 1, 1, 0), (shown.ExitCode, refused.ExitCode, difference.ExitCode, named.ExitCode, earlier.ExitCode, ahead.ExitCode, taken.ExitCode));
        Assert.StartsWith("必ず確認\n  前回取り込んだ名簿より古い名簿です（前回 2026年5月1日、この名簿 2010年4月1日）。", shown.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("--accept-older", shown.Output, StringComparison.Ordinal);
        Assert.Contains("--accept-older", refused.Error, StringComparison.Ordinal);
        Assert.Contains("山田 海", refused.Output, StringComparison.Ordinal);
        Assert.Contains("前回 2026年11月30日、この名簿 2026年11月29日", earlier.Output, StringComparison.Ordinal);
        Assert.Contains("今日より後です", ahead.Error, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Who_leaves_and_joins_under_another_family_name_is_asked_about_and_a_twin_is_not(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        var (twin, other) = (With(Wife, ("番号", "1"), ("枝番", "00"), ("続柄", "本人"), ("氏名", "山田 葉子"), ("氏名カナ", "ヤマダ ヨウコ")), With(Husband, ("番号", "2"), ("氏名", "沢 次郎"), ("氏名カナ", "サワ ジロウ")));
        await desk.RunAsync("members", "import", desk.File("list.csv", List(Husband, Wife, twin, other)));
        var gone = With(Wife, ("資格喪失年月日", "20261101"));
        var list = desk.File("next.csv", List(Husband, gone, twin, other, Divorced));

        var shown = await desk.RunAsync("members", "import", list, "--dry-run");
        var apart = await desk.RunAsync("members", "import", desk.File("left.csv", List(gone)), "--difference");
        var later = await desk.RunAsync("members", "import", desk.File("joined.csv", List(Divorced)), "--difference", "--dry-run");

        Assert.Equal((0, 0, 0), (shown.ExitCode, apart.ExitCode, later.ExitCode));
        Assert.StartsWith(
            $"必ず確認\n  同じ方か: 1 組\n    {list}:6: 港-7-345-01 山田 花子さん（喪失） と 港-7-9-00 浜辺 花子さん（加入）。同じ方なら「members join --from 港-7-345-01 --to 港-7-9-00」でまとめます。\n加入: 1 人",
            shown.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("港-7-345-01 山田 花子さん（喪失） と 港-7-9-00 浜辺 花子さん（加入）", later.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("同じ方か", apart.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ヤマダハナコ", "サワハナコ", true)]
    [InlineData("ヤマダハナコ", "サワ ハナコ", true)]
    [InlineData("ヤマダハナコ", "ヤマダヒナコ", false)]
    [InlineData("ヤマダミサコ", "ヤマダリサコ", false)]
    [InlineData("ヤマダ ハナコ", "サワ ヒナコ", false)]
    [InlineData("ヤマダハナコ", "サワヒナコ", false)]
    public async Task Readings_without_a_blank_are_taken_for_one_given_name_only_where_they_must_be(string before, string after, bool isAsked)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await desk.RunAsync("members", "import", desk.File("list.csv", List(Husband, With(Wife, ("氏名", "山田花子"), ("氏名カナ", before)))));

        var shown = await desk.RunAsync("members", "import", desk.File("next.csv", List(Husband, With(Divorced, ("氏名", "浜辺花子"), ("氏名カナ", after)))), "--dry-run");

        Assert.Equal(isAsked, shown.Output.Contains("同じ方か", StringComparison.Ordinal));
    }

    [Theory, OnEveryDatabase]
    public async Task The_rows_of_a_list_add_up(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", List(Husband, Wife, With(Newborn, ("資格喪失年月日", "20260601")))));
        (string, string)[] moved = [("番号", "77"), ("枝番", "00"), ("続柄", "本人"), ("資格取得年月日", "20261101")];

        var shown = await desk.RunAsync(
            "members", "import", desk.File("next.csv", List(With(Wife, ("資格喪失年月日", "20261101")), With(Wife, moved), With(Newborn, ("資格喪失年月日", "20260601")))), "--dry-run");

        Assert.Contains("名簿の 3 行の内訳: カードの変更 1、取り込み前に資格喪失済み 1、同じ方の前のカード 1。", shown.Output, StringComparison.Ordinal);
        Assert.Contains("名簿に載っていない方: 資格喪失 1。", shown.Output, StringComparison.Ordinal);
    }

    private static (string, string)[] Newborn { get; } = With(Wife, ("枝番", "02"), ("氏名", "山田 海"), ("氏名カナ", "ヤマダ ウミ"), ("生年月日", "20260501"), ("続柄", "長女"), ("資格取得年月日", "20260501"));

    private static (string, string)[] Divorced { get; } =
        With(Wife, ("番号", "9"), ("枝番", "00"), ("氏名", "浜辺 花子"), ("氏名カナ", "ハマベ ハナコ"), ("続柄", "本人"), ("資格取得年月日", "20261101"));

    private static string List(params (string, string)[][] rows) => rows.Aggregate(new ListText(), (list, row) => list.Row(row)).Text();

    private static (string, string)[] With((string, string)[] row, params (string, string)[] changes) =>
        [.. row.Where(f => changes.All(c => c.Item1 != f.Item1)), .. changes];
}

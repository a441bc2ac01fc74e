using System.Runtime.Versioning;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Commands;

/// <summary><c>members import</c>, <c>letters issue</c> and <c>account</c>: what an operator does for members.</summary>
public sealed class MemberCommandTests
{
    [Theory, OnEveryDatabase]
    public async Task F2_A_list_is_shown_first_and_then_taken(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        var list = desk.File("list.csv", Household().Text());

        var shown = await desk.RunAsync("members", "import", list, "--dry-run");
        var taken = await desk.RunAsync("members", "import", list);
        var again = await desk.RunAsync("members", "import", list);

        Assert.Equal((0, 0, 0), (shown.ExitCode, taken.ExitCode, again.ExitCode));
        Assert.Contains($"{list}:2: 港-7-345-00", shown.Output, StringComparison.Ordinal);
        Assert.Contains("何も取り込んでいません", shown.Output, StringComparison.Ordinal);
        Assert.Contains("加入 2", taken.Output, StringComparison.Ordinal);
        Assert.Contains("加入 0、変更 0、カードの変更 0、資格喪失 0、変わりなし 2", again.Output, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task G2_A_preview_of_a_list_is_an_event_with_its_counts_and_audit_list_tells_of_a_person_what_the_list_changed(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));
        var hidden = desk.File("hidden.csv", new ListText().Row(("記号", "港-7"), ("非開示", "1")).Text());

        await desk.RunAsync("members", "import", hidden, "--dry-run");
        var refused = await desk.RunAsync("members", "import", hidden);
        var previews = await desk.RunAsync("audit", "list", "--kind", "MembersPreviewed");
        var before = await desk.RunAsync("audit", "list", "--card", "港-7-345-00");
        var taken = await desk.RunAsync("members", "import", hidden, "--accept-leavers");
        var after = await desk.RunAsync("audit", "list", "--card", "港-7-345-00", "--kind", "ProtectionSet");

        // A list that is refused for those who leave shows them as well.
        Assert.Equal((1, 0), (refused.ExitCode, taken.ExitCode));
        var lines = previews.Output.Trim().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.EndsWith(
            $" 職員（{Environment.UserName}）が加入者名簿の取り込み内容を確認。1行、変更 1、資格喪失 1人", line, StringComparison.Ordinal));
        Assert.Equal("", before.Output);
        Assert.Matches($@"^\S+ \S+ 職員（{Environment.UserName}）が \S.*さん（港-7-345-00）を非開示に設定$", after.Output.Trim());
        Assert.Matches(
            $@"職員（{Environment.UserName}）が名簿の取り込みで \S.*さん（港-7-345-00）の登録内容を変更。変更、変わった項目 .*非開示$",
            (await desk.RunAsync("audit", "list", "--card", "港-7-345-00", "--kind", "PersonListed")).Output.Trim());
    }

    [Fact]
    public async Task F1_F2_Every_wrong_row_is_named_by_file_line_column_and_heading_and_nothing_is_taken()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        var list = desk.File("list.csv", new ListText().Row(("性別", "3")).Row(("枝番", "01"), ("生年月日", "20261301"), ("続柄", "妻")).Text());

        var result = await desk.RunAsync("members", "import", list);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{list}:2:7（性別）: ", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{list}:3:8（生年月日）: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("誤りが 2 件あります。何も取り込んでいません。", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await desk.RunAsync("account", "show", "--card", "12-345-00")).ExitCode);
    }

    [Fact]
    public async Task F2_Many_who_leave_need_somebody_who_agrees()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));
        var shorter = desk.File("shorter.csv", new ListText().Row(("記号", "港-7")).Text());

        var refused = await desk.RunAsync("members", "import", shorter);
        var taken = await desk.RunAsync("members", "import", shorter, "--accept-leavers");

        Assert.Equal((1, 0), (refused.ExitCode, taken.ExitCode));
        Assert.Contains("--accept-leavers", refused.Error, StringComparison.Ordinal);
        Assert.Contains("資格喪失 1", taken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);

        var missing = await desk.RunAsync("members", "import", desk.File("nosuch.csv"));
        var folder = await desk.RunAsync("members", "import", desk.Folder);

        Assert.Equal((1, 1), (missing.ExitCode, folder.ExitCode));
        Assert.Contains("ファイルがありません: ", missing.Error, StringComparison.Ordinal);
        Assert.Contains("フォルダーです: ", folder.Error, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    [UnsupportedOSPlatform("windows")]
    public async Task Letters_go_to_whoever_has_no_valid_credentials_and_a_card_forces_them_anew(DatabaseKind kind)
    {
        Assert.SkipUnless(Tool.Exists("pdftotext"), "pdftotext is not installed");
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));
        var file = desk.File("letters.pdf");

        var first = await desk.RunAsync("letters", "issue", "--out", file);
        var second = await desk.RunAsync("letters", "issue", "--out", desk.File("second.pdf"));
        var forced = await desk.RunAsync("letters", "issue", "--out", file, "--card", "港－７－３４５", "--per-person");

        Assert.Equal((0, 0, 0), (first.ExitCode, second.ExitCode, forced.ExitCode));
        Assert.Contains("2 人分の仮パスワードを発行し、登録のご案内を 1 通（1 枚）", first.Output, StringComparison.Ordinal);
        Assert.Contains("発行する相手がいません", second.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(desk.File("second.pdf")));
        Assert.Contains("2 人分の仮パスワードを発行し、登録のご案内を 2 通（2 枚）", forced.Output, StringComparison.Ordinal);
        Assert.Contains("letters-1.pdf", forced.Output, StringComparison.Ordinal);
        var text = Tool.Run("pdftotext", "-layout", file, "-").Output;
        Assert.Matches(@"仮ログインID\s+\d{8}\s", text);
        Assert.Matches(@"仮パスワード\s+[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\s", text);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("--card 345", "記号-番号")]
    [InlineData("--card 99-345", "99-345")]
    [InlineData("--per-person -1", "0 から 150")]
    public async Task Letters_that_cannot_be_made_are_refused(string options, string message)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);

        var result = await desk.RunAsync(["letters", "issue", "--out", desk.File("a.pdf"), .. options.Split(' ')]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(desk.File("a.pdf")));
    }

    [Fact]
    public async Task Letters_need_a_folder_to_go_to()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);

        var result = await desk.RunAsync("letters", "issue", "--out", Path.Combine(desk.Folder, "nosuch", "a.pdf"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("フォルダーがありません", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_that_cannot_be_written_name_the_file_as_it_was_typed_and_nothing_is_issued()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));
        var typed = Path.GetRelativePath(Environment.CurrentDirectory, desk.File("a.pdf"));

        // Something stands where the unfinished file would be, which stops even a superuser.
        Directory.CreateDirectory(typed + ".part");
        var result = await desk.RunAsync("letters", "issue", "--out", typed);
        var next = await desk.RunAsync("letters", "issue", "--out", desk.File("b.pdf"));

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"{typed} に書き込めません。何も発行していません。", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(".part", result.Error, StringComparison.Ordinal);
        Assert.Contains("2 人分の仮パスワードを発行し", next.Output, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task An_account_is_shown_unlocked_suspended_and_resumed(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));
        await using var services = desk.Look().Services;
        var society = await MinatoAsync(services);
        await WriteAccountAsync(services, society);

        var shown = await desk.RunAsync("account", "show", "--card", "港-7-345-00");
        var unlocked = await desk.RunAsync("account", "unlock", "--card", "港ー7－３４５－0".Replace('ー', '-'));
        var suspended = await desk.RunAsync("account", "suspend", "--card", "港-7-345-00");
        var shownSuspended = await desk.RunAsync("account", "show", "--card", "港-7-345-00");
        var resumed = await desk.RunAsync("account", "resume", "--card", "港-7-345-00");
        var shownResumed = await desk.RunAsync("account", "show", "--card", "港-7-345-00");

        Assert.Equal((0, 0, 0, 0), (shown.ExitCode, unlocked.ExitCode, suspended.ExitCode, resumed.ExitCode));
        Assert.Contains("続けて間違えた回数: 10 回", shown.Output, StringComparison.Ordinal);
        Assert.Contains("停止: いいえ", shown.Output, StringComparison.Ordinal);
        Assert.Contains("続けて間違えた回数: 0 回", shownSuspended.Output, StringComparison.Ordinal);
        Assert.Matches("停止: .*から", shownSuspended.Output);
        Assert.Contains("停止: いいえ", shownResumed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tarou-san", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("山田", shown.Output, StringComparison.Ordinal);
        var kinds = await InAsync(services, society, db => db.AuditEvents.Where(e => e.Actor == $"system:{Environment.UserName}").Select(e => e.Kind).ToListAsync());
        AuditKind[] done = [AuditKind.AccountShown, AuditKind.AccountUnlocked, AuditKind.AccountSuspended, AuditKind.AccountResumed];
        Assert.Equal(done.Order(), kinds.Intersect(done).Order());
    }

    [Theory, OnEveryDatabase]
    public async Task An_account_is_removed_and_the_person_gets_a_letter_again(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));
        await using var services = desk.Look().Services;
        await WriteAccountAsync(services, await MinatoAsync(services));

        var removed = await desk.RunAsync("account", "remove", "--card", "港-7-345-00");
        var shown = await desk.RunAsync("account", "show", "--card", "港-7-345-00");

        Assert.Equal((0, 0), (removed.ExitCode, shown.ExitCode));
        Assert.Contains("./kenko letters issue --out FILE.pdf --card 記号-番号 --per-person 15", removed.Output, StringComparison.Ordinal);
        Assert.Contains("アカウント: なし", shown.Output, StringComparison.Ordinal);
        Assert.Contains("のアカウントを取り消し", (await desk.RunAsync("audit", "list", "--card", "港-7-345-00")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await desk.RunAsync("account", "remove", "--card", "港-7-345-00")).ExitCode);
    }

    [Theory]
    [InlineData("show", "345-00", "記号-番号-枝番 の形")]
    [InlineData("show", "港-7-345-x", "記号-番号-枝番 の形")]
    [InlineData("show", "港-7-345-09", "「港-7-345-09」の人は見つかりません")]
    [InlineData("unlock", "港-7-345-01", "まだアカウントがありません")]
    [InlineData("suspend", "港-7-345-01", "まだアカウントがありません")]
    [InlineData("resume", "港-7-345-01", "まだアカウントがありません")]
    [InlineData("remove", "港-7-345-01", "まだアカウントがありません")]
    public async Task An_account_that_is_not_there_is_refused(string command, string card, string message)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));

        var result = await desk.RunAsync("account", command, "--card", card);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private static ListText Household() => new ListText().Row(("記号", "港-7"))
        .Row(("記号", "港-7"), ("枝番", "01"), ("氏名", "山田 花子"), ("氏名カナ", "ヤマダ ハナコ"), ("性別", "2"), ("続柄", "妻"));

    private static async Task<Society> MinatoAsync(IServiceProvider services)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        return await scope.ServiceProvider.GetRequiredService<SocietyDirectory>().ByKeyAsync("minato", TestContext.Current.CancellationToken);
    }

    private static async Task<T> InAsync<T>(IServiceProvider services, Society society, Func<Core.Data.PortalContext, Task<T>> act)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, actor => actor.IsJob("test"));
        return await act(scope.ServiceProvider.GetRequiredService<Core.Data.PortalContext>());
    }

    private static Task WriteAccountAsync(IServiceProvider services, Society society) => InAsync(services, society, async db =>
    {
        var now = new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
        var account = new MemberAccount
        {
            SocietyId = society.Id, PersonId = (await db.Persons.SingleAsync(p => p.Relationship == "本人")).Id,
            LoginId = "tarou-san", LoginIdKey = "tarou-san", PasswordHash = "-", Nickname = "たろう", CreatedAt = now,
        };
        for (var i = 0; i < LoginThrottle.FreeFailures; i++)
        {
            account.Throttle.TryReserve(now);
        }

        db.MemberAccounts.Add(account);
        return await db.SaveChangesAsync();
    });
}

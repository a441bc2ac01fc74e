using System.Runtime.Versioning;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Commands;

/// <summary><c>audit verify</c>, <c>backup</c> and <c>restore</c>.</summary>
public sealed class UpkeepCommandTests
{
    [Theory, OnEveryDatabase]
    public async Task G2_A_chain_is_whole_grows_from_its_kept_head_and_shows_what_was_changed(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await SealAsync(desk);
        var kept = HeadOf((await desk.RunAsync("audit", "verify")).Output);
        await desk.RunAsync("society", "set", "minato", "tel=1");
        await SealAsync(desk);

        var grown = await desk.RunAsync("audit", "verify", "--head", kept);
        await desk.ExecuteAsync("""UPDATE "AuditEvents" SET "Actor" = 'system:nobody' WHERE "Sequence" = 1""");
        var changed = await desk.RunAsync("audit", "verify");
        await desk.ExecuteAsync("""DELETE FROM "AuditEvents" WHERE "Sequence" = 2""");
        var cut = await desk.RunAsync("audit", "verify", "--society", "minato");

        Assert.StartsWith("1:", kept, StringComparison.Ordinal);
        Assert.Equal((0, 1, 1), (grown.ExitCode, changed.ExitCode, cut.ExitCode));
        Assert.Contains("保存した先頭（1 件目）とも一致します", grown.Output, StringComparison.Ordinal);
        Assert.Contains("minato: 1 件目 が書き換えられています。", changed.Error, StringComparison.Ordinal);
        Assert.Contains("minato: 2 件目 から後が切り落とされています。", cut.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G2_A_chain_that_was_made_anew_does_not_fit_the_kept_head()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await SealAsync(desk);

        var other = await desk.RunAsync("audit", "verify", "--head", "1:" + new string('a', 64));
        var longer = await desk.RunAsync("audit", "verify", "--head", "7:" + new string('a', 64));
        var none = await desk.RunAsync("audit", "verify", "--head", "0:" + new string('0', 64));

        Assert.Equal((1, 1, 0), (other.ExitCode, longer.ExitCode, none.ExitCode));
        Assert.Contains("保存した先頭（1 件目）と一致しません", other.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1:abc")]
    [InlineData("x:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("1:zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public async Task A_head_that_cannot_be_read_is_refused(string head)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);

        var result = await desk.RunAsync("audit", "verify", "--head", head);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("件数:ハッシュ", result.Error, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    [UnsupportedOSPlatform("windows")]
    public async Task A_backup_comes_back_in_an_empty_folder(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await using var elsewhere = CommandDesk.Empty();
        var file = desk.File("kenko.backup");

        var written = await desk.RunAsync("backup", file);
        var restored = await elsewhere.RunAsync("restore", file, "--yes", "--accept-keys");

        Assert.Equal((0, 0), (written.ExitCode, restored.ExitCode));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains("バックアップを復元しました（組合 1", restored.Output, StringComparison.Ordinal);
        Assert.Equal((await desk.RunAsync("society", "list")).Output, (await elsewhere.RunAsync("society", "list")).Output);
    }

    [Fact]
    public async Task A_file_that_is_no_backup_is_refused_and_changes_nothing()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);

        var broken = await desk.RunAsync("restore", desk.File("x.backup", "no backup"), "--yes");
        var missing = await desk.RunAsync("restore", desk.File("y.backup"));

        Assert.Equal((1, 1), (broken.ExitCode, missing.ExitCode));
        Assert.Contains("バックアップとして使えません", broken.Error, StringComparison.Ordinal);
        Assert.Contains("ファイルがありません: ", missing.Error, StringComparison.Ordinal);
        Assert.Contains("minato", (await desk.RunAsync("society", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_needs_a_folder_to_go_to()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);

        var result = await desk.RunAsync("backup", Path.Combine(desk.Folder, "nosuch", "a.backup"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("フォルダーがありません", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_cannot_be_written_names_the_file_as_it_was_typed()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        var typed = Path.GetRelativePath(Environment.CurrentDirectory, desk.File(new string('a', 250)));

        var result = await desk.RunAsync("backup", typed);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"{typed} に書き込めません。", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_keys_a_backup_says_what_else_is_needed_and_comes_back_where_they_are()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await using var elsewhere = CommandDesk.Empty();
        var file = desk.File("kenko.backup");

        var written = await desk.RunAsync("backup", file, "--without-keys");
        var there = await elsewhere.RunAsync("restore", file, "--yes");
        var unasked = await desk.RunAsync("restore", file);
        var here = await desk.RunAsync("restore", file, "--yes");

        Assert.Equal(1, unasked.ExitCode);
        Assert.Contains("--yes", unasked.Error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(desk.Folder, "before-restore-"), here.Output, StringComparison.Ordinal);
        Assert.Equal((0, 1, 0), (written.ExitCode, there.ExitCode, here.ExitCode));
        Assert.Contains($"復元するには、鍵のフォルダー {Path.Combine(desk.Folder, "keys")} も要ります", written.Output, StringComparison.Ordinal);
    }

    private static async Task SealAsync(CommandDesk desk)
    {
        await using var services = desk.Look().Services;
        await Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Core.Jobs.PortalJobs>(services)
            .RunOnceAsync(TestContext.Current.CancellationToken, "audit");
    }

    private static string HeadOf(string output) => output.Split('\n').Single(line => line.StartsWith("minato: 先頭 ", StringComparison.Ordinal))["minato: 先頭 ".Length..].Trim();
}

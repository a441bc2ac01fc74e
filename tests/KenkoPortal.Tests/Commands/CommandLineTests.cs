using KenkoPortal.Tests.Support;
using KenkoPortal.Web.Commands;

namespace KenkoPortal.Tests.Commands;

public sealed class CommandLineTests
{
    /// <summary>Every command of the tree, so that a new one is tested without being listed.</summary>
    public static readonly TheoryData<string> Commands = [.. CommandTree.Paths];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_explains_itself_in_Japanese_and_does_nothing(string command)
    {
        await using var desk = CommandDesk.Empty();

        var result = await desk.RunAsync([.. Words(command), "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Error);
        Assert.StartsWith("説明:", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Show help", result.Output, StringComparison.Ordinal);
        var entries = result.Output.Split('\n').Where(line => line.StartsWith("  -", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(entries);
        Assert.All(entries, entry => Assert.Contains(entry, c => c > '\u3000'));
        Assert.False(Directory.Exists(desk.Folder));
    }

    [Fact]
    public void The_tree_holds_the_groups_and_their_commands() =>
        Assert.Empty(new[] { "", "serve", "claims import", "notices publish", "demo write", "audit list", "migrate" }.Except(CommandTree.Paths, StringComparer.Ordinal));

    [Theory]
    [InlineData("nosuch", "「nosuch」")]
    [InlineData("society", "コマンド")]
    [InlineData("society nosuch", "「nosuch」")]
    [InlineData("society list --nosuch", "「--nosuch」")]
    [InlineData("society add --key a", "--insurer-number を指定してください。")]
    [InlineData("society set a", "NAME=VALUE")]
    [InlineData("serve --port abc", "--port は整数で指定してください（入力:「abc」）。")]
    [InlineData("serve --port", "--port")]
    [InlineData("letters issue", "--out を指定してください。")]
    [InlineData("letters issue --out a.pdf --per-person old", "--per-person は整数で")]
    [InlineData("notices compute --month 2026-13", "--month は 2026-04 のように指定してください: 2026-13")]
    [InlineData("notices show --card 1-2 --month 202604", "--month は")]
    [InlineData("drugs explain --card 1-2-00 --month x", "--month は")]
    [InlineData("notices publish --month 2026-04 --on 2026-13-45", "--on は 2026-06-20 のように指定してください: 2026-13-45")]
    [InlineData("drugs import --price a --availability b --from 2026-13-45", "--from の日付が読めません")]
    [InlineData("account show", "--card を指定してください。")]
    [InlineData("members import", "FILE")]
    [InlineData("backup", "FILE")]
    [InlineData("audit verify extra", "「extra」")]
    public async Task A_command_that_is_called_wrongly_says_so_and_ends_with_2(string command, string message)
    {
        await using var desk = CommandDesk.Empty();

        var result = await desk.RunAsync(Words(command));

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.Folder));
    }

    [Theory]
    [InlineData("society list")]
    [InlineData("society set a name=b")]
    [InlineData("members import {0}")]
    [InlineData("letters issue --out {0}.pdf")]
    [InlineData("account show --card 1-2-03")]
    [InlineData("audit verify")]
    [InlineData("backup {0}.zip")]
    public async Task A_mistyped_data_folder_is_refused_and_not_made(string command)
    {
        await using var desk = CommandDesk.Empty();
        var file = desk.File("list.csv", "x");

        var result = await desk.RunAsync(Words(string.Format(System.Globalization.CultureInfo.InvariantCulture, command, file)));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("データベースがありません: " + desk.Folder, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.Folder));
    }

    [Fact]
    public async Task A_data_folder_without_its_key_is_refused_and_gets_no_new_one()
    {
        await using var desk = await CommandDesk.OnAsync(Support.DatabaseKind.Sqlite);
        var key = Path.Combine(desk.Folder, "keys", "portal.key");
        File.Delete(key);

        var result = await desk.RunAsync("society", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(key, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(key));
    }

    [Fact]
    public async Task The_key_of_another_database_is_refused()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(Support.DatabaseKind.Sqlite);
        await using var other = CommandDesk.Empty();
        await other.RunAsync("migrate");
        File.Copy(Path.Combine(other.Folder, "keys", "portal.key"), Path.Combine(desk.Folder, "keys", "portal.key"), overwrite: true);

        foreach (var command in new[] { "society list", "migrate", "serve --port 0 --smtp-port 0" })
        {
            var result = await desk.RunAsync(Words(command));
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("鍵がこのデータベースのものと違います", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_broken_key_is_named()
    {
        await using var desk = await CommandDesk.OnAsync(Support.DatabaseKind.Sqlite);
        var key = Path.Combine(desk.Folder, "keys", "portal.key");
        await File.WriteAllTextAsync(key, "no key", TestContext.Current.CancellationToken);

        var result = await desk.RunAsync("society", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("鍵のファイルが壊れています: " + key, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=a;Username=b", "PostgreSQL につながりません")]
    [InlineData("Hst=127.0.0.1;Password=geheim", "ConnectionStrings__Portal を接続文字列として読めません")]
    public async Task A_database_that_cannot_be_reached_is_told_without_its_password(string connection, string message)
    {
        await using var desk = await CommandDesk.OnAsync(Support.DatabaseKind.Sqlite);

        var result = await desk.RunAsync(["society", "list"], new() { ["ConnectionStrings:Portal"] = connection }, TestContext.Current.CancellationToken);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told()
    {
        await using var desk = await CommandDesk.OnAsync(Support.DatabaseKind.Sqlite);
        await File.WriteAllTextAsync(Path.Combine(desk.Folder, "portal.db"), new string('x', 5000), TestContext.Current.CancellationToken);

        var result = await desk.RunAsync("society", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("データベースのファイルが壊れています", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_command_ends_with_130()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(Support.DatabaseKind.Sqlite);

        var result = await desk.RunAsync(["society", "list"], [], new CancellationToken(canceled: true));

        Assert.Equal(130, result.ExitCode);
        Assert.Contains("中断しました", result.Error, StringComparison.Ordinal);
    }

    [Theory, Support.OnEveryDatabase]
    public async Task Migrating_twice_does_nothing_the_second_time(Support.DatabaseKind kind)
    {
        await using var desk = await CommandDesk.OnAsync(kind);

        var result = await desk.RunAsync("migrate");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("データベースはこの版の形になっています", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_an_older_version_is_refused_until_it_is_migrated()
    {
        await using var desk = await CommandDesk.OnAsync(Support.DatabaseKind.Sqlite);
        await desk.ExecuteAsync("""DELETE FROM "__EFMigrationsHistory" """);

        var result = await desk.RunAsync("society", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("./kenko migrate", result.Error, StringComparison.Ordinal);
    }

    private static string[] Words(string command) => command.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Theory, OnEveryDatabase]
    public async Task Where_there_is_no_society_the_data_that_were_looked_at_are_named(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.OnAsync(kind);
        var place = kind is DatabaseKind.Sqlite ? $"使ったデータフォルダー: {desk.Folder}\n" : "使ったデータベース: PostgreSQL ";

        var list = await desk.RunAsync("society", "list");
        var show = await desk.RunAsync("account", "show", "--card", "1-2-00");
        var verify = await desk.RunAsync("audit", "verify");
        var unknown = await desk.RunAsync("members", "import", desk.File("list.csv", "x"), "--society", "nosuch");

        Assert.Equal((0, 1, 0, 1), (list.ExitCode, show.ExitCode, verify.ExitCode, unknown.ExitCode));
        Assert.Equal("組合がまだ登録されていません。「./kenko society add」で登録してください。\n", list.Output);
        foreach (var result in new[] { list, show, verify, unknown })
        {
            Assert.Contains(place, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("Password", result.Error, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task What_is_suggested_names_the_data_folder_as_the_shell_takes_it()
    {
        await using var error = new StringWriter();
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:Portal"] = "", ["ConnectionStrings:Owner"] = "" };
        var surroundings = new CommandSurroundings(TextWriter.Null, error, IsTerminal: false, settings, TestContext.Current.CancellationToken);

        var code = await PortalCommandLine.RunAsync(["society", "list", "--data", "/nosuch/み なと's"], surroundings);

        Assert.Equal(1, code);
        Assert.Contains("「./kenko migrate --data '/nosuch/み なと'\\''s'」", error.ToString(), StringComparison.Ordinal);
    }
}

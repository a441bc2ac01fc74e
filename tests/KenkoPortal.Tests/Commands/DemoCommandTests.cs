using KenkoPortal.Tests.Demo;

namespace KenkoPortal.Tests.Commands;

public sealed class DemoCommandTests
{
    [Fact]
    public async Task Made_up_people_and_their_deliveries_are_written_without_a_database()
    {
        await using var desk = CommandDesk.Empty();
        var folder = desk.File("out");
        var written = await desk.RunAsync("demo", "write", "--out", folder, "--people", "300", "--months", "2", "--until", "2026-04");
        Assert.True(written.ExitCode == 0, written.Error);
        Assert.Equal(301, (await File.ReadAllLinesAsync(Path.Combine(folder, "members.csv"), TestContext.Current.CancellationToken)).Length);
        Assert.True(File.Exists(Path.Combine(folder, "202604", "06990014", "0_COMMON001", "11_RECODEINFO_MED.CSV")));
        Assert.True(File.Exists(Path.Combine(folder, "202605", "06990014", "0_COMMON001", "14_RECODEINFO_PHA.CSV")));
        Assert.False(Directory.Exists(desk.Folder));
        var again = await desk.RunAsync("demo", "write", "--out", folder, "--people", "300");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("空でない", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_claims_of_a_members_list_are_written_for_its_people()
    {
        await using var desk = CommandDesk.Empty();
        var folder = desk.File("out");
        var written = await desk.RunAsync("demo", "write", "--out", folder, "--members", DemoFolder.List, "--months", "1", "--until", "2026-04");
        Assert.True(written.ExitCode == 0, written.Error);
        Assert.False(File.Exists(Path.Combine(folder, "members.csv")));
        Assert.True(Directory.Exists(Path.Combine(folder, "202605")));
    }

    [Theory]
    [InlineData("--people", "0")]
    [InlineData("--months", "0")]
    [InlineData("--until", "2026-13")]
    [InlineData("--until", "April")]
    [InlineData("--members", "nowhere.csv")]
    public async Task What_cannot_be_written_is_refused_with_the_reason(string option, string value)
    {
        await using var desk = CommandDesk.Empty();
        var refused = await desk.RunAsync("demo", "write", "--out", desk.File("out"), option, value);
        Assert.Equal(1, refused.ExitCode);
        Assert.NotEmpty(refused.Error);
        Assert.Equal(2, (await desk.RunAsync("demo", "write")).ExitCode);
        Assert.Equal(1, (await desk.RunAsync("demo", "write", "--out", desk.File("out2"), "--people", "3", "--members", desk.File("a.csv", "氏名\n"))).ExitCode);
        Assert.Equal(1, (await desk.RunAsync("demo", "write", "--out", desk.File("out3"), "--members", desk.File("b.csv", "氏名\n"))).ExitCode);
    }
}

using System.Text.Json;
using KenkoPortal.Claims;
using KenkoPortal.Tests.Claims;

namespace KenkoPortal.Tests.Commands;

public sealed class ClaimsCommandTests
{
    [Fact]
    public async Task A_delivery_folder_is_shown_without_a_database_and_what_is_no_claim_is_said()
    {
        await using var desk = CommandDesk.Empty();
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(desk.File("x"))!, "202605", "06132013", "0_COMMON001")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "11_RECODEINFO_MED.CSV"), ClaimText.OfInsurer().StartGood("910000001").StartGood("910000002").OwnLine("XX,1").Bytes(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "14_RECODEINFO_PHA.CSV"), ClaimText.OfInsurer(ClaimKind.Pharmacy).StartGood("910000003").Bytes(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "99_OTHER.CSV"), "", TestContext.Current.CancellationToken);
        var shown = await desk.RunAsync("claims", "show", Path.Combine(folder, "..", ".."), "--json");
        Assert.Equal(0, shown.ExitCode);
        Assert.Equal(["910000001", "910000003"], shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetString()));
        Assert.Contains("99_OTHER.CSV", shown.Error, StringComparison.Ordinal);
        Assert.Contains("11_RECODEINFO_MED.CSV:9:4（レコード識別）: 知らないレコードです: 「XX」。 レセプト 910000002 は取り込みません。", shown.Error, StringComparison.Ordinal);
        Assert.Contains("医科: 1 件を読みました、読み取れなかったレセプト 1 件。", shown.Error, StringComparison.Ordinal);
        Assert.Contains("調剤: 1 件を読みました。", shown.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.Folder));
    }

    [Fact]
    public async Task Without_json_a_claim_is_a_line_to_be_read()
    {
        await using var desk = CommandDesk.Empty();
        var file = desk.File("any.name");
        await File.WriteAllBytesAsync(file, ClaimText.OfInsurer().StartGood(points: 300).Examiner("HO", (5, "200")).Correct(2, 4, 5).Bytes(), TestContext.Current.CancellationToken);
        var shown = await desk.RunAsync("claims", "show", file);
        Assert.Equal("910000001 医科外来 2026-04 港中央病院 200 点（請求 300 点）", shown.Output.Trim());
    }

    [Fact]
    public async Task What_is_no_claim_file_or_is_not_there_is_refused()
    {
        await using var desk = CommandDesk.Empty();
        Assert.Equal(1, (await desk.RunAsync("claims", "show", desk.File("list.csv", "氏名,住所\n"), "--json")).ExitCode);
        Assert.Equal(1, (await desk.RunAsync("claims", "show", desk.File("missing"), "--json")).ExitCode);
        Assert.Equal(2, (await desk.RunAsync("claims", "show")).ExitCode);
        var mistyped = await desk.RunAsync("claims", "show", desk.File("list.csv"), "--jsn");
        Assert.Equal(2, mistyped.ExitCode);
        Assert.Contains("「--jsn」というコマンドや引数はありません。", mistyped.Error, StringComparison.Ordinal);
        var unreadable = desk.File("unreadable");
        await File.WriteAllBytesAsync(unreadable, ClaimText.OfInsurer().StartGood().OwnLine("XX,1").Bytes(), TestContext.Current.CancellationToken);
        Assert.Equal(1, (await desk.RunAsync("claims", "show", unreadable)).ExitCode);
        Directory.CreateDirectory(desk.File("empty"));
        var empty = await desk.RunAsync("claims", "show", desk.File("empty"));
        Assert.Equal(1, empty.ExitCode);
        Assert.Contains("11_RECODEINFO_MED.CSV", empty.Error, StringComparison.Ordinal);
    }
}

using System.Text;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.ReceivedClaims;

/// <summary>What <c>claims import</c> does not take: other insurers' claims, and files in which nothing can be read.</summary>
public sealed class OtherInsurersTests
{
    private const string Other = "06132013";

    [Theory, OnEveryDatabase]
    public async Task Another_insurers_claim_is_named_and_neither_replaces_nor_withdraws_nor_waits(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").Of("910000002"));

        var mixed = await desk.TakeAsync(ClaimText.OfInsurer()
            .Of("910000001", 700, ho: [(1, Other)])
            .Of("910000002", ho: [(1, Other)]).ExaminerLine("HI,1,202603")
            .Of("910000003"));

        Assert.Contains("claims.csv:1:1（保険者番号）: ほかの保険者のレセプトです。保険者番号が「06990014」のはずですが、「06132013」です。 レセプト 910000001 は取り込みません。", mixed.Error, StringComparison.Ordinal);
        Assert.Contains("ほかの保険者のもの 2 件は取り込みません。", mixed.Output, StringComparison.Ordinal);
        Assert.Contains("新しい 1 件。", mixed.Output, StringComparison.Ordinal);
        Assert.All(await desk.ClaimsAsync(), c => Assert.Equal((10_000, null, ClaimMatch.Matched), (c.Amounts.TotalYen, c.WithdrawnAt, c.Match)));
        Assert.Equal("", await desk.WaitingAsync());
    }

    [Theory, OnEveryDatabase]
    public async Task A_delivery_of_another_insurer_is_refused_in_words_and_nothing_of_the_run_is_taken(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        var own = await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000009"), "own.csv");
        var others = await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000001", 700, ho: [(1, Other)]), "others.csv");

        foreach (var further in new[] { "--dry-run", null })
        {
            var refused = await desk.RunAsync(["claims", "import", own, others, .. further is null ? Array.Empty<string>() : [further]]);

            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("others.csv: この組合のレセプトがありません。保険者番号は「06990014」のはずですが、「06132013」です。", refused.Error, StringComparison.Ordinal);
            Assert.Contains("何も取り込んでいません", refused.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("取り込みました", refused.Output, StringComparison.Ordinal);
        }

        Assert.Equal(10_000, Assert.Single(await desk.ClaimsAsync()).Amounts.TotalYen);
    }

    [Theory, OnEveryDatabase]
    public async Task Claims_that_name_no_insurer_are_whose_the_rest_of_the_file_or_the_folder_says(DatabaseKind kind)
    {
        static ClaimText FundsOnly(string number) => ClaimText.OfInsurer().Start(number).Own("IR").Own("RE", (2, "1212")).Own("KO");
        await using var desk = await SocietyClaims.WithMemberAsync(kind);

        await desk.TakeAsync(FundsOnly("910000001"));
        await desk.DoAsync("claims", "import", await desk.DeliveredFileAsync("202606", FundsOnly("910000002")));
        var others = await desk.RunAsync("claims", "import", await desk.DeliveredFileAsync("202606", FundsOnly("910000003"), Other));
        var amongOthers = await desk.RunAsync(
            "claims", "import", await desk.ClaimsFileAsync(FundsOnly("910000004").Of("910000005", ho: [(1, Other)]), "mixed.csv"));

        Assert.Equal((1, 1), (others.ExitCode, amongOthers.ExitCode));
        Assert.Contains("保険者番号は「06990014」のはずですが、「06132013」です", others.Error, StringComparison.Ordinal);
        Assert.Equal(["910000001", "910000002"], (await desk.ClaimsAsync()).Select(c => c.Number));
    }

    [Theory, OnEveryDatabase]
    public async Task What_waited_as_another_insurers_gives_way_to_the_societys_own_claim_with_its_marks(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001", 700));
        var id = Assert.Single(await desk.ClaimsAsync()).Id;
        await desk.ReadAsync(db => db.ReceivedClaims.ExecuteUpdateAsync(set => set
            .SetProperty(c => c.Match, ClaimMatch.OtherInsurer).SetProperty(c => c.PersonId, (Guid?)null).SetProperty(c => c.IsReExamined, true)
            .SetProperty(c => c.WithdrawnAt, DateTimeOffset.UnixEpoch)));

        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));

        var claim = Assert.Single(await desk.ClaimsAsync());
        Assert.Equal((id, 10_000, ClaimMatch.Matched, false, null), (claim.Id, claim.Amounts.TotalYen, claim.Match, claim.IsReExamined, claim.WithdrawnAt));
    }

    [Theory]
    [InlineData("utf-8", "UTF-8")]
    [InlineData("utf-16", "UTF-16")]
    [InlineData("euc-jp", "EUC-JP")]
    public async Task A_file_in_another_encoding_is_refused_with_what_it_looks_like_and_what_to_do(string encoding, string name)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        // 記号・番号 in half width: nothing in these lines would stop a reader that takes their bytes for CP932.
        var lines = ClaimText.OfInsurer().Of("910000001", ho: [(2, "12"), (3, "345")]).Lines;
        var path = desk.File("claims.csv");
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        await File.WriteAllBytesAsync(path, [.. bytes.Preamble, .. bytes.GetBytes(string.Join("\r\n", lines))], TestContext.Current.CancellationToken);

        var refused = await desk.RunAsync("claims", "import", path);
        var shown = await desk.RunAsync("claims", "show", path);

        Assert.Equal((1, 1), (refused.ExitCode, shown.ExitCode));
        Assert.Contains($"claims.csv: 文字コードが {name} のようです。レセプトのファイルは CP932（シフト JIS）です。", refused.Error, StringComparison.Ordinal);
        Assert.Contains("届いたままのファイルを指定してください。何も取り込んでいません。", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"文字コードが {name} のようです", shown.Error, StringComparison.Ordinal);
        Assert.Empty(await desk.ClaimsAsync());
    }

    [Fact]
    public async Task A_file_in_UTF_8_without_a_mark_is_known_too_and_half_width_katakana_of_CP932_is_not_taken_for_it()
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        var plain = desk.File("plain.csv", string.Join("\r\n", ClaimText.OfInsurer().Of("910000001").Lines));

        var refused = await desk.RunAsync("claims", "import", plain);
        var taken = await desk.TakeAsync(ClaimText.OfInsurer().Start("910000001", "MN,910000001,,13143005910000001,,,").Own("IR", (6, "ﾃｱﾃｲ")).Own("RE", (4, "ﾃｱ"), (36, "ﾃｱﾃｲ"))
            .Own("HO", (1, SocietyClaims.Insurer), (2, "12"), (3, "345")).Own("SN", (6, "00")));

        Assert.Contains("文字コードが UTF-8 のようです", refused.Error, StringComparison.Ordinal);
        Assert.Contains("新しい 1 件", taken.Output, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A_file_in_which_nothing_can_be_read_is_refused(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var broken = await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000001", re: [(6, "00000000")]).Of("910000002").OwnLine("XX,1"));

        var refused = await desk.RunAsync("claims", "import", broken);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("claims.csv: レセプトを 1 件も読み取れませんでした（読み取れなかったレセプト 2 件、指摘 2 か所）。", refused.Error, StringComparison.Ordinal);
        Assert.Contains("何も取り込んでいません", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("取り込みました", refused.Output, StringComparison.Ordinal);
    }
}

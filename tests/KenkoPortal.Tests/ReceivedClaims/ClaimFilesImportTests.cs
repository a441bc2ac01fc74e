using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.ReceivedClaims.Import;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.ReceivedClaims;

/// <summary><c>claims import</c> and <c>claims waiting</c>.</summary>
public sealed class ClaimFilesImportTests
{
    [Theory, OnEveryDatabase]
    public async Task Empty_files_are_said_and_refused_where_there_is_nothing_else(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var empty = desk.File("empty.csv", "");

        var alone = await desk.RunAsync("claims", "import", empty);
        var beside = await desk.RunAsync("claims", "import", empty, await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000001")));

        Assert.Equal((1, 0), (alone.ExitCode, beside.ExitCode));
        Assert.Contains("どのファイルも空です", alone.Error, StringComparison.Ordinal);
        Assert.Contains("空のファイルです: " + empty, beside.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ではありません", beside.Error, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A_delivery_folder_is_taken_and_each_claim_finds_its_person(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var folder = Directory.CreateDirectory(Path.Combine(desk.File("delivery"), "202606", SocietyClaims.Insurer, "0_COMMON001")).FullName;
        await WriteAsync(Path.Combine(folder, "11_RECODEINFO_MED.CSV"), ClaimText.OfInsurer()
            .Of("910000001").Examiner("HO", (1, SocietyClaims.Insurer), (5, "900")).Correct(2, 4, 6).Of("910000002").OwnLine("XX,1"));
        await WriteAsync(Path.Combine(folder, "14_RECODEINFO_PHA.CSV"), ClaimText.OfInsurer(ClaimKind.Pharmacy)
            .Of("910000003", header: "YK").Own("SH").Own("CZ").Own("IY"));
        await File.WriteAllTextAsync(Path.Combine(folder, "15_RECODEINFO_NUR.CSV"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "99_OTHER.CSV"), "", TestContext.Current.CancellationToken);

        var taken = await desk.DoAsync("claims", "import", desk.File("delivery"));

        Assert.Contains("11_RECODEINFO_MED.CSV:13:4（レコード識別）", taken.Error, StringComparison.Ordinal);
        Assert.Contains("99_OTHER.CSV", taken.Error, StringComparison.Ordinal);
        Assert.Contains("15_RECODEINFO_NUR.CSV", taken.Error, StringComparison.Ordinal);
        Assert.Contains("医科: 1 件を読みました、読み取れなかったレセプト 1 件", taken.Output, StringComparison.Ordinal);
        Assert.Contains("新しい 2 件、読み取れなかったレセプト 1 件", taken.Output, StringComparison.Ordinal);
        Assert.Contains("加入者が決まった 2", taken.Output, StringComparison.Ordinal);
        Assert.Contains("2026-04（2 件）", taken.Output, StringComparison.Ordinal);
        var claims = await ClaimsAsync(desk);
        var person = await desk.ReadAsync(db => db.Persons.SingleAsync());
        Assert.All(claims, c => Assert.Equal((ClaimMatch.Matched, person.Id), (c.Match, c.PersonId)));
        var (medical, pharmacy) = (claims[0], claims[1]);
        Assert.Equal(
            (CareKind.MedicalOutpatient, "1311234567", "港中央病院", 2, 9000, 2700, 6300, -1000),
            (medical.Care, medical.InstitutionKey, medical.InstitutionName, medical.Days, medical.Amounts.TotalYen, medical.Amounts.PatientYen!.Value, medical.Amounts.InsurerYen!.Value, medical.Amounts.CorrectionYen));
        Assert.Equal(
            (CareKind.Pharmacy, "1341111111", "1311234567", "620000001 3 14"), (pharmacy.Care, pharmacy.InstitutionKey, pharmacy.PrescriberKey, pharmacy.Drugs));
        var run = await desk.ReadAsync(db => db.ImportRuns.SingleAsync(r => r.Format == ClaimFilesImport.Format));
        Assert.Equal((2, 2, 0, 1, 0), (run.Rows, run.Joined, run.Changed, run.SetAside, run.Waiting));
        var told = await desk.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Kind == AuditKind.ClaimsImported));
        Assert.Equal("read=2 new=2 changed=0 unchanged=0 reexamined=0 returned=0 setaside=1 others=0 waiting=0", told.Detail);
    }

    [Theory, OnEveryDatabase]
    public async Task The_same_delivery_again_changes_nothing(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var claims = ClaimText.OfInsurer().Of("910000001").Own("IY").Of("910000002", 200);
        await desk.TakeAsync(claims);
        var before = await SnapshotAsync(desk);

        var again = await desk.TakeAsync(claims);

        Assert.Contains("変わりなし 2 件", again.Output, StringComparison.Ordinal);
        Assert.Contains("何も変わっていません", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, await SnapshotAsync(desk));
    }

    [Theory, OnEveryDatabase]
    public async Task A_corrected_delivery_changes_what_differs_and_says_what(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").Of("910000002", 200));
        var id = (await ClaimsAsync(desk))[1].Id;

        var corrected = await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").Of("910000002", 300, ho: [(4, "3")]));

        Assert.Contains("変更 1 件、変わりなし 1 件", corrected.Output, StringComparison.Ordinal);
        Assert.Contains("  910000002 2026-04（日数・回数, 医療費の総額, 窓口相当負担額, 窓口負担の上限, 保険者の負担額）", corrected.Output, StringComparison.Ordinal);
        Assert.Contains("日数・回数 1", corrected.Output, StringComparison.Ordinal);
        var claim = (await ClaimsAsync(desk))[1];
        Assert.Equal((id, 3000, 3), (claim.Id, claim.Amounts.TotalYen, claim.Days));
    }

    [Theory, OnEveryDatabase]
    public async Task A_returned_claim_is_withdrawn_and_its_original_does_not_bring_it_back(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var original = ClaimText.OfInsurer().Of("910000001");
        await desk.TakeAsync(original);

        var returned = await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").ExaminerLine("HI,1,202603"));
        var again = await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001").ExaminerLine("HI,1,202603"));
        await desk.TakeAsync(original);

        Assert.Contains("返戻 1 件", returned.Output, StringComparison.Ordinal);
        Assert.Contains("  910000001", returned.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("返戻 ", again.Output, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(await ClaimsAsync(desk)).WithdrawnAt);

        // Billed anew with other contents it counts again.
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001", 900));
        Assert.Null(Assert.Single(await ClaimsAsync(desk)).WithdrawnAt);
    }

    [Theory, OnEveryDatabase]
    public async Task A_re_examined_claim_takes_the_earlier_ones_place_and_keeps_it(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var original = ClaimText.OfInsurer().Of("910000001");
        await desk.TakeAsync(original);

        var examined = await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001", 800).ExaminerLine("MK,1,202603"));
        var outdated = await desk.TakeAsync(original);

        Assert.Contains("変更 1 件", examined.Output, StringComparison.Ordinal);
        Assert.Contains("再審査 1 件", examined.Output, StringComparison.Ordinal);
        Assert.Contains("再審査後のものがすでにあるため取り込まない 1 件", outdated.Output, StringComparison.Ordinal);
        Assert.Equal(8000, Assert.Single(await ClaimsAsync(desk)).Amounts.TotalYen);
    }

    [Theory, OnEveryDatabase]
    public async Task An_old_return_read_again_does_not_withdraw_what_was_re_examined_since(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        ClaimText Returned(int points) => ClaimText.OfInsurer().Of("910000001", points).ExaminerLine("HI,1,202603");
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        await desk.TakeAsync(Returned(1000));
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001", 800).ExaminerLine("MK,1,202604"));

        var again = await desk.TakeAsync(Returned(1000));

        Assert.DoesNotContain("返戻 ", again.Output, StringComparison.Ordinal);
        Assert.Contains("再審査後のものがすでにあるため取り込まない 1 件", again.Output, StringComparison.Ordinal);
        Assert.Null(Assert.Single(await ClaimsAsync(desk)).WithdrawnAt);

        // The return of the re-examined claim itself counts.
        await desk.TakeAsync(Returned(800));
        Assert.NotNull(Assert.Single(await ClaimsAsync(desk)).WithdrawnAt);
    }

    [Theory, OnEveryDatabase]
    public async Task What_comes_twice_in_one_run_is_one_claim_and_the_last_is_right(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var first = await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000001").Of("910000001"), "first.csv");
        var second = await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000001", 700), "second.csv");

        var taken = await desk.DoAsync("claims", "import", first, second);

        Assert.Contains("新しい 1 件、変更 1 件、変わりなし 1 件", taken.Output, StringComparison.Ordinal);
        Assert.Equal(7000, Assert.Single(await ClaimsAsync(desk)).Amounts.TotalYen);
    }

    [Theory, OnEveryDatabase]
    public async Task A_dry_run_tells_the_same_and_writes_nothing(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var file = await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000001"));

        var shown = await desk.DoAsync("claims", "import", file, "--dry-run");

        Assert.Contains("新しい 1 件", shown.Output, StringComparison.Ordinal);
        Assert.Contains("何も取り込んでいません", shown.Output, StringComparison.Ordinal);
        Assert.Empty(await ClaimsAsync(desk));
        Assert.Equal(0, await desk.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.ClaimsImported)));
    }

    [Theory, OnEveryDatabase]
    public async Task Where_one_file_is_no_claims_file_nothing_is_taken(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var good = await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000001"));

        var refused = await desk.RunAsync("claims", "import", good, desk.File("list.txt", "氏名,住所\n"));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("何も取り込んでいません", refused.Error, StringComparison.Ordinal);
        Assert.Empty(await ClaimsAsync(desk));
    }

    [Theory, OnEveryDatabase]
    public async Task An_institutions_own_file_is_taken_too_and_found_again(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        ClaimText File(int points) => ClaimText.OfProvider().Own("IR")
            .Own("RE", (1, "1")).Own("HO", (1, SocietyClaims.Insurer), (5, $"{points}")).Own("RE", (1, "2"), (6, "19900101")).Own("HO", (1, SocietyClaims.Insurer))
            .Raw($"GO,2,{points + 1000},99");
        await desk.TakeAsync(File(1000), "RECEIPTC.UKE");

        var again = await desk.TakeAsync(File(500), "RECEIPTC.UKE");

        Assert.Contains("変更 1 件、変わりなし 1 件", again.Output, StringComparison.Ordinal);
        Assert.Equal([5000, 10000], (await ClaimsAsync(desk)).Select(c => c.Amounts.TotalYen));
    }

    [Theory, OnEveryDatabase]
    public async Task Claims_that_found_nobody_wait_with_the_reason_beside_what_the_list_says(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer()
            .Of("910000001", ho: [(3, "９９９")])
            .Of("910000002", branch: "05")
            .Of("910000003", re: [(6, "19850402")])
            .Of("910000004", month: "200904"));

        Assert.Equal(
            """
            910000004 2009-04 12-345-00 診療の月にはそのカードの加入者ではない（港中央病院、1,000 点、今日から）
              レセプト: 12-345-00 ヤマダタロウ 1985-04-01 男
              名簿: 12-345-00 ヤマダタロウ（山田 太郎） 1985-04-01 男  ※違うもの: その月の資格
            910000001 2026-04 12-999-00 記号・番号の加入者がいない（港中央病院、1,000 点、今日から）
              レセプト: 12-999-00 ヤマダタロウ 1985-04-01 男
              名簿: 12-345-00 ヤマダタロウ（山田 太郎） 1985-04-01 男  ※違うもの: 記号・番号
            910000002 2026-04 12-345-05 記号・番号にその枝番（なければ生年月日と性別）の人がいない（港中央病院、1,000 点、今日から）
              レセプト: 12-345-05 ヤマダタロウ 1985-04-01 男
              名簿: 12-345-00 ヤマダタロウ（山田 太郎） 1985-04-01 男  ※違うもの: 枝番
            910000003 2026-04 12-345-00 枝番の人と生年月日が違う（港中央病院、1,000 点、今日から）
              レセプト: 12-345-00 ヤマダタロウ 1985-04-02 男
              名簿: 12-345-00 ヤマダタロウ（山田 太郎） 1985-04-01 男  ※違うもの: 生年月日
            """.ReplaceLineEndings(),
            (await desk.WaitingAsync()).ReplaceLineEndings());
    }

    [Theory, OnEveryDatabase]
    public async Task Waiting_claims_match_by_themselves_when_the_list_is_mended(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001", branch: "01", re: [(5, "2"), (6, "19860501")]).Of("910000002", ho: [(3, "９９９")]));

        var mended = await desk.TakeAsync(new ListText().Row()
            .Row(("枝番", "01"), ("氏名", "山田 花子"), ("氏名カナ", "ヤマダ ハナコ"), ("性別", "2"), ("生年月日", "19860501"), ("続柄", "妻")));

        Assert.Contains("未照合だったレセプト 1 件を加入者と照合しました", mended.Output, StringComparison.Ordinal);
        Assert.StartsWith("910000002 2026-04 12-999-00 記号・番号の加入者がいない", await desk.WaitingAsync(), StringComparison.Ordinal);
        var wife = await desk.ReadAsync(db => db.Persons.SingleAsync(p => p.Sex == Sex.Female));
        Assert.Equal(wife.Id, (await ClaimsAsync(desk))[0].PersonId);
    }

    [Fact]
    public async Task More_claims_than_one_batch_are_taken_and_compared()
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        await desk.TakeAsync(SocietyClaims.Many(5100, "202604"));

        var again = await desk.TakeAsync(SocietyClaims.Many(5101, "202604"));

        Assert.Contains("新しい 1 件、変わりなし 5100 件", again.Output, StringComparison.Ordinal);
        Assert.Equal(5101, await desk.ReadAsync(db => db.ReceivedClaims.CountAsync()));
    }

    [Fact]
    public void Every_column_that_differs_has_a_name_and_changes_the_fingerprint()
    {
        Assert.All(ClaimColumns.Names, name => Assert.False(string.IsNullOrEmpty(ClaimFilesText.ResourceManager.GetString(name, null)), name));
        var unlisted = typeof(ReceivedClaim).GetProperties().Select(p => p.Name).Except(ClaimColumns.Names)
            .Except(["Id", "SocietyId", "SourceKey", "Fingerprint", "PersonId", "Match", "ChangedAt", "IsReExamined", "WithdrawnAt", "DeliveredMonth", "BilledMonth", "ChosenPersonId", nameof(ReceivedClaim.Amounts)]);
        Assert.Empty(unlisted);
    }

    private static Task<List<ReceivedClaim>> ClaimsAsync(CommandDesk desk) =>
        desk.ReadAsync(db => db.ReceivedClaims.AsNoTracking().OrderBy(c => c.Number).ToListAsync());

    private static async Task<string> SnapshotAsync(CommandDesk desk) => System.Text.Json.JsonSerializer.Serialize(
        await desk.ReadAsync(db => db.ReceivedClaims.AsNoTracking().OrderBy(c => c.Id).ToListAsync()));

    private static Task WriteAsync(string path, ClaimText claims) => File.WriteAllBytesAsync(path, claims.Bytes(), TestContext.Current.CancellationToken);
}

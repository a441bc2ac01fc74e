using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Tests.GenericDrugs.Import;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Commands;

/// <summary><c>drugs import</c> and <c>drugs explain</c>.</summary>
public sealed class DrugsCommandTests
{
    [Theory, OnEveryDatabase]
    public async Task The_lists_come_in_for_all_and_the_same_again_change_nothing(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.AddSocietyAsync("tonari");

        var added = await ImportAsync(desk, "2025-07-16", withMaster: true);
        var again = await ImportAsync(desk, "令和7年7月16日", withMaster: true);

        Assert.Equal((0, 0), (added.ExitCode, again.ExitCode));
        Assert.Contains("2025年7月16日からの版を取り込みました。薬価 3 品目、医薬品マスター 2 行。", added.Output, StringComparison.Ordinal);
        Assert.Contains("何も変えていません", again.Output, StringComparison.Ordinal);
        var portal = desk.Look();
        foreach (var society in await SocietiesAsync(portal))
        {
            var events = await portal.ReadAsync(society, db => db.AuditEvents.Where(e => e.Kind == AuditKind.DrugListsImported).ToListAsync());
            Assert.Equal("from=2025-07-16 Added priced=3 mastered=2", Assert.Single(events).Detail);
            Assert.Equal(1, await portal.ReadAsync(society, db => db.DrugEditions.CountAsync()));
            var until = await portal.ReadAsync(society, db => db.ListedDrugs.Where(d => d.Code == "2149044F6085").Select(d => d.UsableUntil).SingleAsync());
            Assert.Equal(new DateOnly(2026, 3, 31), until);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task An_edition_of_the_same_day_is_replaced_whole_and_says_so(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await ImportAsync(desk, "2025-07-16", withMaster: true);
        var portal = desk.Look();
        var society = Assert.Single(await SocietiesAsync(portal));
        var before = await CatalogueAsync(portal, society, new TreatmentMonth(2025, 7));

        var cheaper = DrugListSample.Prices.Replace(",31.9,", ",29.9,", StringComparison.Ordinal);
        var replaced = await ImportAsync(desk, "2025-07-16", prices: cheaper);

        Assert.Equal(0, replaced.ExitCode);
        Assert.Contains("置き換えました", replaced.Output, StringComparison.Ordinal);
        Assert.Contains("医薬品マスターは2025年7月16日からの版のものを使い続けます", replaced.Output, StringComparison.Ordinal);
        var after = await CatalogueAsync(portal, society, new TreatmentMonth(2025, 7));
        Assert.Equal((31.9m, 29.9m, true), (before!.Product("2149044F6026")!.Price, after!.Product("2149044F6026")!.Price, after.HasMaster));
        Assert.Equal(3, await portal.ReadAsync(society, db => db.ListedDrugs.CountAsync()));
        Assert.Equal(2, await portal.ReadAsync(society, db => db.MasterDrugs.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task A_month_is_priced_by_the_newest_edition_that_began_in_it_or_before(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await ImportAsync(desk, "2025-07-16", withMaster: true);
        await ImportAsync(desk, "2026-04-01", prices: DrugListSample.Prices.Replace(",31.9,", ",29.9,", StringComparison.Ordinal));
        var portal = desk.Look();
        var society = Assert.Single(await SocietiesAsync(portal));

        Assert.Null(await CatalogueAsync(portal, society, new TreatmentMonth(2025, 6)));
        Assert.Equal(new DateOnly(2025, 7, 16), (await CatalogueAsync(portal, society, new TreatmentMonth(2025, 7)))?.ValidFrom);
        Assert.Equal(31.9m, (await CatalogueAsync(portal, society, new TreatmentMonth(2026, 3)))?.Product("2149044F6026")?.Price);
        var april = await CatalogueAsync(portal, society, new TreatmentMonth(2026, 4));
        Assert.Equal((29.9m, "2149044F6026"), (april?.Product("2149044F6026")?.Price, april?.Entry("672452901")?.PriceCode));
        Assert.Same(april, await CatalogueAsync(portal, society, new TreatmentMonth(2026, 5)));
    }

    [Theory, OnEveryDatabase]
    public async Task A_list_with_an_error_changes_nothing_and_names_file_line_and_column(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await ImportAsync(desk, "2025-07-16", withMaster: true);

        var refused = await ImportAsync(desk, "2025-08-01", prices: DrugListSample.Prices.Replace(",10.4,", ",10.4円,", StringComparison.Ordinal));
        var swapped = await desk.RunAsync(
            "drugs", "import", "--price", desk.File("ge.csv", DrugListSample.Availability), "--availability", desk.File("price.csv", DrugListSample.Prices), "--from", "2025-08-01");

        Assert.Equal((1, 1), (refused.ExitCode, swapped.ExitCode));
        Assert.Contains($"{desk.File("price.csv")}:3:13（薬価）: 金額として読めません: 「10.4円」", refused.Error, StringComparison.Ordinal);
        Assert.Contains("誤りが 1 件あります。何も取り込んでいません。", refused.Error, StringComparison.Ordinal);
        Assert.Contains("列が足りません", swapped.Error, StringComparison.Ordinal);
        var portal = desk.Look();
        Assert.Equal(1, await portal.ReadAsync(Assert.Single(await SocietiesAsync(portal)), db => db.DrugEditions.CountAsync()));
    }

    [Fact]
    public async Task What_does_not_fit_together_is_told()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        var shorter = DrugListSample.Lines([DrugListSample.PriceHeadings, .. DrugListSample.PriceRows.Take(2)]);

        var noMaster = await ImportAsync(desk, "2025-07-16");
        var cut = await ImportAsync(desk, "2025-08-16", prices: shorter);
        var fewerFlags = await ImportAsync(
            desk, "2025-09-16", availability: DrugListSample.Lines([DrugListSample.AvailabilityHeadings, .. DrugListSample.AvailabilityRows.Take(1)]));

        Assert.Contains("--master を付けて取り込んでください", noMaster.Error, StringComparison.Ordinal);
        Assert.Contains("前の版の 3 品目より少ない 2 品目です", cut.Error, StringComparison.Ordinal);
        Assert.Contains("薬価の一覧にない品目が後発品の有無の一覧に 1 件あります", cut.Error, StringComparison.Ordinal);
        Assert.Contains("後発品の有無の一覧にない品目が 2 件あります", fewerFlags.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ministrys_files_for_each_class_are_one_list()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        var (one, other) = (desk.File("naiyo.xlsx"), desk.File("gaiyo.xlsx"));
        await File.WriteAllBytesAsync(one, DrugListSample.Workbook(DrugListSample.Lines([DrugListSample.PriceHeadings, .. DrugListSample.PriceRows.Take(2)])), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(other, DrugListSample.Workbook(DrugListSample.Lines([DrugListSample.PriceHeadings, DrugListSample.PriceRows[2]])), TestContext.Current.CancellationToken);
        var availability = desk.File("ge.csv", DrugListSample.Availability);

        var taken = await desk.RunAsync("drugs", "import", "--price", one, other, "--availability", availability, "--from", "2025-07-16");
        var twice = await desk.RunAsync("drugs", "import", "--price", one, "--price", one, "--availability", availability, "--from", "2025-07-17");

        Assert.Contains("薬価 3 品目", taken.Output, StringComparison.Ordinal);
        Assert.Equal(1, twice.ExitCode);
        Assert.Contains("にもあります", twice.Error, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A_saving_is_explained_and_leaves_an_event(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await ImportAsync(desk, "2025-07-16", withMaster: true);
        await desk.RunAsync("members", "import", desk.File("list.csv", new ListText().Row().Text()));
        var portal = desk.Look();
        var society = Assert.Single(await SocietiesAsync(portal));
        var person = await portal.ReadAsync(society, db => db.Persons.SingleAsync());
        await portal.WriteAsync(society, db => db.ReceivedClaims.Add(Claim(person, "672452901 1 28;699999999 1 7")));

        var explained = await desk.RunAsync("drugs", "explain", "--card", "12-345-00", "--month", "2026-01");
        var one = await desk.RunAsync("drugs", "explain", "--card", "12-345-00", "--month", "2026-01", "--drug", "699999999");
        var early = await desk.RunAsync("drugs", "explain", "--card", "12-345-00", "--month", "2025-06");
        var wrong = await desk.RunAsync("drugs", "explain", "--card", "12-345-00", "--month", "2026/01");

        Assert.Equal((0, 0, 0, 2), (explained.ExitCode, one.ExitCode, early.ExitCode, wrong.ExitCode));
        Assert.Equal(
            """
            2026-01 診療分。医薬品の一覧: 2025年7月16日からの版。
            お知らせの基準: 軽減額 300 円以上、内服薬 14 日分以上、0 歳以上。お知らせしない薬効: 117 42、抗HIV薬。
            ■ オルメテックＯＤ錠２０ｍｇ（医薬品コード 672452901）
              請求: 調剤、1 × 28 回、自己負担 30 %
              選定療養の医薬品コード 672452901 は、先発医薬品 622452901 として計算します。
              薬価: 31.9 円（２０ｍｇ１錠）、薬価基準コード 2149044F6026、後発品の有無「2」
              候補: 薬価基準コードの先頭 9 文字 2149044F6 が同じ後発品（3）で、薬価が下がり、経過措置が終わっていないもの 2 品目
                10.4 円 オルメサルタンメドキソミル２０ｍｇ口腔内崩壊錠（2149044F6018）
                20.2 円 オルメサルタンＯＤ錠２０ｍｇ「ＤＳＥＰ」（2149044F6085）
              選定療養の特別の料金の目安（保険外）: 薬価の差 11.7 円 × 1/4 ＝ 2.925 円、消費税 0.2925 円（２０ｍｇ１錠につき）。軽減額には入れていません。
              現在の薬: 31.9 × 1 ÷ 10 ＝ 3.19 → 3 点（五捨五超入、1 点以上）× 28 回 × 10 ＝ 840 円
              最も安い候補: 10.4 × 1 ÷ 10 ＝ 1.04 → 1 点（五捨五超入、1 点以上）× 28 回 × 10 ＝ 280 円
              最も高い候補: 20.2 × 1 ÷ 10 ＝ 2.02 → 2 点（五捨五超入、1 点以上）× 28 回 × 10 ＝ 560 円
              軽減できる額（自己負担）: 約 84 円から約 168 円
              日数: 内服薬 28 日分（回数の合計）
              判定: お知らせしません。軽減額 168 円は基準の 300 円より少ないです。
            ■ （医薬品コード 699999999）
              請求: 調剤、1 × 7 回、自己負担 30 %
              判定: お知らせしません。医薬品マスターにないコードです。

            """.ReplaceLineEndings(Environment.NewLine),
            explained.Output);
        Assert.DoesNotContain("オルメテック", one.Output, StringComparison.Ordinal);
        Assert.Contains("使える医薬品の一覧がありません", early.Output, StringComparison.Ordinal);
        Assert.Equal(3, await portal.ReadAsync(society, db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.GenericSavingExplained && e.SubjectId == person.Id)));
    }

    private static Task<CommandResult> ImportAsync(
        CommandDesk desk, string from, bool withMaster = false, string? prices = null, string? availability = null)
    {
        string[] master = withMaster ? ["--master", desk.File("master.csv", DrugListSample.Master)] : [];
        return desk.RunAsync(
        [
            "drugs", "import", "--price", desk.File("price.csv", prices ?? DrugListSample.Prices),
            "--availability", desk.File("ge.csv", availability ?? DrugListSample.Availability), "--from", from, .. master,
        ]);
    }

    private static async Task<List<KenkoPortal.Core.Societies.Society>> SocietiesAsync(TestPortal portal)
    {
        await using var scope = portal.Services.GetRequiredService<KenkoPortal.Core.Societies.SocietyScopes>().OpenForScheduling();
        return await scope.ServiceProvider.GetRequiredService<KenkoPortal.Core.Societies.SocietyDirectory>().AllAsync(TestContext.Current.CancellationToken);
    }

    private static Task<DrugCatalogue?> CatalogueAsync(TestPortal portal, KenkoPortal.Core.Societies.Society society, TreatmentMonth month) =>
        portal.ReadAsync(society, db => portal.Services.GetRequiredService<DrugCatalogues>().AtAsync(db, month, TestContext.Current.CancellationToken));

    private static ReceivedClaim Claim(Person person, string drugs) => new()
    {
        SocietyId = person.SocietyId, SourceKey = "1", Fingerprint = 1, Month = new TreatmentMonth(2026, 1), Care = CareKind.Pharmacy, Number = "1",
        InstitutionKey = "1311234567", InstitutionName = "港薬局", SymbolKey = "12", NumberKey = "345", BirthDate = person.BirthDate, Sex = person.Sex,
        NameKey = person.KanaKey, PersonId = person.Id, Match = ClaimMatch.Matched, Days = 1,
        Amounts = new ClaimAmounts { TotalYen = 1000, PatientYen = 300, UpperBoundYen = 300, CorrectionYen = 0, HasPublicFunds = false }, PatientPercent = 30, Drugs = drugs, ChangedAt = DateTimeOffset.UnixEpoch,
    };
}

using System.Collections.Concurrent;
using System.Net;
using AngleSharp.Dom;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.MedicalCosts.Tax;
using KenkoPortal.Core.Printing;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>医療費通知 and ジェネリック通知 as their readers meet them.</summary>
public sealed class NoticePageTests
{
    [Theory, OnEveryDatabase]
    public async Task A_month_has_the_columns_of_the_notice_its_sums_and_what_is_unknown_as_an_upper_bound(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var notices = portal.Notices();
        await notices.CostAsync(person, "2026-04", "みなと病院", 120_000, 36_000, CareKind.MedicalInpatient, meal: 1_380, correction: -1_200, days: 5);
        await notices.CostAsync(person, "2026-04", "みなと薬局", 4_000, 1_200, CareKind.Pharmacy, days: 1);
        await notices.CostAsync(person, "2026-04", "公費内科", 5_000, patient: null);
        await notices.PublishAsync("2026-05");
        var (visitor, _) = await portal.MemberAsync(person, "minato-taro");
        var page = await visitor.OpenAsync("/medical-costs/2026-04");
        Assert.Equal("医療費通知（2026年4月診療分）", page.Heading);
        Assert.Equal(
            ["診療年月", "受診者", "診療区分", "医療機関名", "日数・回数", "医療費の総額", "保険者の負担額", "その他の公費の負担額", "窓口相当負担額", "食事・生活療養標準負担額", "備考"],
            page.Document.QuerySelectorAll("thead th").Select(h => h.TextContent));
        Assert.Equal(
            [
                "2026年4月|ご本人さん|医科入院|みなと病院|5日|120,000円|84,000円|0円|36,000円|1,380円|査定（-1,200円）",
                "2026年4月|ご本人さん|医科外来|公費内科|2日|5,000円|不明|不明|最大1,500円|なし|公費あり",
                "2026年4月|ご本人さん|調剤|みなと薬局|1回|4,000円|2,800円|0円|1,200円|なし|なし",
                "合計|129,000円|一部不明|一部不明|最大38,700円|1,380円|",
            ],
            RowsOf(page));
        Assert.Contains("窓口での負担は最大40,080円でした。公費などのため負担額が分からない診療が1件あり、いちばん高い場合の金額で数えています。", page.Text, StringComparison.Ordinal);
        Assert.Contains("「一部不明」の欄は、負担の分かれかたが分からない診療があるため、合計できません。", page.Text, StringComparison.Ordinal);
        Assert.Contains("領収書を5年間保管してください。", page.Text, StringComparison.Ordinal);
        Assert.Contains("次の医療費通知（2026年6月診療分）は、2026年10月20日ごろに掲載する予定です。", page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll(".kp-keep"));

        var next = page.Document.QuerySelector(".kp-ways [rel=next]")!.GetAttribute("href")!;
        Assert.Equal("/medical-costs/2026-05", next);
        Assert.Contains("2026年5月診療分の医療費は、ありません。", (await visitor.OpenAsync(next)).Text, StringComparison.Ordinal);
        Assert.Equal("医療費通知（2026年5月診療分）", (await visitor.OpenAsync("/medical-costs")).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task A_year_is_one_sentence_a_picture_the_table_and_what_it_covers(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var notices = portal.Notices();
        await notices.PublishAsync("2026-01");
        await notices.CostAsync(family[0], "2026-02", patient: 3_000);
        await notices.CostAsync(family[0], "2026-04", patient: 12_000, total: 40_000);
        await notices.CostAsync(family[1], "2026-04", patient: 1_500);
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        var (visitor, _) = await portal.MemberAsync(family[0], "minato-taro");
        var page = await visitor.OpenAsync("/medical-costs/2026");
        Assert.Contains("2026年1月〜2月、2026年4月診療分の窓口での負担額は、合計15,000円です。", page.Text, StringComparison.Ordinal);
        Assert.Equal(["2026年1月|0円|0円|0件", "2026年2月|3,000円|10,000円|1件", "2026年4月|12,000円|40,000円|1件", "合計|15,000円|50,000円|2件"], RowsOf(page));
        Assert.Contains("2026年3月、2026年5月〜7月診療分は、準備中です。", page.Text, StringComparison.Ordinal);
        Assert.Contains("12月診療分までそろうのは、2027年2月20日ごろの予定です。", page.Text, StringComparison.Ordinal);
        var picture = page.Document.QuerySelector("main svg[role=img]")!;
        Assert.Equal("2026年の月ごとの窓口での負担", picture.QuerySelector("title")!.TextContent);
        Assert.Contains("4月は12,000円。", picture.QuerySelector("desc")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, picture.QuerySelectorAll("rect.kp-bar-1").Length);

        page = await visitor.OpenAsync("/medical-costs/2026?household");
        Assert.Equal("2026年4月|12,000円|1,500円|13,500円", RowsOf(page)[2]);
        Assert.Equal(["ご本人さん", "妻さん"], page.Document.QuerySelectorAll(".kp-legend li").Select(l => l.TextContent.Trim()));
        Assert.Equal(3, page.Document.QuerySelectorAll("svg[role=img] rect.kp-bar-1, svg[role=img] > rect.kp-bar").Length);
        Assert.Equal(["/medical-costs/2026", $"/medical-costs/2026/{family[1].Id:N}", "/medical-costs/2026?household"], page.Document.QuerySelectorAll(".kp-tabs a").Select(a => a.GetAttribute("href")));
        Assert.Equal("ご家族みんな", page.Document.QuerySelector(".kp-tabs [aria-current]")!.TextContent.Trim());
        Assert.Equal(
            ["/medical-costs/2026.pdf?household", "/medical-costs/2026-form.tsv?household", "/medical-costs/2026.csv?household", "/medical-costs/2026/national?household"],
            page.Document.QuerySelectorAll(".kp-files a").Select(a => a.GetAttribute("href")));
    }

    [Theory, OnEveryDatabase]
    public async Task What_is_unknown_is_an_upper_bound_and_never_nothing_on_Home_in_the_years_sums_and_in_the_picture(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var notices = portal.Notices();
        await notices.CostAsync(family[0], "2026-06", patient: 1_000, total: 4_000);
        await notices.CostAsync(family[0], "2026-06", "公費内科", 20_710, patient: null);
        await notices.CostAsync(family[0], "2026-07", "公費内科", 5_000, patient: null, meal: 460);
        await notices.CostAsync(family[0], "2026-05", "公費保健所", 0, patient: null);
        await notices.CostAsync(family[1], "2026-06", patient: 500);
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        var (visitor, home) = await portal.MemberAsync(family[0], "minato-taro");
        Assert.Equal(
            ["2026年7月診療分 未読 窓口での負担 最大1,960円", "2026年6月診療分 未読 窓口での負担 最大7,213円", "2026年6月診療分（妻さん） 未読", "2026年5月診療分 未読 窓口での負担 不明"],
            ItemsOf(home));

        var page = await visitor.OpenAsync("/medical-costs/2026");
        Assert.Contains("窓口での負担額は、合計最大9,173円です。公費などのため負担額が分からない診療が3件あり、いちばん高い場合の金額で数えています。", page.Text, StringComparison.Ordinal);
        Assert.Equal(
            ["2026年5月|不明|0円|1件", "2026年6月|最大7,213円|24,710円|2件", "2026年7月|最大1,960円|5,000円|1件", "合計|最大9,173円|29,710円|4件"], RowsOf(page));
        var picture = page.Document.QuerySelector("main svg[role=img]")!;
        Assert.Contains("5月は不明。6月は最大7,213円。7月は最大1,960円。", picture.QuerySelector("desc")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["不明", "最大7,213円", "最大1,960円"], picture.QuerySelectorAll(".kp-chart-words").Skip(4).Take(3).Select(w => w.TextContent));
        Assert.Equal(2, picture.QuerySelectorAll("rect.kp-bar-1").Length);
        Assert.Contains("負担額が分からない3件は「要確認」と書かれ、合計に入っていません。", page.Text, StringComparison.Ordinal);

        page = await visitor.OpenAsync("/medical-costs/2026?household");
        Assert.Equal(["2026年5月|不明|0円|不明", "2026年6月|最大7,213円|500円|最大7,713円", "2026年7月|最大1,960円|0円|最大1,960円", "合計|最大9,173円|500円|最大9,673円"], RowsOf(page));

        page = await visitor.OpenAsync("/medical-costs/2026-07");
        Assert.Contains("窓口での負担は最大1,960円でした。", page.Text, StringComparison.Ordinal);
        Assert.Contains("最大1,500円", RowsOf(page)[0], StringComparison.Ordinal);
        Assert.DoesNotContain("「一部不明」", page.Text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Meals_whose_share_the_claim_does_not_tell_are_an_upper_bound_and_in_no_sum(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var notices = portal.Notices();
        await notices.CostAsync(person, "2026-04", "みなと歯科", 40_000, 12_000, CareKind.DentalInpatient, mealTotal: 5_520);
        await notices.CostAsync(person, "2026-04", "みなと内科", 10_000, 3_000);
        var (visitor, _) = await portal.MemberAsync(person, "minato-taro");

        var page = await visitor.OpenAsync("/medical-costs/2026-04");
        Assert.Contains("窓口での負担は最大20,520円でした。公費などのため負担額が分からない診療が1件あり", page.Text, StringComparison.Ordinal);
        Assert.Contains(RowsOf(page), row => row.Contains("みなと歯科", StringComparison.Ordinal) && row.Contains("|12,000円|最大5,520円|", StringComparison.Ordinal));
        Assert.Equal("合計|50,000円|35,000円|0円|15,000円|一部不明|", RowsOf(page)[^1]);
        Assert.Equal("2026年4月|最大20,520円|50,000円|2件", RowsOf(await visitor.OpenAsync("/medical-costs/2026"))[0]);

        var csv = await visitor.BytesAsync("/medical-costs/2026.csv");
        Assert.Contains("みなと歯科", csv, StringComparison.Ordinal);
        Assert.Contains("要確認", csv.Split('\n').Single(l => l.Contains("みなと歯科", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("要確認", csv.Split('\n').Single(l => l.Contains("みなと内科", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("みなと歯科", await visitor.BytesAsync("/medical-costs/2026-form.tsv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, 500, null)]
    [InlineData(500, 501, "最も多かった月は7月で、501円です。")]
    [InlineData(500, null, null)]
    [InlineData(4_000, null, "最も多かった月は6月で、4,000円です。")]
    public async Task The_month_of_the_most_is_told_where_it_is_one_and_certain(int june, int? july, string? told)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var notices = portal.Notices();
        foreach (var month in new[] { "2026-02", "2026-03", "2026-04", "2026-05" })
        {
            await notices.PublishAsync(month);
        }

        await notices.CostAsync(person, "2026-06", patient: june);
        await notices.CostAsync(person, "2026-07", patient: july);
        var (visitor, _) = await portal.MemberAsync(person, "minato-taro");
        var text = (await visitor.OpenAsync("/medical-costs/2026")).Text;
        Assert.Equal(told is not null, text.Contains("最も多かった月", StringComparison.Ordinal));
        Assert.Contains(told ?? "", text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task The_insured_without_a_nickname_of_his_own_is_not_called_by_the_word_that_means_who_reads(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var notices = portal.Notices();
        await notices.CostAsync(family[0], "2026-07");
        await notices.DrugAsync(family[0], "2026-07");
        await portal.DiscloseAsync(family[0], NoticeKind.MedicalCost, true);
        await portal.DiscloseAsync(family[0], NoticeKind.GenericDrug, true);
        var (hers, home) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        Assert.Contains("被保険者さんの2026年7月診療分の医療費通知を見られるようになりました。", home.Text, StringComparison.Ordinal);
        foreach (var address in new[] { "/", $"/medical-costs/2026-07/{family[0].Id:N}", "/medical-costs/2026?household", $"/generic-drugs/2026-07/{family[0].Id:N}", "/profile", $"/profile/{family[0].Id:N}" })
        {
            var page = await hers.OpenAsync(address);
            Assert.Contains("被保険者さん", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("ご本人さん", page.Text, StringComparison.Ordinal);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A_generic_notice_has_drugs_candidates_and_a_range_and_its_caveats(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var notices = portal.Notices();
        await notices.DrugAsync(person, "2026-04", "ミナトール錠5mg", 2_000, 600, 1_200);
        await notices.DrugAsync(person, "2026-04", "シオミール錠", 900, 300, 300);
        var (visitor, _) = await portal.MemberAsync(person, "minato-taro");
        var page = await visitor.OpenAsync("/generic-drugs");
        Assert.Equal("ジェネリック通知（2026年4月診療分）", page.Heading);
        Assert.Equal(
            [
                "2026年4月|ご本人さん|ミナトール錠5mg|84錠|2,000円|ミナトール錠5mg「架空」（薬価 10.1円）ミナトール錠5mg「見本」（薬価 15.3円）|約600円〜1,200円",
                "2026年4月|ご本人さん|シオミール錠|84錠|900円|シオミール錠「架空」（薬価 10.1円）シオミール錠「見本」（薬価 15.3円）|約300円",
                "合計|2,900円||約900円〜1,500円",
            ],
            RowsOf(page));
        Assert.Contains("選定療養", page.Text, StringComparison.Ordinal);
        Assert.Equal(["2026年4月|2種類|2,900円|約900円〜1,500円", "合計|2,900円|約900円〜1,500円"], RowsOf(await visitor.OpenAsync("/generic-drugs/2026")));
    }

    [Theory, OnEveryDatabase]
    public async Task Nothing_is_there_before_its_day_after_its_withdrawal_and_beyond_the_years_that_are_kept(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var notices = portal.Notices();
        var (visitor, home) = await portal.MemberAsync(person, "minato-taro");
        Assert.Contains("医療費通知はまだありません。次の通知（2026年8月診療分）は、2026年10月20日ごろに掲載する予定です。", home.Text, StringComparison.Ordinal);
        Assert.Contains("次の医療費通知（2026年8月診療分）は、2026年10月20日ごろに掲載する予定です。", (await visitor.OpenAsync("/medical-costs")).Text, StringComparison.Ordinal);
        await notices.CostAsync(person, "2020-12");
        await notices.CostAsync(person, "2021-01");
        await notices.CostAsync(person, "2026-07");
        await notices.PublishAsync("2026-08", new DateOnly(2026, 10, 6));
        await notices.CostAsync(person, "2026-08");
        var missing = await visitor.BytesAsync("/there-is-no-such-page");
        foreach (var address in new[]
        {
            "/medical-costs/2026-08", "/medical-costs/2026-09", "/medical-costs/2020-12", "/medical-costs/2020", "/medical-costs/2020.pdf", "/medical-costs/2026-13", "/medical-costs/2026-4",
            "/medical-costs/26", "/medical-costs/2026.xml", "/medical-costs/2026-form.csv", $"/medical-costs/2026-07/{Guid.CreateVersion7():N}", "/medical-costs/2026-07/x", "/generic-drugs/2026.pdf",
            $"/medical-costs/{person.Id:N}.pdf", "/medical-costs/2026/2026.pdf", $"/medical-costs/line/{Guid.CreateVersion7():N}",
        })
        {
            Assert.Equal(missing, await visitor.BytesAsync(address));
        }

        Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync("/medical-costs/2021-01")).Status);
        portal.Clock.Set(new DateTimeOffset(2026, 10, 5, 15, 0, 0, TimeSpan.Zero));
        await visitor.LogInAsync("minato-taro");
        Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync("/medical-costs/2026-08")).Status);
        await notices.WithdrawAsync("2026-08");
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.OpenAsync("/medical-costs/2026-08")).Status);
        Assert.Equal("医療費通知（2026年7月診療分）", (await visitor.OpenAsync("/medical-costs")).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task Home_tells_the_newest_thing_first_and_marks_what_is_unread_in_words(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var notices = portal.Notices();
        await notices.CostAsync(family[0], "2026-06");
        await notices.CostAsync(family[0], "2026-07", patient: 2_000);
        await notices.CostAsync(family[1], "2026-07", patient: 700);
        await notices.DrugAsync(family[0], "2026-07");
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        var (visitor, home) = await portal.MemberAsync(family[0], "minato-taro");
        Assert.Contains("2026年7月診療分の医療費通知が届いています。まだご覧になっていません。", home.Text, StringComparison.Ordinal);
        Assert.Equal(
            ["2026年7月診療分 未読 窓口での負担 2,000円", "2026年7月診療分（妻さん） 未読", "2026年6月診療分 未読 窓口での負担 3,000円", "2026年7月診療分 未読 軽減できる額 約1,200円まで"],
            ItemsOf(home));
        await visitor.OpenAsync("/medical-costs/2026-07");
        home = await visitor.OpenAsync("/");
        Assert.Equal("2026年7月診療分 窓口での負担 2,000円", ItemsOf(home)[0]);
        await visitor.OpenAsync($"/medical-costs/2026-07/{family[1].Id:N}");
        await visitor.OpenAsync("/generic-drugs");
        await visitor.OpenAsync("/medical-costs/2026");
        home = await visitor.OpenAsync("/");
        Assert.DoesNotContain("未読", home.Text, StringComparison.Ordinal);
        Assert.Contains("新しい通知はありません。次の通知（2026年8月診療分）は、2026年10月20日ごろに掲載する予定です。", home.Text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task I4_A_look_writes_its_sight_once_and_nothing_else_and_goes_on_when_that_cannot_be_written(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var notices = portal.Notices();
        await notices.CostAsync(family[0], "2026-04");
        await notices.DrugAsync(family[0], "2026-04");
        var (visitor, _) = await portal.MemberAsync(family[0], "minato-taro");
        var before = await WithoutSightsAsync(portal);
        foreach (var address in new[] { "/medical-costs", "/medical-costs/2026-04", "/medical-costs/2026", "/generic-drugs", "/generic-drugs/2026-04", "/generic-drugs/2026", "/", "/medical-costs/2026-04?household" })
        {
            Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync(address)).Status);
            Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync(address)).Status);
        }

        Assert.Equal(before, await WithoutSightsAsync(portal));
        var sights = await portal.ReadAsync(db => db.NoticeSights.AsNoTracking().ToListAsync());
        Assert.Equal(2, sights.Count);
        Assert.All(sights, s => Assert.Equal((family[0].Id, family[0].Id, portal.Clock.Now), (s.PersonId, s.ViewerId, s.SeenAt)));

        await portal.WriteAsync(db => db.NoticeSights.RemoveRange(db.NoticeSights));
        await ForbidSightsAsync(portal, kind);
        Assert.Contains("みなと内科", (await visitor.OpenAsync("/medical-costs/2026-04")).Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.CountAsync(db => db.NoticeSights));
    }

    [Theory, OnEveryDatabase]
    public async Task G2_Where_a_look_cannot_be_recorded_nothing_of_another_is_shown_and_no_file_handed_out(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var notices = portal.Notices();
        await notices.CostAsync(family[0], "2026-04");
        await notices.CostAsync(family[1], "2026-04");
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        var (visitor, _) = await portal.MemberAsync(family[0], "minato-taro");
        await ForbidSightsAsync(portal, kind);
        foreach (var address in new[] { $"/medical-costs/2026-04/{family[1].Id:N}", "/medical-costs/2026?household", "/medical-costs/2026.csv" })
        {
            var page = await visitor.OpenAsync(address);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
            Assert.DoesNotContain("みなと内科", page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync("/medical-costs/2026-04")).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task G2_Every_look_at_anothers_notice_and_every_file_leaves_an_event_with_its_reader(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "長男");
        var notices = portal.Notices();
        await notices.CostAsync(family[0], "2026-04");
        await notices.CostAsync(family[1], "2026-04");
        var childs = await notices.CostAsync(family[2], "2026-04");
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        var (visitor, _) = await portal.MemberAsync(family[0], "minato-taro");
        var account = await portal.AccountAsync(family[0]);
        await visitor.OpenAsync("/medical-costs/2026-04");
        Assert.Empty(await EventsAsync());
        await visitor.OpenAsync($"/medical-costs/2026-04/{family[1].Id:N}");
        portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await visitor.OpenAsync($"/medical-costs/2026-04/{family[1].Id:N}");
        await visitor.OpenAsync($"/medical-costs/2026/{family[2].Id:N}");

        // S5: what is looked at again within ten minutes is the same look.
        await visitor.OpenAsync($"/medical-costs/2026-04/{family[1].Id:N}");
        await visitor.OpenAsync($"/medical-costs/2026-04/{family[1].Id:N}");
        await visitor.OpenAsync("/medical-costs/2026.csv");
        await visitor.OpenAsync("/medical-costs/2026.csv");
        await visitor.OpenAsync("/medical-costs/2026-form.tsv?household");
        await visitor.OpenAsync($"/medical-costs/line/{childs.ClaimId:N}");
        Assert.Equal(
            [
                "NoticeDownloaded 本人 file=csv year=2026",
                "NoticeDownloaded 本人 file=form.tsv year=2026 family",
                "NoticeOfOtherRead 妻 kind=MedicalCost from=2026-04 to=2026-04",
                "NoticeOfOtherRead 妻 kind=MedicalCost from=2026-04 to=2026-04",
                "NoticeOfOtherRead 長男 kind=MedicalCost from=2026-04 to=2026-04",
            ],
            await EventsAsync());

        // Who asks the help desk who looked at her notices is told by the cards.
        var looks = await portal.AsStaffAsync(services => services.GetRequiredService<AuditReading>().ListAsync(
            new AuditQuestion(null, null, family[1].Id, AuditKind.NoticeOfOtherRead, 10), TestContext.Current.CancellationToken));
        var card = await portal.ReadAsync(db => db.InsuranceCards.SingleAsync(c => c.PersonId == family[0].Id));
        Assert.Equal(2, looks.Count);
        Assert.All(looks, l => Assert.Equal((family[1].Id, $"{card.Symbol}-{card.Number}-{card.Branch}"), (l.Event.SubjectId, l.By!.Card)));

        async Task<List<string>> EventsAsync()
        {
            var events = await portal.ReadAsync(db => db.AuditEvents.AsNoTracking()
                .Where(e => e.Kind == AuditKind.NoticeOfOtherRead || e.Kind == AuditKind.NoticeDownloaded).ToListAsync());
            Assert.All(events, e => Assert.Equal($"account:{account.Id}", e.Actor));
            return [.. events.Select(e => $"{e.Kind} {family.Single(p => p.Id == e.SubjectId).Relationship} {e.Detail}").Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public async Task Where_the_fonts_are_missing_the_years_PDF_is_503_in_words_until_they_are_installed_and_the_log_names_the_package()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var log = new ConcurrentQueue<string>();
        portal.Services.GetRequiredService<ILoggerFactory>().AddProvider(new ErrorLog(log));
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.Notices().CostAsync(person, "2026-04");
        var (visitor, _) = await portal.MemberAsync(person, "minato-taro");
        var print = portal.Services.GetRequiredService<TaxPrint>();
        var open = print.OpenFonts;
        print.OpenFonts = () => throw new LetterFontsMissingException(new IOException());

        var missing = await visitor.OpenAsync("/medical-costs/2026.pdf");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "PDFをただいま作れません"), (missing.Status, missing.Heading));
        Assert.Contains("組合にお問い合わせください", missing.Text, StringComparison.Ordinal);
        var line = Assert.Single(log);
        Assert.Contains("fonts-morisawa-bizud-gothic", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.Equal(0, await portal.CountAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.NoticeDownloaded)));

        Assert.SkipUnless(LetterFonts.AreInstalled(), "BIZ UDGothic is not installed");
        print.OpenFonts = open;
        Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync("/medical-costs/2026.pdf")).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task A13_Z2_Closing_acts_at_the_next_click_of_who_is_reading(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var notices = portal.Notices();
        await notices.CostAsync(family[1], "2026-04");
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        var address = $"/medical-costs/2026-04/{family[1].Id:N}";
        Assert.Contains("みなと内科", (await his.OpenAsync(address)).Text, StringComparison.Ordinal);
        var confirm = await (await hers.OpenAsync("/profile")).PressAsync("登録", ("医療費通知: 公開しない", "on"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Equal(await his.BytesAsync("/there-is-no-such-page"), await his.BytesAsync(address));
        Assert.Empty((await his.OpenAsync("/medical-costs/2026-04")).Document.QuerySelectorAll(".kp-tabs"));
    }

    [Theory, OnEveryDatabase]
    public async Task The_insured_reads_and_keeps_for_a_child_until_it_has_an_account_or_the_age(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "長男");
        var line = await portal.Notices().CostAsync(family[2], "2026-04");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        var address = $"/medical-costs/2026-04/{family[2].Id:N}";
        Assert.Contains("みなと内科", (await his.OpenAsync(address)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await hers.OpenAsync(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await hers.OpenAsync($"/medical-costs/line/{line.ClaimId:N}")).Status);
        await portal.DiscloseAsync(family[2], NoticeKind.MedicalCost, true);
        Assert.Contains("みなと内科", (await hers.OpenAsync(address)).Text, StringComparison.Ordinal);
        await (await his.OpenAsync($"/medical-costs/line/{line.ClaimId:N}")).PressAsync("家族に見せない", ("現在のパスワード", Journeys.Password));
        Assert.DoesNotContain("みなと内科", (await hers.OpenAsync(address)).Text, StringComparison.Ordinal);
        Assert.Contains("みなと内科", (await his.OpenAsync(address)).Text, StringComparison.Ordinal);
        await portal.DiscloseAsync(family[2], NoticeKind.MedicalCost, false);
        await portal.SetPersonAsync(family[2], p => p.BirthDate = new DateOnly(2011, 10, 5));
        Assert.Equal(HttpStatusCode.NotFound, (await his.OpenAsync(address)).Status);
    }

    [Fact]
    public async Task The_text_size_form_comes_back_to_the_page_of_notices_that_it_stood_on()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.Notices().CostAsync(family[1], "2026-04");
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        var (visitor, _) = await portal.MemberAsync(family[0], "minato-taro");
        foreach (var address in new[] { "/medical-costs/2026-04", "/medical-costs/2026?household", $"/medical-costs/2026-04/{family[1].Id:N}", "/generic-drugs/2026" })
        {
            using var response = await (await visitor.OpenAsync(address)).PressOnceAsync("大");
            Assert.Equal(address, response.Headers.Location?.OriginalString);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task Files_come_under_a_plain_name_and_are_stored_by_nobody(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.Notices().CostAsync(person, "2026-04", "=みなと内科");
        var (visitor, _) = await portal.MemberAsync(person, "minato-taro");
        foreach (var (address, name) in new[] { ("/medical-costs/2026.csv", "medical-costs-2026.csv"), ("/medical-costs/2026-form.tsv", "medical-costs-2026-form.tsv"), ("/medical-costs/2026.pdf", "medical-costs-2026.pdf") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await visitor.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(("attachment", name), (response.Content.Headers.ContentDisposition!.DispositionType, response.Content.Headers.ContentDisposition.FileName));
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(name.EndsWith(".pdf", StringComparison.Ordinal) || text.Contains("'=みなと内科", StringComparison.Ordinal), text);
        }
    }

    private static async Task<string> WithoutSightsAsync(WebPortal portal)
    {
        var stored = await StoredText.ReadAsync(portal.Database);
        var (from, to) = (stored.IndexOf("[NoticeSights]", StringComparison.Ordinal), stored.IndexOf("[OutboxMails]", StringComparison.Ordinal));
        return stored[..from] + stored[to..];
    }

    private static Task ForbidSightsAsync(WebPortal portal, DatabaseKind kind) => kind is DatabaseKind.Sqlite
        ? portal.WriteAsync(db => db.Database.ExecuteSqlRaw("""CREATE TRIGGER no_sight BEFORE INSERT ON "NoticeSights" BEGIN SELECT RAISE(ABORT, 'full'); END"""))
        : portal.Database.ExecuteAsAdminAsync("""
            CREATE FUNCTION no_sight() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$;
            CREATE TRIGGER no_sight BEFORE INSERT ON "NoticeSights" FOR EACH ROW EXECUTE FUNCTION no_sight();
            """);

    private static List<string> RowsOf(ShownPage page) =>
    [
        .. page.Document.QuerySelectorAll("main tbody tr, main tfoot tr").Select(row => string.Join('|', row.Children.Select(cell => Words(cell)))),
    ];

    private static List<string> ItemsOf(ShownPage home) => [.. home.Document.QuerySelectorAll(".kp-items li").Select(item =>
    {
        item.QuerySelector("time")!.Remove();
        return string.Join(' ', item.Children.Select(Words));
    })];

    private static string Words(IElement element) => string.Concat(element.TextContent.Split('\n').Select(line => line.Trim()));
}

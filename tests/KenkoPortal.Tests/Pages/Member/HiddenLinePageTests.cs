using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>Lines that a wife hides, and what her husband, whom she shows everything else, sees of them.</summary>
public sealed class HiddenLinePageTests
{
    [Theory, OnEveryDatabase]
    public async Task A15_A16_Z2_A_hidden_line_and_its_pharmacys_go_from_pages_sums_and_files_of_all_but_the_owner(DatabaseKind kind)
    {
        await using var couple = await Couple.StartAsync(kind);
        var (portal, wife, his, hers) = (couple.Portal, couple.Wife, couple.His, couple.Hers);
        await couple.CostAsync("みなと内科", 1_000);
        var clinic = await couple.CostAsync("ひみつ内科", 23_450);
        var pharmacy = await couple.CostAsync("ひみつ薬局", 3_000, CareKind.Pharmacy, prescriber: "ひみつ内科");
        await couple.CostAsync("みなと薬局", 500, CareKind.Pharmacy, prescriber: "みなと内科");
        await couple.Notices.CostAsync(wife, "2026-05", "ひみつ薬局", patient: 700, care: CareKind.Pharmacy, prescriber: "ひみつ内科");
        await couple.Notices.DrugAsync(wife, Couple.Month, "ヒミツール錠", line: pharmacy);

        var own = await hers.OpenAsync(Couple.MonthPage);
        var link = own.Document.QuerySelectorAll(".kp-keep a").Single(a => a.TextContent.Contains("ひみつ内科", StringComparison.Ordinal)).GetAttribute("href")!;
        Assert.Equal(Couple.PageOf(clinic), link);
        var line = await hers.OpenAsync(link);
        Assert.Contains("（ひみつ薬局）も、いっしょに見えなくなります。", line.Text, StringComparison.Ordinal);
        Assert.Equal(["現在のパスワードを入力してください。"], (await line.PressAsync("家族に見せない")).Errors);
        Assert.StartsWith("現在のパスワードが違います。", Assert.Single((await line.PressAsync("家族に見せない", ("現在のパスワード", "chigau-2026"))).Errors), StringComparison.Ordinal);
        Assert.Equal(0, await couple.HiddenAsync());
        line = await line.PressAsync("家族に見せない", ("現在のパスワード", Journeys.Password));
        Assert.Contains("この明細を、家族に見せないようにしました", line.Text, StringComparison.Ordinal);
        Assert.Contains("ご登録内容変更のお知らせ", await portal.SubjectsToAsync("hanako@example.jp"));

        foreach (var address in new[]
        {
            couple.HerMonthPage, "/medical-costs/2026-04?household", $"/medical-costs/2026/{wife.Id:N}", "/medical-costs/2026?household",
            $"/medical-costs/2026/{wife.Id:N}.csv", "/medical-costs/2026.csv?household", "/medical-costs/2026-form.tsv?household", $"/generic-drugs/2026-04/{wife.Id:N}", "/generic-drugs/2026?household", "/",
        })
        {
            var seen = await his.BytesAsync(address);
            foreach (var trace in new[] { "ひみつ内科", "ヒミツール", "23,450", "23450", "27,950", "28,650", "3,000円", ",3000,", "2026年4月診療分（妻さん） 未読 軽減" })
            {
                Assert.False(seen.Contains(trace, StringComparison.Ordinal), $"{address}: {trace}");
            }
        }

        Assert.Contains("1,500円", await couple.SeenAsync(), StringComparison.Ordinal);
        Assert.Contains("ひみつ薬局", (await his.OpenAsync($"/medical-costs/2026-05/{wife.Id:N}")).Text, StringComparison.Ordinal);
        own = await hers.OpenAsync(Couple.MonthPage);
        Assert.Contains("27,950円", own.Text, StringComparison.Ordinal);
        Assert.Contains("家族に見せていません（処方した医療機関を見せない設定のため）", own.Text, StringComparison.Ordinal);
        Assert.Contains("ヒミツール錠", (await hers.OpenAsync("/generic-drugs/2026-04")).Text, StringComparison.Ordinal);
        Assert.Equal(await his.BytesAsync("/there-is-no-such-page"), await his.BytesAsync(link));

        await couple.ShowAsync(clinic);
        Assert.Contains("27,950円", await couple.SeenAsync(), StringComparison.Ordinal);
        Assert.Equal(
            [AuditKind.LineHidden, AuditKind.LineShown],
            (await portal.ReadAsync(db => db.AuditEvents.Where(e => e.SubjectId == wife.Id && e.Detail == $"claim={clinic.ClaimId}").Select(e => e.Kind).ToListAsync())).Order());
    }

    [Theory, OnEveryDatabase]
    public async Task Z2_A_hidden_line_stays_hidden_when_its_claim_is_returned_and_billed_anew(DatabaseKind kind)
    {
        await using var couple = await Couple.StartAsync(kind);
        var clinic = await couple.CostAsync("ひみつ内科", 23_450);
        var other = await couple.CostAsync("ひみつ内科", 1_110, CareKind.MedicalInpatient);
        var pharmacy = await couple.CostAsync("ひみつ薬局", 3_000, CareKind.Pharmacy, prescriber: "ひみつ内科");
        await couple.HideAsync(clinic);

        await couple.PublishAnewAsync(notices => notices.AgainAsync(other));
        MedicalCostLine? anew = null;
        await couple.PublishAnewAsync(async notices =>
        {
            await notices.AgainAsync(other);
            await notices.AgainAsync(pharmacy);
            anew = await couple.CostAsync("ひみつ内科", 22_220);
        });

        var seen = await couple.SeenAsync();
        Assert.Contains("1,110円", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("22,220円", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("ひみつ薬局", seen, StringComparison.Ordinal);
        var link = (await couple.Hers.OpenAsync(Couple.MonthPage)).Document.QuerySelectorAll(".kp-keep")
            .Single(k => k.TextContent.Contains("家族に見せていません", StringComparison.Ordinal) && k.QuerySelector("a") is not null).QuerySelector("a")!.GetAttribute("href");
        Assert.Equal(Couple.PageOf(anew!), link);

        await couple.ShowAsync(anew!);
        seen = await couple.SeenAsync();
        Assert.Contains("22,220円", seen, StringComparison.Ordinal);
        Assert.Contains("ひみつ薬局", seen, StringComparison.Ordinal);
        Assert.Equal(0, await couple.HiddenAsync());
    }

    [Theory, OnEveryDatabase]
    public async Task Z2_A_hidden_line_takes_its_pharmacys_along_under_the_old_and_the_corrected_code_of_the_clinic(DatabaseKind kind)
    {
        await using var couple = await Couple.StartAsync(kind);
        var clinic = await couple.CostAsync("ひみつ内科", 23_450);
        var early = await couple.CostAsync("はじめ薬局", 3_000, CareKind.Pharmacy, prescriber: "ひみつ内科");
        await couple.HideAsync(clinic);

        await couple.PublishAnewAsync(async notices =>
        {
            await notices.AgainAsync(clinic, institution: "ただしい内科");
            await notices.AgainAsync(early);
            await couple.CostAsync("あとで薬局", 1_230, CareKind.Pharmacy, prescriber: "ただしい内科");
            await couple.CostAsync("みなと内科", 555);
        });

        var seen = await couple.SeenAsync();
        Assert.Contains("555円", seen, StringComparison.Ordinal);
        foreach (var trace in new[] { "ただしい内科", "はじめ薬局", "あとで薬局", "23,450", "1,230" })
        {
            Assert.DoesNotContain(trace, seen, StringComparison.Ordinal);
        }

        var line = await couple.Hers.OpenAsync(Couple.PageOf(clinic));
        Assert.Contains("はじめ薬局", line.Text, StringComparison.Ordinal);
        Assert.Contains("あとで薬局", line.Text, StringComparison.Ordinal);
        await couple.ShowAsync(clinic);
        Assert.Equal(0, await couple.HiddenAsync());
        Assert.Contains("28,235円", await couple.SeenAsync(), StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z2_Hidden_drugs_stay_hidden_while_a_corrected_claim_waits_to_be_published(DatabaseKind kind)
    {
        await using var couple = await Couple.StartAsync(kind);
        var clinic = await couple.CostAsync("ひみつ内科", 3_000);
        var pharmacy = await couple.CostAsync("ひみつ薬局", 3_000, CareKind.Pharmacy, prescriber: "ひみつ内科");
        await couple.Notices.DrugAsync(couple.Wife, Couple.Month, "ヒミツール錠", line: pharmacy);
        await couple.Notices.DrugAsync(couple.Wife, Couple.Month, "ミナトール錠");
        await couple.HideAsync(clinic);

        await couple.Portal.WriteAsync(db => db.ReceivedClaims.Single(c => c.Id == pharmacy.ClaimId).PrescriberKey = null);

        var seen = (await couple.His.OpenAsync($"/generic-drugs/2026-04/{couple.Wife.Id:N}")).Text;
        Assert.Contains("ミナトール錠", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("ヒミツール錠", seen, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z2_Showing_a_line_leaves_hidden_what_stood_beside_it(DatabaseKind kind)
    {
        await using var couple = await Couple.StartAsync(kind);
        var shown = await couple.CostAsync("ひみつ内科", 1_110);
        var kept = await couple.CostAsync("ひみつ内科", 22_220, CareKind.MedicalInpatient);
        await couple.HideAsync(shown);
        await couple.HideAsync(kept);

        await couple.PublishAnewAsync(notices => notices.AgainAsync(shown));
        await couple.ShowAsync(shown);
        await couple.PublishAnewAsync(async notices =>
        {
            await notices.AgainAsync(shown);
            await notices.AgainAsync(kept);
        });

        var seen = await couple.SeenAsync();
        Assert.Contains("1,110円", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("22,220", seen, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z2_A_claim_that_comes_back_is_hidden_as_the_one_was_that_had_its_place(DatabaseKind kind)
    {
        await using var couple = await Couple.StartAsync(kind);
        var first = await couple.CostAsync("ひみつ内科", 1_110);
        MedicalCostLine? second = null;
        await couple.PublishAnewAsync(async _ => second = await couple.CostAsync("ひみつ内科", 22_220));
        await couple.HideAsync(second!);

        await couple.PublishAnewAsync(async notices =>
        {
            await notices.AgainAsync(first);
            await couple.CostAsync("みなと内科", 555);
        });

        var seen = await couple.SeenAsync();
        Assert.Contains("555円", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("1,110", seen, StringComparison.Ordinal);
    }

    /// <summary>A couple with an account each. She shows him both of her notices; the notices of the tests are hers, and of one month.</summary>
    private sealed class Couple : IAsyncDisposable
    {
        public const string Month = "2026-04";
        public const string MonthPage = "/medical-costs/" + Month;

        private Couple(WebPortal portal, Person wife, Visitor his, Visitor hers) => (Portal, Wife, His, Hers, Notices) = (portal, wife, his, hers, portal.Notices());

        public WebPortal Portal { get; }

        public Person Wife { get; }

        public Visitor His { get; }

        public Visitor Hers { get; }

        public NoticesOf Notices { get; }

        /// <summary>Her month, for him.</summary>
        public string HerMonthPage => $"{MonthPage}/{Wife.Id:N}";

        public static async Task<Couple> StartAsync(DatabaseKind kind)
        {
            var portal = await WebPortal.StartAsync(kind);
            var family = await portal.AddHouseholdAsync("本人", "妻");
            await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
            await portal.DiscloseAsync(family[1], NoticeKind.GenericDrug, true);
            var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
            var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
            return new Couple(portal, family[1], his, hers);
        }

        /// <summary>The page on which she hides and shows a line.</summary>
        public static string PageOf(MedicalCostLine line) => $"/medical-costs/line/{line.ClaimId:N}";

        public Task<MedicalCostLine> CostAsync(string institution, int patient, CareKind care = CareKind.MedicalOutpatient, string? prescriber = null) =>
            Notices.CostAsync(Wife, Month, institution, patient: patient, care: care, prescriber: prescriber);

        public Task HideAsync(MedicalCostLine line) => PressAsync(line, "家族に見せない");

        public Task ShowAsync(MedicalCostLine line) => PressAsync(line, "家族に見せる");

        public Task<int> HiddenAsync() => Portal.CountAsync(db => db.HiddenClaims);

        /// <summary>What he sees of her month.</summary>
        public async Task<string> SeenAsync() => (await His.OpenAsync(HerMonthPage)).Text;

        /// <summary>The month computed and published once more, with these lines.</summary>
        public async Task PublishAnewAsync(Func<NoticesOf, Task> fill)
        {
            await Notices.DraftAsync(Month);
            await fill(Notices);
            await Portal.AsStaffAsync(services =>
                services.GetRequiredService<PublicationService>().PublishAsync(new TreatmentMonth(2026, 4), null, withMails: false, CancellationToken.None));
        }

        public ValueTask DisposeAsync() => Portal.DisposeAsync();

        private async Task PressAsync(MedicalCostLine line, string button) =>
            await (await Hers.OpenAsync(PageOf(line))).PressAsync(button, ("現在のパスワード", Journeys.Password));
    }
}

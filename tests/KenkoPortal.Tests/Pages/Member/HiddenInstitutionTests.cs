using System.Net;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>What a wife hides of a clinic, and what comes back of it as the line of a pharmacy, under another code or in a later month (S3).</summary>
public sealed class HiddenInstitutionTests
{
    private const string Code = "1105100";
    private const string Clinic = "しおみ皮ふ科";

    private static readonly (string Prefecture, string PointTable, string Code, string Name) Known = ("13", "1", Code, Clinic);

    private static Visit At(string number, string month, int points = 1000) => new(number, month, Code, Clinic, points);

    private static Visit Pharmacy(string number, string month, string name, params string[] prescribed) =>
        new(number, month, "4100000", name) { Kind = ClaimKind.Pharmacy, Prescriber = Known, Prescribed = prescribed };

    [Theory, OnEveryDatabase]
    public async Task Z10_A_hidden_clinic_does_not_come_back_as_the_line_of_a_pharmacy_in_a_later_month(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        Visit[] hidden =
        [
            Pharmacy("910000011", "202609", "翌月薬局", "20260831"),
            Pharmacy("910000012", "202609", "令和薬局", "5080831"),
            Pharmacy("910000013", "202609", "分割薬局", "20260902", "20260831"),
            Pharmacy("910000014", "202609", "空白薬局", ""),
            Pharmacy("910000015", "202609", "片方空白薬局", "20260902", ""),
            Pharmacy("910000016", "202609", "昨年薬局", "20250831"),
            Pharmacy("910000017", "202609", "未来薬局", "20261231"),
            Pharmacy("910000018", "202609", "県なし薬局", "20260831") with { Prescriber = ("", "", Code, "") },
            Pharmacy("910000019", "202609", "歯科表薬局", "20260831") with { Prescriber = ("13", "3", Code, "しおみ") },
            Pharmacy("910000020", "202609", "名前薬局", "20260831") with { Prescriber = ("", "", "", "医療法人　しおみ皮フ科") },
            Pharmacy("910000021", "202609", "無名薬局", "20260831") with { Prescriber = ("", "", "", "") },
            Pharmacy("910000022", "202609", "九番薬局", "20260831") with { Prescriber = ("13", "1", "9999999", "") },
            Pharmacy("910000023", "202609", "新番号薬局", "20260831") with { Prescriber = ("13", "1", "1105999", Clinic) },
            Pharmacy("910000024", "202608", "当月薬局", "20260805"),
        ];
        Visit[] shown =
        [
            Pharmacy("910000031", "202609", "九月薬局", "20260902"),
            Pharmacy("910000032", "202609", "よそ薬局", "20260831") with { Prescriber = ("13", "1", "1234567", "港中央病院") },
            Pharmacy("910000033", "202609", "隣県薬局", "20260831") with { Prescriber = ("14", "1", Code, "しおかぜ") },
            Pharmacy("910000034", "202609", "リフィル薬局", "20260610"),
            Pharmacy("910000035", "202607", "七月薬局", ""),
            At("910000036", "202609", 4321),
        ];
        await couple.DeliverAsync([At("910000001", "202608", 7654), At("910000002", "202606"), .. hidden, .. shown]);
        await couple.PublishAsync("2026-06", "2026-07", "2026-08", "2026-09");

        var page = await couple.Hers.OpenAsync(await couple.LinePageAsync("910000001"));
        Assert.Contains("翌月薬局の2026年9月診療分", page.Text, StringComparison.Ordinal);
        await couple.HideLineAsync("910000001");

        await AssertAsync(hidden, shown);
        await couple.HideLineAsync("910000002");

        // リフィル of June, and a prescription of July or before whose day is blank.
        await AssertAsync([.. hidden, shown[3], shown[4]], [.. shown.Where(v => v != shown[3] && v != shown[4])]);

        async Task AssertAsync(Visit[] gone, Visit[] there)
        {
            var seen = await couple.SeenAsync("2026-07", "2026-08", "2026-09");
            foreach (var (address, text) in seen)
            {
                Assert.All([.. gone.Select(v => v.Name), "76,540", "22,962"], trace => Assert.False(text.Contains(trace, StringComparison.Ordinal), $"{address}: {trace}"));
            }

            var csv = seen[$"/medical-costs/2026/{couple.Wife.Id:N}.csv"];
            Assert.All(there, visit => Assert.Contains(visit.Name, csv, StringComparison.Ordinal));
            Assert.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{there.Count(v => v.Month == "202609")}件"), seen[$"/medical-costs/2026/{couple.Wife.Id:N}"], StringComparison.Ordinal);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_An_institution_is_hidden_for_what_came_and_from_the_minute_of_publication_for_what_comes(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.DeliverAsync(At("910000001", "202607", 7654), new Visit("910000005", "202607", "1234567", "港中央病院", 111));
        await couple.PublishAsync("2026-07");

        var line = await couple.Hers.OpenAsync(await couple.LinePageAsync("910000001"));
        var link = line.Document.QuerySelectorAll("main a").Single(a => a.TextContent == $"{Clinic}をすべて家族に見せない").GetAttribute("href")!;
        var page = await couple.Hers.OpenAsync(link);
        Assert.Contains("いまは、ご家族がこの医療機関の明細を見られます。", page.Text, StringComparison.Ordinal);
        Assert.Equal(["現在のパスワードを入力してください。"], (await page.PressAsync("すべて家族に見せない")).Errors);
        page = await page.PressAsync("すべて家族に見せない", ("現在のパスワード", Journeys.Password));
        Assert.Contains("この医療機関を、家族に見せないようにしました", page.Text, StringComparison.Ordinal);
        Assert.Contains("いまは、この医療機関の明細を、すべてご家族に見せていません。", page.Text, StringComparison.Ordinal);
        Assert.Contains("ご登録内容変更のお知らせ", await couple.Portal.SubjectsToAsync("hanako@example.jp"));
        Assert.Equal(await couple.His.BytesAsync("/there-is-no-such-page"), await couple.His.BytesAsync(link));

        // The next months: the clinic, in and out, its dentist with the same code, its new code, and its pharmacies, long after; another clinic of the same code elsewhere.
        Visit[] hidden =
        [
            At("910000002", "202608", 7655),
            At("910000003", "202608", 7656) with { IsInpatient = true },
            new("910000004", "202608", Code, "しおみ歯科口腔外科", 7657) { Kind = ClaimKind.Dental },
            new("910000006", "202609", "1105999", "しおみ　皮フ科", 7658),
            Pharmacy("910000011", "202609", "あとの薬局", "20260301"),
            Pharmacy("910000012", "202609", "新番号薬局", "20260901") with { Prescriber = ("13", "1", "1105999", "") },
        ];
        Visit[] shown =
        [
            new("910000021", "202609", Code, "しおかぜ医院", 222) { Prefecture = "14" },
            Pharmacy("910000022", "202609", "よそ薬局", "20260831") with { Prescriber = ("13", "1", "1234567", "港中央病院") },
        ];
        await couple.DeliverAsync([.. hidden, .. shown]);
        await couple.PublishAsync("2026-08", "2026-09");

        var traces = hidden.Select(v => v.Name).Append(Clinic).Append("76,5").Append("2026年8月診療分（妻さん）").ToList();
        foreach (var (address, text) in await couple.SeenAsync("2026-07", "2026-08", "2026-09"))
        {
            Assert.All(traces, trace => Assert.False(text.Contains(trace, StringComparison.Ordinal), $"{address}: {trace}"));
        }

        Assert.All(shown, visit => Assert.Contains(visit.Name, couple.SeenAsync("2026-09").Result[$"/medical-costs/2026-09/{couple.Wife.Id:N}"], StringComparison.Ordinal));
        var own = await couple.Hers.OpenAsync("/medical-costs/2026-08");
        Assert.Contains("76,550円", own.Text, StringComparison.Ordinal);
        Assert.Contains("家族に見せていません", own.Text, StringComparison.Ordinal);
        Assert.Contains("いまは、この医療機関の明細を、すべてご家族に見せていません。", (await couple.Hers.OpenAsync(await couple.LinePageAsync("910000002"))).Text, StringComparison.Ordinal);

        // She finds it in the list, once, and shows it again there.
        var list = await couple.Hers.OpenAsync("/medical-costs/hidden");
        var item = Assert.Single(list.Document.QuerySelectorAll("tbody tr"));
        Assert.Contains("この医療機関のすべて", item.TextContent, StringComparison.Ordinal);
        list = await couple.PressAsync(item.QuerySelector("a")!.GetAttribute("href")!, "家族に見せる");
        Assert.Contains("この医療機関を、家族に見せるようにしました", list.Text, StringComparison.Ordinal);
        Assert.Contains("見せない設定にしたものはありません", list.Text, StringComparison.Ordinal);
        var csv = (await couple.SeenAsync())[$"/medical-costs/2026/{couple.Wife.Id:N}.csv"];
        Assert.All(hidden, visit => Assert.Contains(visit.Name, csv, StringComparison.Ordinal));
        Assert.Equal(
            new[] { AuditKind.InstitutionHidden, AuditKind.InstitutionShown }.Order(),
            (await couple.Portal.ReadAsync(db => db.AuditEvents
                .Where(e => e.SubjectId == couple.Wife.Id && (e.Kind == AuditKind.InstitutionHidden || e.Kind == AuditKind.InstitutionShown)).Select(e => e.Kind).ToListAsync())).Order());
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_A_claim_that_is_billed_anew_under_another_code_stays_hidden_and_is_shown_by_one_click(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.DeliverAsync(At("910000001", "202608", 7654), Pharmacy("910000011", "202609", "翌月薬局", "20260831"));
        await couple.PublishAsync("2026-08", "2026-09");
        await couple.HideLineAsync("910000001");

        await couple.ReturnAsync("910000001");
        await couple.DeliverAsync(new Visit("910000002", "202608", "1105999", "しおみ皮フ科", 7655));
        await couple.PublishAsync("2026-08");

        foreach (var (address, text) in await couple.SeenAsync("2026-08", "2026-09"))
        {
            Assert.All(["しおみ皮フ科", "翌月薬局", "76,5"], trace => Assert.False(text.Contains(trace, StringComparison.Ordinal), $"{address}: {trace}"));
        }

        await couple.PressAsync(await couple.LinePageAsync("910000002"), "家族に見せる");
        Assert.Equal(0, await couple.Portal.CountAsync(db => db.HiddenClaims));
        var csv = (await couple.SeenAsync())[$"/medical-costs/2026/{couple.Wife.Id:N}.csv"];
        Assert.Contains("しおみ皮フ科", csv, StringComparison.Ordinal);
        Assert.Contains("翌月薬局", csv, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_A_line_that_cannot_be_read_any_more_is_found_in_the_list_and_its_pharmacy_is_shown_again(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.DeliverAsync(At("910000001", "202608", 7654), Pharmacy("910000011", "202609", "翌月薬局", "20260831"), new Visit("910000002", "202608", "1234567", "港中央病院", 111));
        await couple.PublishAsync("2026-08", "2026-09");
        await couple.HideLineAsync("910000001");
        await couple.ReturnAsync("910000001");
        await couple.PublishAsync("2026-08");

        Assert.DoesNotContain("翌月薬局", (await couple.SeenAsync("2026-09"))[$"/medical-costs/2026-09/{couple.Wife.Id:N}"], StringComparison.Ordinal);
        var item = Assert.Single((await couple.Hers.OpenAsync("/medical-costs/hidden")).Document.QuerySelectorAll("tbody tr"));
        Assert.Contains("2026年8月診療分の明細", item.TextContent, StringComparison.Ordinal);
        await couple.PressAsync(item.QuerySelector("a")!.GetAttribute("href")!, "家族に見せる");

        Assert.Contains("翌月薬局", (await couple.SeenAsync("2026-09"))[$"/medical-costs/2026-09/{couple.Wife.Id:N}"], StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_A_drug_is_told_as_if_the_hidden_claims_had_never_been(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.AddDrugsAsync();
        var other = ("13", "1", "1234567", "港中央病院");
        await couple.DeliverAsync(
            At("910000001", "202608"),

            // 168 yen each: the 300 yen are reached together only.
            Pharmacy("910000011", "202608", "ひみつ薬局", "20260805"),
            Pharmacy("910000012", "202608", "みなと薬局", "20260806") with { Prescriber = other },

            // The hidden claim has a slip, for which its drug is not told to her. The other saves 504 yen.
            Pharmacy("910000013", "202608", "ひみつ薬局", "20260805") with { Drugs = [("620000021", "1", "0")] },
            Pharmacy("910000014", "202608", "みなと薬局", "20260807") with { Prescriber = other, Drugs = [("620000021", "1", "84")] });
        await couple.PublishAsync("2026-08");
        var page = $"/generic-drugs/2026-08/{couple.Wife.Id:N}";
        Assert.Equal(["品名620000001", "品名620000001"], await DrugsAsync(couple.His, page));

        await couple.HideLineAsync("910000001");

        Assert.Equal(["品名620000021"], await DrugsAsync(couple.His, page));
        Assert.Equal(["品名620000001", "品名620000001"], await DrugsAsync(couple.Hers, "/generic-drugs/2026-08"));
        Assert.Contains("1種類", (await couple.His.OpenAsync($"/generic-drugs/2026/{couple.Wife.Id:N}")).Text, StringComparison.Ordinal);
        Assert.Contains("2種類", (await couple.Hers.OpenAsync("/generic-drugs/2026")).Text, StringComparison.Ordinal);

        static async Task<List<string>> DrugsAsync(Visitor visitor, string page) =>
            [.. (await visitor.OpenAsync(page)).Document.QuerySelectorAll(".kp-drugs tbody th").Select(cell => cell.TextContent.Trim())];
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_Whatever_is_hidden_the_family_sees_a_world_in_which_it_never_was(DatabaseKind kind)
    {
        string[] months = ["2026-07", "2026-08", "2026-09"];
        foreach (var (seed, isCorrected) in new[] { (1, false), (2, true), (3, true), (8, true) })
        {
            await using var couple = await DeliveredCouple.StartAsync(kind);
            await couple.AddDrugsAsync();
            var world = new HidingWorld(seed);
            await couple.DeliverAsync([.. world.Visits]);
            await couple.PublishAsync("2026-07", "2026-08");
            foreach (var hidden in world.HiddenInstitutions)
            {
                await couple.HideInstitutionAsync(hidden);
            }

            foreach (var hidden in world.HiddenLines)
            {
                await couple.HideLineAsync(hidden);
            }

            // September comes after what was hidden.
            await couple.PublishAsync("2026-09");
            if (isCorrected)
            {
                var (come, returned) = world.Correct();
                foreach (var number in returned)
                {
                    await couple.ReturnAsync(number);
                }

                await couple.DeliverAsync(come);
                await couple.PublishAsync(months);
            }

            var seen = await couple.SeenAsync(months);
            var own = (await couple.Hers.OpenAsync("/medical-costs/2026")).Text;
            await couple.ForgetAsync(world.Gone, months);

            foreach (var (address, text) in await couple.SeenAsync(months))
            {
                Assert.True(text == seen[address], $"seed {seed}: {address} differs: {Difference(seen[address], text)}");
            }

            Assert.NotEmpty(world.Gone);
            Assert.NotEqual(own, (await couple.Hers.OpenAsync("/medical-costs/2026")).Text);
        }

        static string Difference(string seen, string without)
        {
            var (one, other) = (seen.Split('\n'), without.Split('\n'));
            return string.Join('\n', [.. one.Except(other, StringComparer.Ordinal).Select(line => "+" + line), .. other.Except(one, StringComparer.Ordinal).Select(line => "-" + line)]);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_A_mailbox_that_another_shares_is_not_told_of_a_month_of_which_all_is_hidden(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.DeliverAsync(At("910000001", "202607"), At("910000002", "202608"), At("910000003", "202609"), new Visit("910000004", "202609", "1234567", "港中央病院"));
        await couple.PublishAsync("2026-07");
        await couple.HideInstitutionAsync("910000001");
        var account = await couple.Portal.ReadAsync(db => db.MemberAccounts.Where(a => a.PersonId == couple.Wife.Id).Select(a => a.Id).SingleAsync());
        await couple.Portal.WriteAsync(db => db.AccountMailAddresses.Add(new Core.Accounts.AccountMailAddress
        {
            SocietyId = couple.Wife.SocietyId, AccountId = account, Slot = 2, Address = "taro@example.jp", AddressKey = "taro@example.jp", ConfirmedAt = couple.Portal.Clock.GetUtcNow(),
        }));

        Assert.Equal((1, 0), await ToldAsync());
        await couple.PublishAsync("2026-08");
        Assert.Equal((2, 0), await ToldAsync());
        await couple.PublishAsync("2026-09");
        Assert.Equal((3, 1), await ToldAsync());

        async Task<(int Hers, int Shared)> ToldAsync()
        {
            await couple.Portal.RunJobsAsync();
            return await couple.Portal.ReadAsync(async db => (
                await db.OutboxMails.CountAsync(m => m.AccountId == account && m.Template == Core.Publication.NoticeMail.TemplateName && m.ToAddress == "hanako@example.jp"),
                await db.OutboxMails.CountAsync(m => m.AccountId == account && m.Template == Core.Publication.NoticeMail.TemplateName && m.ToAddress == "taro@example.jp")));
        }
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_The_page_says_what_the_family_sees_now(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.DeliverAsync(At("910000001", "202608"), At("910000002", "202607"));
        await couple.PublishAsync("2026-07", "2026-08");
        var line = await couple.LinePageAsync("910000001");
        Assert.Contains("いまは、ご家族がこの明細を見られます。", (await couple.Hers.OpenAsync(line)).Text, StringComparison.Ordinal);

        await couple.Portal.DiscloseAsync(couple.Wife, Core.Sharing.NoticeKind.MedicalCost, false);
        Assert.Contains("ジェネリック通知は「公開する」にしているため、お薬の名前はご家族に見えています。", (await couple.Hers.OpenAsync(line)).Text, StringComparison.Ordinal);
        await couple.Portal.DiscloseAsync(couple.Wife, Core.Sharing.NoticeKind.GenericDrug, false);
        var page = await couple.Hers.OpenAsync(line);
        Assert.Contains("いまはどちらもご家族に見えていません。", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("見られます", page.Text, StringComparison.Ordinal);
        Assert.Contains("医療費通知は、ご家族に公開していません。", (await couple.Hers.OpenAsync("/medical-costs/2026-08")).Text, StringComparison.Ordinal);

        await couple.HideLineAsync("910000001");
        page = await couple.HideInstitutionAsync("910000002");
        Assert.Contains("1件ずつ見せない設定にした明細1件は、見せないままです。", page.Text, StringComparison.Ordinal);
        page = await couple.Hers.OpenAsync(line);
        Assert.Equal("この明細は家族に見せていません", page.Heading);
        Assert.Null(page.Document.QuerySelector("main form"));
        page = await couple.PressAsync(await couple.InstitutionPageAsync("910000002"), "家族に見せる");
        Assert.Contains("この医療機関を、家族に見せるようにしました", page.Text, StringComparison.Ordinal);
        Assert.Contains("いまは、この明細をご家族に見せていません。", (await couple.Hers.OpenAsync(line)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await couple.His.OpenAsync(line)).Status);
    }
}

using KenkoPortal.Claims;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>What a wife hides stays hidden when its claims are corrected, billed anew or found to be another's, and when old months are deleted.</summary>
public sealed class HiddenAgainTests
{
    private const string Code = "1105100";
    private const string Clinic = "しおみ皮ふ科";

    private static readonly (string Prefecture, string PointTable, string Code, string Name) Hidden = ("13", "1", Code, Clinic);
    private static readonly (string Prefecture, string PointTable, string Code, string Name) Other = ("13", "1", "1234567", "港中央病院");

    private static readonly Visit Shown = new("910000099", "202608", Other.Code, Other.Name, 111);

    private static Visit At(string number, string month, int points = 7654) => new(number, month, Code, Clinic, points);

    private static Visit Pharmacy(string number, string month, string code, string name, params string[] prescribed) =>
        new(number, month, code, name) { Kind = ClaimKind.Pharmacy, Prescriber = Hidden, Prescribed = prescribed };

    [Theory, OnEveryDatabase]
    public async Task Z10_A_claim_stays_hidden_when_a_correction_gives_it_another_institution_prescriber_or_day(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        var pharmacy = Pharmacy("910000011", "202608", "4100001", "かもめ薬局", "20260805");
        var later = Pharmacy("910000012", "202608", "4100002", "いそべ薬局", "20260806");
        await couple.DeliverAsync(At("910000001", "202608"), pharmacy, later, Shown);
        await couple.PublishAsync("2026-08");
        await couple.HideInstitutionAsync("910000001");

        (string, string, string, string) renamed = ("13", "1", "1105999", "うみかぜ美容外科");
        await couple.DeliverAsync(
            new Visit("910000001", "202608", "1105999", "うみかぜ美容外科", 7655),
            pharmacy with { Prescriber = Other },
            later with { Prescriber = Other, Prescribed = ["20260701"] },
            Pharmacy("910000013", "202609", "4100003", "あさひ薬局", "20260831") with { Prescriber = renamed },
            new Visit("910000098", "202609", Other.Code, Other.Name, 112));
        await couple.PublishAsync("2026-08", "2026-09");

        await AssertHiddenAsync(couple, "うみかぜ", "76,5", "かもめ薬局", "いそべ薬局", "あさひ薬局");

        // She shows each of them again by the list.
        var list = await couple.Hers.OpenAsync("/medical-costs/hidden");
        Assert.Equal(4, list.Document.QuerySelectorAll("tbody tr").Length);
        foreach (var number in new[] { "910000001", "910000011", "910000012" })
        {
            await couple.PressAsync(await couple.LinePageAsync(number), "家族に見せる");
        }

        var csv = (await couple.SeenAsync())[$"/medical-costs/2026/{couple.Wife.Id:N}.csv"];
        Assert.All(["うみかぜ", "かもめ薬局", "いそべ薬局", "あさひ薬局"], name => Assert.Contains(name, csv, StringComparison.Ordinal));

        // What she showed stays shown when the month is published once more.
        await couple.DeliverAsync(Shown with { Points = 115 });
        await couple.PublishAsync("2026-08");
        csv = (await couple.SeenAsync())[$"/medical-costs/2026/{couple.Wife.Id:N}.csv"];
        Assert.All(["うみかぜ", "かもめ薬局", "いそべ薬局", "あさひ薬局"], name => Assert.Contains(name, csv, StringComparison.Ordinal));
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_A_hidden_institution_stays_hidden_when_it_is_incorporated_renamed_and_gets_another_code(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.DeliverAsync(At("910000001", "202606"));
        await couple.PublishAsync("2026-06");
        await couple.HideInstitutionAsync("910000001");

        // It becomes a 医療法人; or it changes its name first and its code later.
        Visit[] hidden =
        [
            new("910000002", "202607", "1105999", "医療法人社団　青空会　しおみ皮フ科", 7655),
            new("910000003", "202608", Code, "うみかぜクリニック", 7656),
            new("910000004", "202609", "1105888", "うみかぜクリニック", 7657),
            Pharmacy("910000011", "202609", "4100001", "かもめ薬局", "20260905") with { Prescriber = ("13", "1", "1105888", "") },
            Pharmacy("910000012", "202609", "4100002", "いそべ薬局", "20260905") with { Prescriber = ("", "", "", "うみかぜクリニック") },
        ];
        Visit[] shown = [Shown, new("910000097", "202609", "1105777", "みさきしおみ皮フ科", 113), new("910000096", "202609", "1105666", "青空会うみかぜ皮フ科", 114)];
        await couple.DeliverAsync([.. hidden, .. shown]);
        await couple.PublishAsync("2026-07", "2026-08", "2026-09");

        await AssertHiddenAsync(couple, "医療法人", "うみかぜクリニック", "76,5", "かもめ薬局", "いそべ薬局");
        var csv = (await couple.SeenAsync())[$"/medical-costs/2026/{couple.Wife.Id:N}.csv"];
        Assert.All(shown, visit => Assert.Contains(visit.Name, csv, StringComparison.Ordinal));

        // It is one entry of the list, and one click shows all of it.
        Assert.Single((await couple.Hers.OpenAsync("/medical-costs/hidden")).Document.QuerySelectorAll("tbody tr"));
        Assert.Contains("いまは、この医療機関の明細を、すべてご家族に見せていません。", (await couple.Hers.OpenAsync(await couple.LinePageAsync("910000004"))).Text, StringComparison.Ordinal);
        var list = await couple.PressAsync(await couple.InstitutionPageAsync("910000004"), "家族に見せる");
        Assert.Contains("この医療機関を、家族に見せるようにしました", list.Text, StringComparison.Ordinal);
        Assert.Empty((await couple.Hers.OpenAsync("/medical-costs/hidden")).Document.QuerySelectorAll("tbody tr"));
        csv = (await couple.SeenAsync())[$"/medical-costs/2026/{couple.Wife.Id:N}.csv"];
        Assert.All(hidden, visit => Assert.Contains(visit.Name, csv, StringComparison.Ordinal));
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_A_claim_of_a_pharmacy_stays_hidden_when_it_is_billed_anew_for_another_prescriber(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        var pharmacy = Pharmacy("910000011", "202608", "4100001", "かもめ薬局", "20260805");
        await couple.DeliverAsync(At("910000001", "202608"), pharmacy, Shown);
        await couple.PublishAsync("2026-08");
        await couple.HideLineAsync("910000001");

        // The month is published without it before it comes again.
        await couple.ReturnAsync("910000011");
        await couple.PublishAsync("2026-08");
        await couple.DeliverAsync(pharmacy with { Number = "910000012", Prescriber = Other });
        await couple.PublishAsync("2026-08");

        await AssertHiddenAsync(couple, Clinic, "かもめ薬局");
        await couple.PressAsync(await couple.LinePageAsync("910000012"), "家族に見せる");
        Assert.Contains("かもめ薬局", (await couple.SeenAsync())[$"/medical-costs/2026/{couple.Wife.Id:N}.csv"], StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_A_hidden_claim_that_is_found_to_be_another_persons_stays_hidden_until_that_person_shows_it(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.Portal.DiscloseAsync(couple.Husband, NoticeKind.MedicalCost, true);
        var pharmacy = Pharmacy("910000011", "202608", "4100001", "かもめ薬局", "20260805");
        await couple.DeliverAsync(At("910000001", "202608"), pharmacy, Shown);
        await couple.PublishAsync("2026-08");
        await couple.HideLineAsync("910000001");

        await couple.DeliverAsync(At("910000001", "202608") with { IsHis = true }, pharmacy with { IsHis = true }, new Visit("910000098", "202608", Other.Code, Other.Name, 112) { IsHis = true });
        await couple.PublishAsync("2026-08");

        var seen = await couple.Hers.BytesAsync($"/medical-costs/2026/{couple.Husband.Id:N}.csv");
        Assert.Contains(Other.Name, seen, StringComparison.Ordinal);
        Assert.DoesNotContain(Clinic, seen, StringComparison.Ordinal);
        Assert.DoesNotContain("かもめ薬局", seen, StringComparison.Ordinal);
        Assert.Contains("家族に見せていません", (await couple.His.OpenAsync("/medical-costs/2026-08")).Text, StringComparison.Ordinal);

        // It is hers after all, and was hidden all the time.
        await couple.DeliverAsync(At("910000001", "202608"), pharmacy);
        await couple.PublishAsync("2026-08");
        await AssertHiddenAsync(couple, Clinic, "かもめ薬局", "76,5");
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_A_line_whose_month_is_deleted_still_hides_its_pharmacy_in_the_next_month(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.DeliverAsync(
            At("910000001", "202112"),
            Pharmacy("910000011", "202201", "4100001", "かもめ薬局", "20211228"),
            Pharmacy("910000012", "202201", "4100002", "いそべ薬局", ""),
            Shown with { Month = "202201" });
        await couple.PublishAsync("2021-12", "2022-01");
        await couple.HideLineAsync("910000001");

        couple.Portal.Clock.Set(new DateTimeOffset(2027, 1, 10, 1, 0, 0, TimeSpan.Zero));
        await couple.Portal.RunJobsAsync();

        Assert.False(await couple.Portal.ReadAsync(db => db.MedicalCostLines.AnyAsync(l => l.Month < new TreatmentMonth(2022, 1))));
        await couple.His.LogInAsync("minato-taro");
        var page = (await couple.His.OpenAsync($"/medical-costs/2022-01/{couple.Wife.Id:N}")).Text;
        Assert.Contains(Other.Name, page, StringComparison.Ordinal);
        Assert.DoesNotContain("かもめ薬局", page, StringComparison.Ordinal);
        Assert.DoesNotContain("いそべ薬局", page, StringComparison.Ordinal);

        // No prescription is good for longer: then it is deleted too.
        couple.Portal.Clock.Set(new DateTimeOffset(2028, 1, 10, 1, 0, 0, TimeSpan.Zero));
        await couple.Portal.RunJobsAsync();
        Assert.Equal(0, await couple.Portal.CountAsync(db => db.HiddenClaims));
    }

    [Theory, OnEveryDatabase]
    public async Task Z10_A_shared_mailbox_gets_no_mail_when_all_is_hidden_of_the_kind_of_which_mails_are_wanted(DatabaseKind kind)
    {
        await using var couple = await DeliveredCouple.StartAsync(kind);
        await couple.AddDrugsAsync();
        (string, string, string)[] drugs = [("620000001", "1", "84")];
        await couple.DeliverAsync(
            At("910000001", "202607"), Pharmacy("910000011", "202607", "4100001", "かもめ薬局", "20260705") with { Drugs = drugs },
            Pharmacy("910000021", "202608", "4100001", "かもめ薬局", "20260705") with { Drugs = drugs }, Shown,
            Pharmacy("910000031", "202609", "4100002", "いそべ薬局", "20260905") with { Drugs = drugs, Prescriber = Other });
        await couple.PublishAsync("2026-07");
        await couple.HideInstitutionAsync("910000001");
        var account = await couple.Portal.ReadAsync(db => db.MemberAccounts.Where(a => a.PersonId == couple.Wife.Id).Select(a => a.Id).SingleAsync());
        await couple.Portal.WriteAsync(db =>
        {
            db.Persons.Single(p => p.Id == couple.Wife.Id).MedicalCostMail = false;
            db.AccountMailAddresses.Add(new AccountMailAddress
            {
                SocietyId = couple.Wife.SocietyId, AccountId = account, Slot = 2, Address = "taro@example.jp", AddressKey = "taro@example.jp", ConfirmedAt = couple.Portal.Clock.GetUtcNow(),
            });
        });

        // In August she has a drug that is hidden, and a visit that is not.
        await couple.PublishAsync("2026-08");
        Assert.Equal(["hanako@example.jp", "hanako@example.jp"], await ToldAsync());
        await couple.PublishAsync("2026-09");
        Assert.Equal(["hanako@example.jp", "hanako@example.jp", "hanako@example.jp", "taro@example.jp"], await ToldAsync());

        async Task<List<string>> ToldAsync()
        {
            await couple.Portal.RunJobsAsync();
            return await couple.Portal.ReadAsync(db => db.OutboxMails.Where(m => m.AccountId == account && m.Template == NoticeMail.TemplateName).OrderBy(m => m.ToAddress).Select(m => m.ToAddress).ToListAsync());
        }
    }

    private static async Task AssertHiddenAsync(DeliveredCouple couple, params string[] traces)
    {
        var seen = await couple.SeenAsync("2026-08", "2026-09");
        foreach (var (address, text) in seen)
        {
            Assert.All(traces, trace => Assert.False(text.Contains(trace, StringComparison.Ordinal), $"{address}: {trace}"));
        }

        Assert.Contains(Other.Name, seen[$"/medical-costs/2026/{couple.Wife.Id:N}.csv"], StringComparison.Ordinal);
    }
}

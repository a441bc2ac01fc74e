using System.IO.Compression;
using System.Net;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>Q7: the file in the national portal's form asks for the password, since it alone holds 記号・番号.</summary>
public sealed class NationalFileTests
{
    [Theory, OnEveryDatabase]
    public async Task The_file_comes_after_the_password_with_an_event_and_holds_the_card(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var notices = portal.Notices();
        await notices.CostAsync(family[0], "2026-04", "みなと病院", 10_000, 3_000);
        await notices.CostAsync(family[1], "2026-04", "ひみつ内科", 20_000, 6_000);
        var (visitor, _) = await portal.MemberAsync(family[0], "minato-taro");

        var page = await visitor.OpenAsync("/medical-costs/2026/national");
        Assert.Contains("保険証の記号・番号・枝番が入ります", page.Text, StringComparison.Ordinal);
        Assert.Contains("現在のパスワード", (await page.PressAsync("保存する")).Text, StringComparison.Ordinal);
        Assert.NotEmpty((await page.PressAsync("保存する", ("現在のパスワード", "wrong-1-password"))).Errors);
        var file = await page.PressOnceAsync("保存する", ("現在のパスワード", Journeys.Password));
        Assert.Equal("text/csv", file.Content.Headers.ContentType!.MediaType);
        Assert.Matches("^医療費情報_[0-9]{17}\\.csv$", file.Content.Headers.ContentDisposition!.FileNameStar);
        var text = await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var card = await portal.ReadAsync(db => db.InsuranceCards.SingleAsync(c => c.PersonId == family[0].Id));
        Assert.Contains($"\"被保険者証等番号\",\"{card.Number}\"", text, StringComparison.Ordinal);
        Assert.Contains("みなと病院", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ひみつ内科", text, StringComparison.Ordinal);
        Assert.Equal(1, await portal.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.NoticeDownloaded && e.Detail!.Contains("file=national"))));

        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        page = await visitor.OpenAsync("/medical-costs/2026/national?household");
        file = await page.PressOnceAsync("保存する", ("現在のパスワード", Journeys.Password));
        using var zip = new ZipArchive(await file.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, zip.Entries.Count);
    }

    [Theory, OnEveryDatabase]
    public async Task Z1_The_national_file_of_who_does_not_share_is_the_page_that_does_not_exist(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.Notices().CostAsync(family[1], "2026-04", "ひみつ内科", 20_000, 6_000);
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        var (visitor, _) = await portal.MemberAsync(family[0], "minato-taro");
        var page = await visitor.OpenAsync($"/medical-costs/2026/national/{family[1].Id:N}");
        Assert.Equal(HttpStatusCode.OK, page.Status);

        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, false);
        Assert.Equal(HttpStatusCode.NotFound, (await page.PressOnceAsync("保存する", ("現在のパスワード", Journeys.Password))).StatusCode);
        Assert.Equal(await visitor.BytesAsync("/there-is-no-such-page"), await visitor.BytesAsync($"/medical-costs/2026/national/{family[1].Id:N}"));
        Assert.Equal(await visitor.BytesAsync("/there-is-no-such-page"), await visitor.BytesAsync($"/medical-costs/2025/national"));
    }
}

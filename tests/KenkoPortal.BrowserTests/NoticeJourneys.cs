using KenkoPortal.BrowserTests.Support;
using KenkoPortal.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KenkoPortal.BrowserTests;

/// <summary>医療費通知 and ジェネリック通知, from Home to the tax return.</summary>
public sealed class NoticeJourneys(Stage stage)
{
    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task A_member_reads_a_month_the_year_and_what_the_family_shares_until_it_is_closed(Device device)
    {
        await using var his = await stage.VisitAsync(device);
        await using var hers = await stage.VisitAsync(Device.Phone);
        var portal = his.Portal;
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.Notices.AddAsync([.. family]);
        var (month, year) = (portal.Notices.Newest, portal.Notices.Newest.Year);
        await hers.BecomeMemberAsync(family[1], $"kokai-{device}", $"kokai-{device}@example.jp");
        await hers.OpenAsync("/profile");
        await hers.Page.GetByRole(AriaRole.Group, new() { Name = "医療費通知", Exact = true }).GetByLabel("公開する").CheckAsync();
        await hers.PressAsync("登録");
        await hers.SubmitAsync("登録", ("現在のパスワード", BrowserVisitor.Password));
        await hers.SeeAsync("登録しました");

        await his.BecomeMemberAsync(family[0], $"yomu-{device}", $"yomu-{device}@example.jp");
        await his.SeeAsync($"{year}年{month.Month}月診療分の医療費通知が届いています。まだご覧になっていません。");
        await his.PressAsync(his.Page.GetByRole(AriaRole.Link, new() { Name = $"{year}年{month.Month}月診療分", Exact = true }).First);
        await his.SeeHeadingAsync($"医療費通知（{year}年{month.Month}月診療分）");
        await his.SeeAsync("みなと内科クリニック");
        await his.PressAsync($"{year}年のまとめ");
        await his.SeeHeadingAsync($"医療費通知（{year}年）");
        await Expect(his.Page.GetByRole(AriaRole.Img, new() { Name = $"{year}年の月ごとの窓口での負担" })).ToBeVisibleAsync();

        await his.PressAsync("妻さん");
        await Expect(his.Page.Locator(".kp-tabs [aria-current]")).ToHaveTextAsync("妻さん");
        await his.PressAsync("ご家族みんな");
        await Expect(his.Page.Locator(".kp-legend")).ToContainTextAsync("妻さん");
        await his.PressAsync("妻さん");
        await his.PressAsync(his.Page.Locator(".kp-ways li:last-child a"));
        await his.SeeAsync("汐見レディースクリニック");

        await hers.OpenAsync("/profile");
        await hers.Page.GetByRole(AriaRole.Group, new() { Name = "医療費通知", Exact = true }).GetByLabel("公開しない").CheckAsync();
        await hers.PressAsync("登録");
        await hers.SubmitAsync("登録", ("現在のパスワード", BrowserVisitor.Password));
        await hers.SeeAsync("登録しました");
        await his.PressAsync(his.Page.Locator(".kp-ways [rel=prev]"));
        await his.SeeHeadingAsync("ページが見つかりません");
        await his.OpenAsync($"/medical-costs/{month}");
        await Expect(his.Page.Locator(".kp-tabs")).ToHaveCountAsync(0);
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task A_member_takes_the_years_notice_to_the_tax_office(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        var portal = visitor.Portal;
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.Notices.AddAsync([.. family]);
        var (month, year) = (portal.Notices.Newest, portal.Notices.Newest.Year);
        await visitor.BecomeMemberAsync(family[0], $"zei-{device}", $"zei-{device}@example.jp");
        await visitor.OpenAsync($"/medical-costs/{year}");
        foreach (var (words, name) in new[]
        {
            ("医療費通知（PDF）を保存する", $"medical-costs-{year}.pdf"),
            ("医療費集計フォーム用データを保存する", $"medical-costs-{year}-form.tsv"),
            ("明細（CSV）を保存する", $"medical-costs-{year}.csv"),
        })
        {
            var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.PressAsync(words));
            Assert.Equal(name, download.SuggestedFilename);
            Assert.True(new FileInfo((await download.PathAsync())!).Length > 100);
            await download.SaveAsAsync(Path.Combine(Papers(portal), $"{device}-{name}"));
        }

        await visitor.PressAsync("マイナポータル形式のCSVへ");
        var national = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.SubmitAsync("保存する", ("現在のパスワード", BrowserVisitor.Password)));
        Assert.Matches("^医療費情報_[0-9]{17}[.]csv$", national.SuggestedFilename);

        // On paper: the notice whole, nothing to press.
        await visitor.OpenAsync($"/medical-costs/{month}");
        await visitor.Page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (var hidden in new[] { ".kp-nav", ".kp-size", ".kp-ways", ".kp-keep" })
        {
            await Expect(visitor.Page.Locator(hidden).First).ToBeHiddenAsync();
        }

        await Expect(visitor.Page.Locator("table.kp-lines")).ToBeVisibleAsync();
        Assert.SkipUnless(Tool.Exists("pdftotext"), "pdftotext is not installed");
        var file = Path.Combine(Papers(portal), $"{device}-print.pdf");
        await visitor.Page.PdfAsync(new() { Path = file, PreferCSSPageSize = true });
        var text = Tool.Run("pdftotext", "-layout", file, "-").Output;
        Assert.Contains("みなと内科クリニック", text, StringComparison.Ordinal);
        Assert.Contains("合計", text, StringComparison.Ordinal);
        Assert.Contains("領収書を5年間保管", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ログアウト", text, StringComparison.Ordinal);
        Assert.DoesNotContain("家族に見せない", text, StringComparison.Ordinal);

        // Finding A1 of the members' pages: the year's total stands once, below all of its months.
        await visitor.OpenAsync($"/medical-costs/{year}");
        file = Path.Combine(Papers(portal), $"{device}-print-year.pdf");
        await visitor.Page.PdfAsync(new() { Path = file, PreferCSSPageSize = true });
        var lines = Tool.Run("pdftotext", "-layout", file, "-").Output.Split('\n').Select(l => l.Trim()).ToList();
        var total = Assert.Single(lines, l => l.StartsWith("合計", StringComparison.Ordinal));
        Assert.True(lines.FindLastIndex(l => l.StartsWith($"{year}年", StringComparison.Ordinal) && l.EndsWith('件')) < lines.IndexOf(total));
    }

    /// <summary>Where papers go, for people to look at as at the pictures of all pages.</summary>
    private static string Papers(BrowserPortal portal) => Environment.GetEnvironmentVariable("KENKO_SCREENSHOTS") ?? portal.Folder;

    [Fact]
    public async Task Everything_works_without_scripts()
    {
        await using var visitor = await stage.VisitAsync(Device.Phone, hasScripts: false);
        var portal = visitor.Portal;
        var family = await portal.AddHouseholdAsync("本人", "妻", "長男");
        await portal.Notices.AddAsync([.. family]);
        var month = portal.Notices.Newest;
        await visitor.BecomeMemberAsync(family[0], "nashi-nashi", "nashi@example.jp");
        await visitor.OpenAsync($"/medical-costs/{month}?household");
        await visitor.SeeAsync("みなと内科クリニック");
        await visitor.PressAsync("長男さん");
        await visitor.SeeAsync($"長男さんの{month.Year}年{month.Month}月診療分の医療費は、ありません。");
        await visitor.OpenAsync($"/generic-drugs/{month}");
        await visitor.SeeAsync("アムロジンみなと錠5mg");
        await visitor.OpenAsync($"/medical-costs/{month.Year}");
        await Expect(visitor.Page.Locator("main svg[role=img]")).ToBeVisibleAsync();
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.PressAsync(visitor.Page.Locator(".kp-files a").First));
        Assert.Equal($"medical-costs-{month.Year}.pdf", download.SuggestedFilename);
        await visitor.OpenAsync("/news");
        await visitor.SeeHeadingAsync("健保組合からのお知らせ");
        await visitor.OpenAsync($"/medical-costs/{month}");
        await visitor.PressAsync(visitor.Page.Locator(".kp-keep a").First);
        await visitor.SubmitAsync("家族に見せない", ("現在のパスワード", BrowserVisitor.Password));
        await visitor.SeeAsync("この明細を、家族に見せないようにしました");
        await visitor.PressAsync("医療費通知へ戻る");
        await Expect(visitor.Page.Locator(".kp-keep").First).ToContainTextAsync("家族に見せていません");
        await visitor.OpenAsync($"/medical-costs/{month}?household");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "大", Exact = true }).TapAsync();
        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-size", "l");
        Assert.EndsWith($"/medical-costs/{month}?household", visitor.Page.Url, StringComparison.Ordinal);
    }
}

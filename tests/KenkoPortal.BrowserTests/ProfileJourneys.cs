using KenkoPortal.BrowserTests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KenkoPortal.BrowserTests;

/// <summary>プロフィール設定.</summary>
public sealed class ProfileJourneys(Stage stage)
{
    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task A_new_address_counts_once_its_mail_was_answered(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        var portal = visitor.Portal;
        var (loginId, address, newAddress) = ($"profile-{device}", $"profile-{device}@example.jp", $"profile-{device}-new@example.jp");
        await visitor.BecomeMemberAsync((await portal.AddHouseholdAsync("本人", "妻", "長男"))[0], loginId, address);
        await visitor.OpenAsync("/profile");
        await visitor.SeeHeadingAsync("プロフィール設定(ご本人さん)");
        foreach (var tab in new[] { "ご本人さん", "妻さん", "長男さん" })
        {
            await Expect(visitor.Page.GetByRole(AriaRole.Navigation, new() { Name = "ご家族の切り替え" }).GetByRole(AriaRole.Link, new() { Name = tab })).ToBeVisibleAsync();
        }

        await visitor.Field("ジェネリック通知更新メール通知").UncheckAsync();
        await visitor.SubmitAsync("登録", ("ニックネーム", "はまのたろう"), ("メールアドレス2", newAddress));
        await visitor.SeeHeadingAsync("現在のパスワード");
        await visitor.SubmitAsync("登録", ("現在のパスワード", "chigau-2026"));
        await visitor.SeeErrorAsync("現在のパスワード", "現在のパスワードが違います。");
        await visitor.SubmitAsync("登録", ("現在のパスワード", BrowserVisitor.Password));
        await visitor.SeeHeadingAsync("プロフィール設定(はまのたろうさん)");
        await visitor.SeeAsync("登録しました");
        await visitor.SeeAsync($"{newAddress} は確認待ちです。");
        await Expect(visitor.Field("メールアドレス2")).ToHaveValueAsync("");
        await Expect(visitor.Field("ジェネリック通知更新メール通知")).Not.ToBeCheckedAsync();

        var mail = await portal.MailToAsync(newAddress, "メールアドレス確認のご案内");
        await portal.MailToAsync(address, "メールアドレス登録の申し込みのお知らせ");
        await visitor.OpenAsync(mail.Link);
        await visitor.SeeHeadingAsync("メールアドレスの確認");
        await visitor.SeeAsync(newAddress);
        await visitor.PressAsync("確認する");
        await visitor.SeeAsync("メールアドレスを登録しました");
        await visitor.PressAsync("プロフィール設定");
        await Expect(visitor.Field("メールアドレス2")).ToHaveValueAsync(newAddress);
    }

    [Fact]
    public async Task What_is_disclosed_stands_in_the_history_that_the_member_reads()
    {
        await using var visitor = await stage.VisitAsync(Device.Phone);
        await visitor.BecomeMemberAsync((await visitor.Portal.AddHouseholdAsync("本人", "妻"))[0], "koukai", "koukai@example.jp");
        await visitor.OpenAsync("/profile");
        await visitor.Page.GetByRole(AriaRole.Group, new() { Name = "医療費通知", Exact = true }).GetByLabel("公開する").CheckAsync();
        await visitor.PressAsync("登録");
        await visitor.SubmitAsync("登録", ("現在のパスワード", BrowserVisitor.Password));
        await visitor.SeeAsync("登録しました");
        await visitor.PressAsync("世帯内への公開設定の履歴");
        var line = visitor.Page.Locator("tbody tr", new() { HasText = "公開する" });
        await Expect(line).ToHaveCountAsync(1);
        await Expect(line).ToContainTextAsync("医療費通知");
        await Expect(line).ToContainTextAsync("ご本人の選択");

        // Its lines are cards on a phone; for a screen reader it is a table all the same.
        var browser = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);
        var tree = await browser.SendAsync("Accessibility.getFullAXTree");
        var roles = tree!.Value.GetProperty("nodes").EnumerateArray().Where(node => !node.GetProperty("ignored").GetBoolean())
            .Select(node => node.GetProperty("role").GetProperty("value").GetString()).ToList();
        // Two kinds, each as it began and as it was chosen.
        foreach (var (role, count) in new[] { ("table", 1), ("row", 5), ("columnheader", 5), ("rowheader", 4), ("cell", 16) })
        {
            Assert.Equal(count, roles.Count(r => r == role));
        }
    }
}

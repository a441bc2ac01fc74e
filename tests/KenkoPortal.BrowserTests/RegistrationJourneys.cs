using KenkoPortal.BrowserTests.Support;
using static Microsoft.Playwright.Assertions;

namespace KenkoPortal.BrowserTests;

/// <summary>From the letter to the login.</summary>
public sealed class RegistrationJourneys(Stage stage)
{
    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task Registration_by_the_web_leads_to_Home(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        var portal = visitor.Portal;
        var letter = await portal.Residents.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var (loginId, address) = ($"web-{device}", $"web-{device}@example.jp");

        await visitor.OpenAsync("/");
        await visitor.SeeHeadingAsync("健康マイポータルログイン");
        await visitor.PressAsync("新規利用登録");
        await visitor.SeeHeadingAsync("新規利用登録");
        await visitor.SeeAsync("メールアドレスを入力し、送信してください。");
        await visitor.SubmitAsync("送信する", ("メールアドレス", address));
        await visitor.SeeAsync(address);
        await visitor.SeeAsync("迷惑メール");

        var mail = await portal.MailToAsync(address, "利用登録手続きのご案内");
        Assert.Contains("URLの有効期限は3時間です", mail.Body, StringComparison.Ordinal);
        await visitor.OpenAsync(mail.Link);
        await visitor.SeeAsync("事前にお知らせしたログインIDと仮パスワードでログインしてください。");
        await visitor.LogInProvisionallyAsync(letter);
        await visitor.SeeAsync(address);
        await Expect(visitor.Field("ニックネーム")).ToHaveValueAsync("ご本人");
        await visitor.EnterAccountAsync(loginId);
        Assert.Contains(portal.Origin, (await portal.MailToAsync(address, "利用登録完了のご案内")).Body, StringComparison.Ordinal);

        await visitor.PressAsync("ログイン画面");
        await visitor.SeeHeadingAsync("健康マイポータルログイン");
        await visitor.SubmitAsync("ログイン", ("ログインID", loginId), ("パスワード", BrowserVisitor.Password));
        await visitor.SeeHeadingAsync("Home");
        await Expect(visitor.Page.Locator("header")).ToContainTextAsync("ご本人さん");
        await Expect(visitor.Page.Locator("header")).ToContainTextAsync("初めてのログインです");
        foreach (var panel in new[] { "医療費通知", "ジェネリック通知", "健保組合からのお知らせ", "トピックス" })
        {
            await Expect(visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Region, new() { Name = panel })).ToContainTextAsync("一覧はこちら");
        }
    }
}

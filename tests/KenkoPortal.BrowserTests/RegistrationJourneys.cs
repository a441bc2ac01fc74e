using KenkoPortal.BrowserTests.Support;
using KenkoPortal.Tests.Support;
using Microsoft.Playwright;
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
            await Expect(visitor.Page.GetByRole(AriaRole.Region, new() { Name = panel })).ToContainTextAsync("一覧はこちら");
        }
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task Registration_by_empty_mail_leads_to_Home(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        var portal = visitor.Portal;
        var letter = await portal.Residents.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var (loginId, address) = ($"karamail-{device}", $"kara..{device}.@docomo.example.jp");

        await portal.SendEmptyMailAsync(address, portal.Society.RegistrationAddress);
        var mail = await portal.MailToAsync(address, "利用登録手続きのご案内");
        await visitor.OpenAsync(mail.Link);
        await visitor.LogInProvisionallyAsync(letter);
        await visitor.SeeAsync(address);
        await visitor.EnterAccountAsync(loginId);
        await portal.MailToAsync(address, "利用登録完了のご案内");
        await visitor.PressAsync("ログイン画面");
        await visitor.SubmitAsync("ログイン", ("ログインID", loginId), ("パスワード", BrowserVisitor.Password));
        await visitor.SeeHeadingAsync("Home");
    }

    /// <summary>All that the person has is the sheet of paper: its QR code, its digits and letters.</summary>
    [Fact]
    public async Task The_printed_letter_alone_leads_to_Home()
    {
        foreach (var tool in new[] { "pdftotext", "pdftoppm", "zbarimg" })
        {
            Assert.SkipUnless(Tool.Exists(tool), $"{tool} is not installed");
        }

        await using var visitor = await stage.VisitAsync(Device.Phone);
        var portal = visitor.Portal;
        var sheet = await PrintedLetter.IssueAsync(portal, (await portal.AddHouseholdAsync("本人", "妻"))[0]);
        var (his, hers) = (sheet.Credentials[0], sheet.Credentials[1]);

        await portal.SendEmptyMailAsync("kami-dake@example.jp", sheet.ScannedAddress);
        await visitor.OpenAsync((await portal.MailToAsync("kami-dake@example.jp", "利用登録手続きのご案内")).Link);
        await visitor.LogInProvisionallyAsync(his);
        await Expect(visitor.Field("ニックネーム")).ToHaveValueAsync("ご本人");
        await visitor.EnterAccountAsync("kami-dake");
        await visitor.PressAsync("続けてご家族を登録する");
        await visitor.LogInProvisionallyAsync(hers);
        await Expect(visitor.Field("ニックネーム")).ToHaveValueAsync("妻");
        await visitor.LogInAsync("kami-dake");
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task The_same_link_registers_a_second_person_of_the_household(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        var portal = visitor.Portal;
        var couple = await portal.AddHouseholdAsync("本人", "妻");
        var (his, hers) = (await portal.Residents.GiveLetterAsync(couple[0]), await portal.Residents.GiveLetterAsync(couple[1]));
        var address = $"futari-{device}@example.jp";

        await visitor.AskToRegisterAsync(address);
        await visitor.LogInProvisionallyAsync(his);
        await visitor.EnterAccountAsync($"otto-{device}");
        await visitor.PressAsync("続けてご家族を登録する");
        await visitor.SeeHeadingAsync("新規利用登録");
        await visitor.LogInProvisionallyAsync(hers);
        await Expect(visitor.Field("ニックネーム")).ToHaveValueAsync("妻");
        await visitor.SeeAsync(address);
        await visitor.EnterAccountAsync($"tsuma-{device}");
        await portal.MailToAsync(address, "利用登録完了のご案内", after: 1);

        await visitor.LogInAsync($"tsuma-{device}");
        await Expect(visitor.Page.Locator("header")).ToContainTextAsync("妻さん");
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task A_whole_journey_needs_no_scripts(Device device)
    {
        await using var visitor = await stage.VisitAsync(device, hasScripts: false);
        var portal = visitor.Portal;
        var letter = await portal.Residents.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var (loginId, address) = ($"noscript-{device}", $"noscript-{device}@example.jp");

        await visitor.AskToRegisterAsync(address);
        await visitor.SubmitAsync("ログイン");
        await visitor.SeeErrorAsync("ログインID", "仮ログインIDを入力してください。");
        await visitor.LogInProvisionallyAsync(letter);
        await visitor.EnterAccountAsync(loginId);
        await visitor.LogInAsync(loginId);
        if (device == Device.Phone)
        {
            await visitor.PressAsync(visitor.Page.Locator(".kp-nav summary"));
        }

        await visitor.PressAsync(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "プロフィール設定" }));
        await visitor.SubmitAsync("登録", ("ニックネーム", "はま"));
        await visitor.SeeAsync("登録しました");
        await visitor.SeeHeadingAsync("プロフィール設定(はまさん)");
        if (device == Device.Phone)
        {
            await visitor.PressAsync(visitor.Page.Locator(".kp-nav summary"));
        }

        await visitor.PressAsync(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "ログアウト" }));
        await visitor.SeeHeadingAsync("健康マイポータルログイン");
    }
}

using KenkoPortal.BrowserTests.Support;

namespace KenkoPortal.BrowserTests;

/// <summary>Forgotten ID or password.</summary>
public sealed class ReissueJourneys(Stage stage)
{
    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task A_forgotten_password_is_replaced_by_mail(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        var portal = visitor.Portal;
        var (loginId, address) = ($"wasureta-{device}", $"wasureta-{device}@example.jp");
        await visitor.BecomeMemberAsync((await portal.AddHouseholdAsync("本人"))[0], loginId, address);
        await visitor.Context.ClearCookiesAsync();
        const string next = "hama-no-2027-kaze";

        await visitor.OpenAsync("/login");
        await visitor.PressAsync("ログインID・パスワードを忘れた方はこちら");
        await visitor.SeeHeadingAsync("パスワード再発行");
        await visitor.SubmitAsync("送信", ("メールアドレス", address));
        await visitor.SeeAsync(address);

        var mail = await portal.MailToAsync(address, "パスワード再発行のご案内");
        Assert.Equal(loginId, mail.Value("ログインID"));
        await visitor.OpenAsync(mail.Link);
        await visitor.SeeHeadingAsync("仮ログイン(パスワード再発行)");
        await visitor.SeeAsync("メールでお知らせしたログインIDと仮パスワードでログインしてください。");
        await visitor.SubmitAsync("ログイン", ("ログインID", loginId), ("仮パスワード", mail.Value("仮パスワード")));
        await visitor.SeeHeadingAsync("パスワード変更(パスワード再発行)");
        await visitor.SubmitAsync("登録", ("新しいパスワード", next), ("パスワード確認", next));
        await visitor.SeeHeadingAsync("パスワード変更完了");
        await portal.MailToAsync(address, "パスワード変更のお知らせ");

        await visitor.PressAsync("ログイン画面");
        await visitor.SubmitAsync("ログイン", ("ログインID", loginId), ("パスワード", BrowserVisitor.Password));
        await visitor.SeeErrorAsync("ログインID", "ログインIDまたはパスワードが違います。");
        await visitor.LogInAsync(loginId, next);
    }
}

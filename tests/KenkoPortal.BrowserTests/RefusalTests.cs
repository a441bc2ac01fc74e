using KenkoPortal.BrowserTests.Support;
using static Microsoft.Playwright.Assertions;

namespace KenkoPortal.BrowserTests;

/// <summary>What is refused, and in which words. What was typed stays, a password never does.</summary>
public sealed class RefusalTests(Stage stage)
{
    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task A_wrong_provisional_login_says_what_is_wrong(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        var portal = visitor.Portal;
        var letter = await portal.Residents.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        await visitor.AskToRegisterAsync($"chigau-{device}@example.jp");

        await visitor.SubmitAsync("ログイン");
        await visitor.SeeErrorAsync("ログインID", "仮ログインIDを入力してください。");
        await visitor.SeeErrorAsync("仮パスワード", "仮パスワードを入力してください。");
        await visitor.SubmitAsync("ログイン", ("ログインID", "1234"), ("仮パスワード", letter.ProvisionalPassword));
        await visitor.SeeErrorAsync("ログインID", "仮ログインIDは数字8桁です。書面を見て、もう一度入力してください。");
        var slip = letter.ProvisionalId[..7] + (char)('0' + ((letter.ProvisionalId[7] - '0' + 1) % 10));
        await visitor.SubmitAsync("ログイン", ("ログインID", slip), ("仮パスワード", letter.ProvisionalPassword));
        await visitor.SeeErrorAsync("ログインID", "仮ログインIDの数字に打ち間違いがあります。書面を見て、もう一度入力してください。");
        await visitor.SubmitAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", "aaaa-bbbb-cccc"));
        await visitor.SeeErrorAsync("ログインID", "ログインIDまたは仮パスワードが違います。書面を見て、もう一度入力してください。");
        await Expect(visitor.Field("ログインID")).ToHaveValueAsync(letter.ProvisionalId);
        await Expect(visitor.Field("仮パスワード")).ToHaveValueAsync("");

        // Full width, capitals and spaces are no reason.
        var wide = string.Concat(letter.ProvisionalPassword.ToUpperInvariant().Select(c => c == '-' ? '　' : (char)(c + 0xFEE0)));
        await visitor.LogInProvisionallyAsync(letter with { ProvisionalPassword = wide });
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task Five_wrong_provisional_logins_end_the_link(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        var portal = visitor.Portal;
        var letter = await portal.Residents.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        await visitor.AskToRegisterAsync($"gokai-{device}@example.jp");
        for (var i = 0; i < 5; i++)
        {
            await visitor.SubmitAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", $"aaaa-bbbb-ccc{(char)('a' + i)}"));
            await visitor.SeeAsync(i < 4 ? "違います" : "入力の間違いが続いたため、このURLは使えなくなりました");
        }

        await visitor.PressAsync("新規利用登録をやり直す");
        await visitor.SeeAsync("メールアドレスを入力し、送信してください。");
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task New_IDs_and_passwords_are_refused_rule_by_rule(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        var portal = visitor.Portal;
        var couple = await portal.AddHouseholdAsync("本人", "妻");
        var (his, hers) = (await portal.Residents.GiveLetterAsync(couple[0]), await portal.Residents.GiveLetterAsync(couple[1]));
        await visitor.AskToRegisterAsync($"kimari-{device}@example.jp");
        await visitor.LogInProvisionallyAsync(his);
        await visitor.EnterAccountAsync($"kimari-{device}");
        await visitor.PressAsync("続けてご家族を登録する");
        await visitor.LogInProvisionallyAsync(hers);

        foreach (var (loginId, message) in new[]
        {
            ("", "ログインIDを入力してください。"),
            ("umi", "ログインIDは、6文字以上32文字以下で入力してください。"),
            ("minato 2026", "ログインIDに使えるのは、半角の英字・数字と、記号の _ - . だけです。"),
            ("minato1a", "ログインIDを8文字にするときは、7文字目と8文字目に数字を使えません。"),
            ("minatoa1", "ログインIDを8文字にするときは、7文字目と8文字目に数字を使えません。"),
            (his.ProvisionalId, "仮ログインID（8桁の数字）は、ログインIDとしてお使いになれません。英字を入れた、別のログインIDを決めて入力してください。"),
        })
        {
            await visitor.SubmitAsync("登録", ("新ログインID", loginId));
            await visitor.SeeErrorAsync("新ログインID", message);
            await Expect(visitor.Field("新ログインID")).ToHaveValueAsync(loginId);
        }

        foreach (var (password, confirmation, message) in new[]
        {
            ("", "", "パスワードを入力してください。"),
            ("umi-26", "", "パスワードは、8文字以上で入力してください。"),
            ("minatonoumi", "", "パスワードには、半角の英小文字と数字を、それぞれ1文字以上入れてください。"),
            ("MINATO-2026", "", "パスワードには、半角の英小文字と数字を、それぞれ1文字以上入れてください。"),
            ("minato~2026", "", "パスワードに使えない文字が入っています。"),
            ("みなとno2026", "", "パスワードに使えない文字が入っています。"),
            ("password1", "", "このパスワードは、ほとんどがよく使われる言葉や名前でできているため、推測されやすく使えません。"),
            ("Hama-Hanako-77", "", "このパスワードは、ほとんどがログインIDでできているため、推測されやすく使えません。"),
        })
        {
            await visitor.SubmitAsync("登録", ("新ログインID", "hama-hanako77"), ("新パスワード", password), ("新パスワード(確認)", confirmation));
            await visitor.SeeErrorAsync("新パスワード", message);
            await Expect(visitor.Field("新パスワード")).ToHaveValueAsync("");
        }

        await visitor.SubmitAsync("登録", ("新パスワード", BrowserVisitor.Password), ("新パスワード(確認)", ""));
        await visitor.SeeErrorAsync("新パスワード(確認)", "確認のため、同じパスワードをもう一度入力してください。");
        await visitor.SubmitAsync("登録", ("新パスワード", BrowserVisitor.Password), ("新パスワード(確認)", "chigau-2026"));
        await visitor.SeeErrorAsync("新パスワード(確認)", "上に入力したパスワードと違います。");
        await visitor.SubmitAsync(
            "登録", ("新ログインID", $"KIMARI-{device}"), ("新パスワード", BrowserVisitor.Password), ("新パスワード(確認)", BrowserVisitor.Password));
        await visitor.SeeErrorAsync("新ログインID", "このログインIDはすでに使われています。別のログインIDを入力してください。");
        await visitor.EnterAccountAsync($"hama-{device}");
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task A_provisional_ID_at_the_login_leads_to_the_registration(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        await visitor.OpenAsync("/login");
        await visitor.SubmitAsync("ログイン", ("ログインID", "１２３４５６７８"), ("パスワード", "abcd-efgh-jkmn"));
        await visitor.SeeErrorAsync("ログインID", "8桁の数字は、書面の仮ログインIDです。");
        await visitor.PressAsync("新規利用登録");
        await visitor.SeeHeadingAsync("新規利用登録");
        await visitor.SubmitAsync("送信する", ("メールアドレス", "umi"));
        await visitor.SeeErrorAsync("メールアドレス", "メールアドレスを正しく入力してください。");
        await Expect(visitor.Field("メールアドレス")).ToHaveValueAsync("umi");
    }

    /// <summary>On a portal of its own, for its clock is set forward.</summary>
    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task An_expired_link_says_so_and_leads_to_a_new_start(Device device)
    {
        stage.RequireBrowser();
        await using var portal = await BrowserPortal.StartAsync();
        await using var visitor = await stage.VisitAsync(device, portal);
        await visitor.OpenAsync("/register");
        await visitor.SubmitAsync("送信する", ("メールアドレス", "osoi@example.jp"));
        await visitor.SeeHeadingAsync("ご案内メールを送信しました");
        var mail = await portal.MailToAsync("osoi@example.jp", "利用登録手続きのご案内");
        portal.Clock.Advance(TimeSpan.FromHours(3));

        await visitor.OpenAsync(mail.Link);
        await visitor.SeeHeadingAsync("このURLは使えません");
        await visitor.SeeAsync("URLの有効期限（3時間）が過ぎています");
        await visitor.PressAsync("新規利用登録をやり直す");
        await visitor.SubmitAsync("送信する", ("メールアドレス", "osoi@example.jp"));
        await visitor.SeeHeadingAsync("ご案内メールを送信しました");
        await visitor.OpenAsync((await portal.MailToAsync("osoi@example.jp", "利用登録手続きのご案内", after: 1)).Link);
        await visitor.SeeAsync("事前にお知らせしたログインIDと仮パスワードでログインしてください。");
    }
}

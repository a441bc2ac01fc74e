using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Tests.Support;

/// <summary>Journeys that other tests begin with.</summary>
public static class Journeys
{
    public const string Password = "yoake-7-kujira-oyogu";

    /// <summary>Asks on the web and follows the mail to the provisional login.</summary>
    public static async Task<ShownPage> AskToRegisterAsync(this WebPortal portal, Visitor visitor, string address)
    {
        var page = await visitor.OpenAsync("/register");
        await page.PressAsync("送信する", ("メールアドレス", address));
        return await visitor.FollowAsync(await portal.MailToAsync(address));
    }

    /// <summary>From the letter to the account.</summary>
    public static async Task<ShownPage> RegisterAsync(this WebPortal portal, Visitor visitor, Person person, string loginId, string address = "taro@example.jp", LetterKind kind = LetterKind.Household)
    {
        var letter = await portal.GiveLetterAsync(person, kind);
        var page = await portal.AskToRegisterAsync(visitor, address);
        return await page.CompleteRegistrationAsync(letter, loginId);
    }

    /// <summary>From the provisional login to the account.</summary>
    public static async Task<ShownPage> CompleteRegistrationAsync(this ShownPage provisionalLogin, Letter letter, string loginId, string password = Password) =>
        await (await provisionalLogin.LogInProvisionallyAsync(letter)).FillRegistrationAsync(loginId, password);

    public static Task<ShownPage> LogInProvisionallyAsync(this ShownPage provisionalLogin, Letter letter) =>
        provisionalLogin.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", letter.ProvisionalPassword));

    /// <summary>利用者情報入力.</summary>
    public static Task<ShownPage> FillRegistrationAsync(this ShownPage form, string loginId, string password = Password) =>
        form.PressAsync("登録", ("新ログインID", loginId), ("新パスワード", password), ("新パスワード(確認)", password));

    public static async Task<ShownPage> LogInAsync(this Visitor visitor, string loginId, string password = Password) =>
        await (await visitor.OpenAsync("/login")).PressAsync("ログイン", ("ログインID", loginId), ("パスワード", password));

    /// <summary>Somebody who has registered and is logged in, at Home.</summary>
    public static async Task<(Visitor Visitor, ShownPage Home)> MemberAsync(this WebPortal portal, Person person, string loginId, string address = "taro@example.jp", LetterKind kind = LetterKind.Household)
    {
        var visitor = portal.Visitor();
        await portal.RegisterAsync(visitor, person, loginId, address, kind);
        return (visitor, await visitor.LogInAsync(loginId));
    }
}

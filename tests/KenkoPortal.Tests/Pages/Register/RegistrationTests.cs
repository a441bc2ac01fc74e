using System.Net;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages.Register;

public sealed class RegistrationTests
{
    [Theory, OnEveryDatabase]
    public async Task From_the_letter_to_Home(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var visitor = portal.Visitor();
        var complete = await portal.RegisterAsync(visitor, person, "minato-taro");
        Assert.Equal("利用者情報登録完了", complete.Heading);
        var completion = await portal.MailToAsync("taro@example.jp");
        Assert.Equal("利用登録完了のご案内", completion.Subject);

        var home = await visitor.LogInAsync("minato-taro");
        Assert.Equal("/", home.Path);
        Assert.Contains("初めてのログインです", home.Html, StringComparison.Ordinal);
        Assert.Contains("ご本人さん", home.Html, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A_second_person_of_the_household_uses_the_same_link(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (his, hers) = (await portal.GiveLetterAsync(family[0]), await portal.GiveLetterAsync(family[1]));
        var visitor = portal.Visitor();
        var login = await portal.AskToRegisterAsync(visitor, "futari@example.jp");
        await login.CompleteRegistrationAsync(his, "otto-san");
        var again = await visitor.OpenAsync("/register/login");
        var complete = await again.CompleteRegistrationAsync(hers, "tsuma-san");
        Assert.Equal("利用者情報登録完了", complete.Heading);
        Assert.Equal(2, await portal.ReadAsync(db => db.MemberAccounts.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task A_link_serves_one_household_only(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (ours, theirs) = ((await portal.AddHouseholdAsync("本人"))[0], (await portal.AddHouseholdAsync("本人"))[0]);
        var (ourLetter, theirLetter) = (await portal.GiveLetterAsync(ours), await portal.GiveLetterAsync(theirs));
        var visitor = portal.Visitor();
        await (await portal.AskToRegisterAsync(visitor, "taro@example.jp")).CompleteRegistrationAsync(ourLetter, "minato-taro");
        var refused = await (await visitor.OpenAsync("/register/login"))
            .PressAsync("ログイン", ("ログインID", theirLetter.ProvisionalId), ("仮パスワード", theirLetter.ProvisionalPassword));
        Assert.Contains("ログインIDまたは仮パスワードが違います", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task What_is_typed_of_the_provisional_password_is_forgiven(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var wide = string.Concat(letter.ProvisionalPassword.ToUpperInvariant().Select(c => c == '-' ? '　' : (char)(c + 0xFEE0)));
        var login = await portal.AskToRegisterAsync(portal.Visitor(), "taro@example.jp");
        var account = await login.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", wide));
        Assert.Equal("利用者情報入力", account.Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task A8_Five_failures_end_the_link_but_blanks_and_slips_count_for_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var page = await portal.AskToRegisterAsync(portal.Visitor(), "taro@example.jp");
        var slip = letter.ProvisionalId[..7] + (char)('0' + ((letter.ProvisionalId[7] - '0' + 1) % 10));
        for (var i = 0; i < 6; i++)
        {
            page = await page.PressAsync("ログイン");
            page = await page.PressAsync("ログイン", ("ログインID", slip), ("仮パスワード", letter.ProvisionalPassword));
            Assert.Equal(HttpStatusCode.OK, page.Status);
        }

        for (var i = 0; i < 4; i++)
        {
            page = await page.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", "wrong-wrong-wrong"));
            Assert.Equal(HttpStatusCode.OK, page.Status);
        }

        page = await page.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", "wrong-wrong-wrong"));
        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.Contains("間違いが続いたため", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "2:59", HttpStatusCode.OK)]
    [InlineData(DatabaseKind.Sqlite, "3:01", HttpStatusCode.Gone)]
    public async Task L1_A_link_is_good_for_three_hours(DatabaseKind kind, string after, HttpStatusCode expected)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var visitor = portal.Visitor();
        await (await visitor.OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "taro@example.jp"));
        var mail = await portal.MailToAsync("taro@example.jp");
        portal.Clock.Advance(TimeSpan.Parse(after, System.Globalization.CultureInfo.InvariantCulture));
        var page = await visitor.FollowAsync(mail);
        Assert.Equal(expected, page.Status);
    }

    [Theory, OnEveryDatabase]
    public async Task L1_A_clock_set_back_revives_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var visitor = portal.Visitor();
        await (await visitor.OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "taro@example.jp"));
        var (mail, asked) = (await portal.MailToAsync("taro@example.jp"), portal.Clock.Now);
        portal.Clock.Advance(TimeSpan.FromMinutes(181));
        Assert.Equal(HttpStatusCode.Gone, (await visitor.FollowAsync(mail)).Status);
        portal.Clock.Set(asked.AddMinutes(30));
        Assert.Equal(HttpStatusCode.Gone, (await visitor.FollowAsync(mail)).Status);
    }

    [Theory, OnEveryDatabase]
    public async Task L3_A_newer_mail_ends_the_older_link_only_once_it_was_sent(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var visitor = portal.Visitor();
        await portal.AskToRegisterAsync(visitor, "taro@example.jp");
        var first = await portal.MailToAsync("taro@example.jp");
        portal.Clock.Advance(TimeSpan.FromMinutes(10));
        portal.Mail.Answer = SentMail.Down;
        await (await visitor.OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "taro@example.jp"));
        await portal.RunJobsAsync();
        Assert.Equal(HttpStatusCode.OK, (await visitor.FollowAsync(first)).Status);

        portal.Mail.Answer = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.RunJobsAsync();
        var page = await visitor.FollowAsync(first);
        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.Contains("10月5日 10時11分", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abcdef12", "", "7文字目と8文字目に数字を使えません")]
    [InlineData("abcdefg1", "", "7文字目と8文字目に数字を使えません")]
    [InlineData("12345678", "", "仮ログインID（8桁の数字）は、ログインIDとしてお使いになれません")]
    [InlineData("1234-5678", "", "仮ログインID（8桁の数字）は、ログインIDとしてお使いになれません")]
    [InlineData("ａｂｃｄｅｆｇ１", "", "7文字目と8文字目に数字を使えません")]
    [InlineData("minat\u043E-taro", "", "使えるのは")]
    [InlineData("abcde1ab", "short1", "8文字以上")]
    [InlineData("minato", "PASSWORD2026", "半角の英小文字と数字")]
    [InlineData("minato", "onlyletters", "半角の英小文字と数字")]
    [InlineData("minato", "kanji2026漢字", "使えない文字")]
    [InlineData("minato", "with space 1", "使えない文字")]
    [InlineData("minato", "password1", "よく使われる言葉")]
    [InlineData("minato-taro1", "Minato-Taro1", "ほとんどがログインID")]
    public async Task I1_P1_Each_rule_refuses_in_its_own_words(string loginId, string password, string words)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var login = await portal.AskToRegisterAsync(portal.Visitor(), "taro@example.jp");
        var refused = await login.CompleteRegistrationAsync(letter, loginId, password.Length > 0 ? password : Journeys.Password);
        Assert.Equal("利用者情報入力", refused.Heading);
        Assert.Contains(refused.Errors, e => e.Contains(words, StringComparison.Ordinal));
        Assert.StartsWith("エラー：", refused.Document.Title, StringComparison.Ordinal);
        Assert.Equal(0, await portal.ReadAsync(db => db.MemberAccounts.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task I1_A_taken_ID_is_refused_without_regard_to_case(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.RegisterAsync(portal.Visitor(), family[0], "minato-taro", "a@example.jp");
        var refused = await portal.RegisterAsync(portal.Visitor(), family[1], "MINATO-Taro", "b@example.jp");
        Assert.Contains("すでに使われています", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A1_After_ten_taken_login_IDs_a_letter_registers_nobody_that_day(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.RegisterAsync(portal.Visitor(), family[0], "minato-taro", "a@example.jp");
        var letter = await portal.GiveLetterAsync(family[1]);
        var page = await OpenFormAsync("b@example.jp");
        for (var i = 0; i < 10; i++)
        {
            page = await page.FillRegistrationAsync("minato-taro");
            Assert.Contains("すでに使われています", Assert.Single(page.Errors), StringComparison.Ordinal);
        }

        // Neither taken nor free is told any more, nor to the same letter under another link.
        foreach (var loginId in new[] { "minato-taro", "umi-no-hito" })
        {
            page = await page.FillRegistrationAsync(loginId);
            Assert.Contains("今日は登録できません", Assert.Single(page.Errors), StringComparison.Ordinal);
        }

        Assert.Contains("今日は登録できません", Assert.Single((await (await OpenFormAsync("c@example.jp")).FillRegistrationAsync("umi-no-hito")).Errors), StringComparison.Ordinal);

        // The next day in Japan.
        portal.Clock.Advance(TimeSpan.FromHours(14));
        page = await (await OpenFormAsync("b@example.jp")).FillRegistrationAsync("minato-taro");
        Assert.Contains("すでに使われています", Assert.Single(page.Errors), StringComparison.Ordinal);
        Assert.Equal("利用者情報登録完了", (await page.FillRegistrationAsync("umi-no-hito")).Heading);

        async Task<ShownPage> OpenFormAsync(string address) =>
            await (await portal.AskToRegisterAsync(portal.Visitor(), address)).LogInProvisionallyAsync(letter);
    }
}

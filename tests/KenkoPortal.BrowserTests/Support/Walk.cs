using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.News;
using KenkoPortal.Members.Web.Limits;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.BrowserTests.Support;

/// <summary>
/// A walk through everything that the portal can show: every page, and the states of a page that look different. Somebody looks at each.
/// </summary>
/// <param name="visitor">Who walks, with scripts.</param>
/// <param name="id">Tells this walk's login IDs and addresses from another's.</param>
/// <param name="look">Looks at the page that is shown; given a name for it.</param>
public sealed class Walk(BrowserVisitor visitor, string id, Func<string, Task> look)
{
    private const string Reissued = BrowserVisitor.Password + "-1";

    private readonly string _address = $"walk-{id}@example.jp";
    private readonly string _loginId = $"walk-{id}";

    public async Task GoAsync()
    {
        var family = await visitor.Portal.AddHouseholdAsync("本人", "妻", "長男", "長女");
        await RegisterAsync(family);
        await ReissueAsync();
        await MemberPagesAsync();
        await NoticesAsync(family);
        await ProfileAsync(family);
        await LookAtFaultsAsync();
        foreach (var path in DevelopmentPages())
        {
            await LookAtAsync(path.Replace('/', '-').Trim('-'), path);
        }

        await LookAtAsync("dev-design-errors", "/dev/design?errors=true");
        await LookAtAsync("dev-design-signed-out", "/dev/design?signedOut=true");
        await LookAtAsync("dev-design-frameless", "/dev/design?frame=false");
    }

    private IEnumerable<string> DevelopmentPages() => PageList.Of(visitor.Portal).Where(path => path.StartsWith("/dev/", StringComparison.Ordinal));

    private async Task LookAtAsync(string name, string path)
    {
        await visitor.OpenAsync(path);
        await look(name);
    }

    private async Task RegisterAsync(IReadOnlyList<Person> family)
    {
        var residents = visitor.Portal.Residents;
        var (his, hers) = (await residents.GiveLetterAsync(family[0]), await residents.GiveLetterAsync(family[1]));
        await LookAtAsync("login", "/login");
        await visitor.SubmitAsync("ログイン");
        await visitor.SeeErrorAsync("ログインID", "ログインIDを入力してください。");
        await look("login-errors");
        await visitor.SubmitAsync("ログイン", ("ログインID", his.ProvisionalId), ("パスワード", his.ProvisionalPassword));
        await visitor.SeeAsync("はじめての方は、先に新規利用登録をしてください");
        await look("login-provisional-id");

        await LookAtAsync("register", "/register");
        await visitor.SubmitAsync("送信する", ("メールアドレス", "walk＠"));
        await visitor.SeeErrorAsync("メールアドレス", "メールアドレスを正しく入力してください。");
        await look("register-errors");
        await visitor.SubmitAsync("送信する", ("メールアドレス", _address));
        await visitor.SeeHeadingAsync("ご案内メールを送信しました");
        await look("register-sent");

        await visitor.OpenAsync((await visitor.Portal.MailToAsync(_address, "利用登録手続きのご案内")).Link);
        await look("register-login");
        await visitor.SubmitAsync("ログイン", ("ログインID", his.ProvisionalId), ("仮パスワード", "aaaa-bbbb-cccc"));
        await visitor.SeeErrorAsync("ログインID", "ログインIDまたは仮パスワードが違います。");
        await look("register-login-errors");
        await visitor.LogInProvisionallyAsync(his);
        await look("register-account");
        await visitor.SubmitAsync("登録", ("新ログインID", "minato12"), ("新パスワード", "minato"), ("新パスワード(確認)", "umi"), ("ニックネーム", new string('あ', 21)));
        await visitor.SeeErrorAsync("ニックネーム", "ニックネームは、20文字以下で入力してください。");
        await look("register-account-errors");
        await visitor.FillAsync("ニックネーム", "海のたろう");
        await visitor.EnterAccountAsync(_loginId);
        await look("register-complete");

        await visitor.PressAsync("続けてご家族を登録する");
        await visitor.LogInProvisionallyAsync(hers);
        await visitor.EnterAccountAsync(_loginId + "-hers");
    }

    private async Task ReissueAsync()
    {
        await LookAtAsync("reissue", "/reissue");
        await visitor.SubmitAsync("送信");
        await visitor.SeeErrorAsync("メールアドレス", "メールアドレスを入力してください。");
        await look("reissue-errors");
        await visitor.SubmitAsync("送信", ("メールアドレス", _address));
        await visitor.SeeHeadingAsync("再発行のご案内メールを送信しました");
        await look("reissue-sent");

        // He and she share the address: each account gets a mail of its own.
        await visitor.Portal.MailToAsync(_address, "パスワード再発行のご案内", after: 1);
        var mail = visitor.Portal.MailsTo(_address).First(m => m.Subject == "パスワード再発行のご案内" && m.Value("ログインID") == _loginId);
        await visitor.OpenAsync(mail.Link);
        await look("reissue-login");
        await visitor.SubmitAsync("ログイン", ("ログインID", _loginId), ("仮パスワード", "aaaa-bbbb-cccc"));
        await visitor.SeeErrorAsync("ログインID", "ログインIDまたは仮パスワードが違います。");
        await look("reissue-login-errors");
        await visitor.SubmitAsync("ログイン", ("ログインID", _loginId), ("仮パスワード", mail.Value("仮パスワード")));
        await visitor.SeeHeadingAsync("パスワード変更(パスワード再発行)");
        await look("reissue-password");
        await visitor.SubmitAsync("登録", ("新しいパスワード", Reissued), ("パスワード確認", "umi"));
        await visitor.SeeErrorAsync("パスワード確認", "上に入力したパスワードと違います。");
        await look("reissue-password-errors");
        await visitor.SubmitAsync("登録", ("新しいパスワード", Reissued), ("パスワード確認", Reissued));
        await visitor.SeeHeadingAsync("パスワード変更完了");
        await look("reissue-complete");
    }

    private async Task MemberPagesAsync()
    {
        await visitor.LogInAsync(_loginId, Reissued);
        await look("home");
        await visitor.Portal.Residents.WriteAsync(db =>
        {
            var account = db.MemberAccounts.Single(a => a.LoginId == _loginId);
            db.AccountMailAddresses.Single(a => a.AccountId == account.Id).BouncedAt = visitor.Portal.Clock.GetUtcNow();
        });
        await LookAtAsync("home-bouncing", "/");
        foreach (var path in new[] { "/medical-costs", "/generic-drugs", "/news", "/topics" })
        {
            await LookAtAsync(path.Trim('/'), path);
        }

        await ArticlesAsync();
    }

    private async Task ArticlesAsync()
    {
        var today = JapanTime.DateOf(visitor.Portal.Clock.GetUtcNow());
        List<Article> articles = [];
        await visitor.Portal.Residents.WriteAsync(db =>
        {
            for (var i = 0; i <= NewsReading.PageSize; i++)
            {
                articles.Add(new Article
                {
                    SocietyId = db.SocietyId, Category = i == 0 ? ArticleCategory.Topic : ArticleCategory.News, Key = $"walk-{id}-{i}", Title = $"健康診断のご案内（第{i}号）",
                    Body = "# 見出し\n\n受付を始めました。**お早めに**。\n\n- [会場](https://kaijo.example.jp/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)\n- <kenshin@example.jp>\n\n> 引用",
                    PublishedOn = today.AddDays(-i), ChangedAt = visitor.Portal.Clock.GetUtcNow(),
                });
            }

            db.Articles.AddRange(articles);
            db.Articles.Add(new Article
            {
                SocietyId = db.SocietyId, Category = ArticleCategory.News, Key = $"walk-{id}-more", Title = "前の案内", Body = "本文", PublishedOn = today.AddDays(-99),
                ChangedAt = visitor.Portal.Clock.GetUtcNow(),
            });
            db.ArticleAttachments.Add(new ArticleAttachment
            {
                SocietyId = db.SocietyId, ArticleId = articles[1].Id, FileName = "健診のご案内.pdf", MediaType = "application/pdf", Content = [1],
            });
        });
        await LookAtAsync("news-many", "/news");
        await LookAtAsync("news-second", "/news?p=2");
        await LookAtAsync("news-article", $"/news/{articles[1].Id:N}");
        await LookAtAsync("topics-article", $"/topics/{articles[0].Id:N}");
        await LookAtAsync("home-news", "/");
    }

    private async Task NoticesAsync(IReadOnlyList<Person> family)
    {
        var notices = visitor.Portal.Notices;
        await notices.AddAsync([.. family]);
        await LookAtAsync("home-notices", "/");
        var (month, year, child) = (notices.Newest, notices.Newest.Year, $"{family[2].Id:N}");
        foreach (var kind in new[] { "medical-costs", "generic-drugs" })
        {
            await LookAtAsync($"{kind}-month", $"/{kind}/{month}");
            await LookAtAsync($"{kind}-month-household", $"/{kind}/{month}?household");
            await LookAtAsync($"{kind}-month-other", $"/{kind}/{month}/{child}");
            await LookAtAsync($"{kind}-year", $"/{kind}/{year}");
            await LookAtAsync($"{kind}-year-household", $"/{kind}/{year}?household");
            await LookAtAsync($"{kind}-year-other", $"/{kind}/{year}/{child}");
        }

        await LookAtAsync("national", $"/medical-costs/{year}/national?household");
        await LookAtAsync("national-other", $"/medical-costs/{year}/national/{child}");
        await visitor.OpenAsync($"/medical-costs/{month}");
        await visitor.PressAsync(visitor.Page.Locator(".kp-keep a").First);
        await visitor.SeeHeadingAsync("この明細を家族に見せない");
        await look("line");
        await visitor.SubmitAsync("家族に見せない", ("現在のパスワード", "chigau-2026"));
        await visitor.SeeErrorAsync("現在のパスワード", "現在のパスワードが違います。");
        await look("line-errors");
        await visitor.SubmitAsync("家族に見せない", ("現在のパスワード", Reissued));
        await visitor.SeeHeadingAsync("この明細を家族に見せる");
        await look("line-hidden");
        await LookAtAsync("medical-costs-month-hidden", $"/medical-costs/{month}");
        await LookAtAsync("hidden-list", "/medical-costs/hidden");
        await visitor.OpenAsync($"/medical-costs/{month}");
        await visitor.PressAsync(visitor.Page.Locator(".kp-keep a").Last);
        await visitor.PressAsync(visitor.Page.Locator("main a[href*='/institution/']").First);
        await visitor.SeeHeadingAsync("この医療機関をすべて家族に見せない");
        await look("institution");
        await visitor.SubmitAsync("すべて家族に見せない", ("現在のパスワード", Reissued));
        await visitor.SeeHeadingAsync("この医療機関を家族に見せる");
        await look("institution-hidden");
    }

    private async Task ProfileAsync(IReadOnlyList<Person> family)
    {
        var newAddress = $"walk-{id}-new@example.jp";
        await LookAtAsync("profile", "/profile");
        await LookAtAsync("profile-history-empty", "/profile/history");
        await visitor.OpenAsync("/profile");
        await visitor.SubmitAsync("登録", ("ログインID", "海"), ("ニックネーム", ""), ("メールアドレス1", ""), ("メールアドレス2", "umi"));
        await visitor.SeeErrorAsync("メールアドレス2", "メールアドレスを正しく入力してください。");
        await look("profile-errors");

        await visitor.OpenAsync("/profile");
        await visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Group, new() { Name = "ジェネリック通知", Exact = true }).GetByLabel("公開する").CheckAsync();
        await visitor.SubmitAsync("登録", ("メールアドレス2", newAddress));
        await visitor.SeeHeadingAsync("現在のパスワード");
        await look("profile-confirm");
        await visitor.SubmitAsync("登録", ("現在のパスワード", "chigau-2026"));
        await visitor.SeeErrorAsync("現在のパスワード", "現在のパスワードが違います。");
        await look("profile-confirm-errors");
        await visitor.SubmitAsync("登録", ("現在のパスワード", Reissued));
        await visitor.SeeAsync("確認待ちです");
        await look("profile-saved-waiting");
        var link = (await visitor.Portal.MailToAsync(newAddress, "メールアドレス確認のご案内")).Link;
        await visitor.OpenAsync("/profile");
        await visitor.SubmitAsync("登録", ("メールアドレス3", $"walk-{id}-third@example.jp"));
        await visitor.SubmitAsync("登録", ("現在のパスワード", Reissued));
        await visitor.SeeAsync($"walk-{id}-third@example.jp は確認待ちです");
        await look("profile-two-waiting");
        await visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "取り消す" }).Last.ClickAsync();
        await visitor.SeeAsync("確認待ちのメールアドレスを取り消しました");
        await look("profile-withdrawn");

        await visitor.Context.ClearCookiesAsync(new() { Name = "kenko" });
        await visitor.OpenAsync(link);
        await visitor.SeeAsync("メールアドレスの確認のため、ログインしてください");
        await look("login-confirms-address");
        await visitor.SubmitAsync("ログイン", ("ログインID", _loginId), ("パスワード", Reissued));
        await visitor.SeeHeadingAsync("メールアドレスの確認");
        await look("profile-address");
        await visitor.PressAsync("確認する");
        await visitor.SeeAsync("メールアドレスを登録しました");
        await look("profile-address-confirmed");

        await LookAtAsync("profile-history", "/profile/history");
        await LookAtAsync("profile-other", $"/profile/{family[1].Id:N}");
        await LookAtAsync("profile-child", $"/profile/{family[2].Id:N}");
        await LookAtAsync("profile-password", "/profile/password");
        await visitor.SubmitAsync("登録", ("新しいパスワード", "minato"));
        await visitor.SeeErrorAsync("新しいパスワード", "パスワードは、8文字以上で入力してください。");
        await look("profile-password-errors");
        const string next = BrowserVisitor.Password + "-2";
        await visitor.SubmitAsync("登録", ("現在のパスワード", Reissued), ("新しいパスワード", next), ("パスワード確認", next));
        await visitor.SeeAsync("新しいパスワードを登録しました");
        await look("profile-password-saved");
    }

    private async Task LookAtFaultsAsync()
    {
        await LookAtAsync("fault-404", "/nowhere");
        await LookAtAsync("ended-link", "/c/unknown");
        await LookAtAsync("fault-500", BrowserPortal.FaultPath + "500");
        await LookAtAsync("fault-503", BrowserPortal.FaultPath + "503");

        await visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "ログアウト" }).Or(visitor.Button("Homeへ")).First.ClickAsync();
        await visitor.Context.ClearCookiesAsync(new() { Name = "kenko" });
        await visitor.OpenAsync("/login");
        await visitor.Page.EvaluateAsync("document.querySelector('main form [name=form-token]').remove()");
        await visitor.SubmitAsync("ログイン");
        await visitor.SeeHeadingAsync("画面の有効期限が切れました");
        await look("fault-400");
        await visitor.OpenAsync("/login");
        await visitor.Page.EvaluateAsync("document.querySelector('main form').enctype = 'text/plain'");
        await visitor.SubmitAsync("ログイン");
        await visitor.SeeHeadingAsync("送信内容を受け付けられませんでした");
        await look("fault-400-unreadable");

        await visitor.OpenAsync("/register");
        var throttle = visitor.Portal.Services.GetRequiredService<NetworkThrottle>();
        for (var i = 0; i < NetworkThrottle.FailuresPerMinute; i++)
        {
            // Of this moment: an attempt of the walk's beginning may be a minute old before the form arrives.
            throttle.CountFailure(NetworkThrottle.CountOf("ask", visitor.Address, NetworkRate.Usual));
        }

        await visitor.SubmitAsync("送信する", ("メールアドレス", _address));
        await visitor.SeeHeadingAsync("しばらくお待ちください");
        await look("fault-429");
    }
}

using System.Collections.Concurrent;
using System.Net;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Tests.Security;

/// <summary>Where personal things and markup may not get to: rows G1, G2, I2, M8, M9 and L1 of docs/security.md.</summary>
public sealed class PersonalDataTests
{
    [Theory, OnEveryDatabase]
    public async Task G1_No_line_of_the_log_holds_an_address_ID_password_token_or_name_over_a_whole_journey(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        using var log = new Recorder();
        portal.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var secrets = await JourneyAsync(portal);

        // A fault as well, and a relay that is down or refuses.
        portal.Mail.Answer = SentMail.Down;
        var visitor = portal.Visitor();
        await visitor.AskReissueAsync("taro@example.jp");
        await portal.RunJobsAsync();
        portal.Mail.Answer = _ => throw new InvalidOperationException("550 taro@example.jp unknown");
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.RunJobsAsync();
        await visitor.LogInAsync("umi-no-hito", Steps.NewPassword);
        await portal.WriteAsync(db => db.Database.ExecuteSqlRaw("""UPDATE "Persons" SET "Sex" = 'bogus'"""));
        Assert.Equal(HttpStatusCode.InternalServerError, (await visitor.OpenAsync("/profile")).Status);
        await visitor.OpenAsync("/profile?Input.Nickname=taro@example.jp");

        Assert.Contains(log.Lines, l => l.Contains("Unexpected", StringComparison.Ordinal));
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(log.Lines, l => l.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory, OnEveryDatabase]
    public async Task G2_L1_M8_M9_Neither_events_nor_the_queue_nor_mails_hold_what_they_must_not(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var secrets = await JourneyAsync(portal);
        var events = await portal.ReadAsync(db => db.AuditEvents.Select(e => e.Actor + " " + e.Kind + " " + e.Detail).ToListAsync());
        Assert.True(events.Count > 20);
        Assert.All(events, e => Assert.DoesNotContain(secrets, s => e.Contains(s, StringComparison.OrdinalIgnoreCase)));
        var queued = await portal.ReadAsync(db => db.OutboxMails.Select(m => m.Template + " " + m.SubjectId).ToListAsync());
        Assert.All(queued, m => Assert.DoesNotContain(secrets, s => m.Contains(s, StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(await portal.ReadAsync(db => db.MailAsks.Where(a => a.Address != null).ToListAsync()));

        // Mails carry no name, and nothing that was typed reaches a header.
        var person = await portal.ReadAsync(db => db.Persons.FirstAsync());
        Assert.True(portal.Mail.All.Count >= 6);
        Assert.All(portal.Mail.All, mail =>
        {
            Assert.DoesNotContain(person.Name, mail.TextBody, StringComparison.Ordinal);
            Assert.DoesNotContain("港　試", mail.TextBody, StringComparison.Ordinal);
            Assert.DoesNotContain("うみのひと", mail.TextBody, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', mail.Subject);
            Assert.DoesNotContain('\r', mail.Subject);
        });
    }

    [Fact]
    public async Task I2_A_nickname_is_text_wherever_it_stands()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        foreach (var nickname in new[] { "<script>x</script>", "\"><img src=x>", "'-alert(1)-'", "{{7*7}}&lt;b&gt;" })
        {
            await (await his.OpenAsync("/profile")).PressAsync("登録", ("ニックネーム", nickname));
            foreach (var (visitor, path) in new[] { (his, "/"), (his, "/profile"), (his, "/profile/history"), (hers, "/profile"), (hers, $"/profile/{family[0].Id:N}") })
            {
                var page = await visitor.OpenAsync(path);
                Assert.Contains(nickname, page.Document.Body!.TextContent, StringComparison.Ordinal);
                Assert.Empty(page.Document.QuerySelectorAll("script:not([src]), img[src='x'], b"));
            }
        }
    }

    [Fact]
    public async Task I2_What_was_typed_comes_back_as_text()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        const string typed = "\"><script>alert(1)</script>";
        var visitor = portal.Visitor();
        foreach (var page in new[]
        {
            await visitor.LogInAsync(typed),
            await (await visitor.OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", typed)),
            await visitor.AskReissueAsync(typed),
            await visitor.OpenAsync("/login?Input.LoginId=" + Uri.EscapeDataString(typed)),
            await visitor.OpenAsync("/c/" + Uri.EscapeDataString(typed)),
            await visitor.OpenAsync("/" + Uri.EscapeDataString(typed)),
        })
        {
            Assert.Empty(page.Document.QuerySelectorAll("script:not([src])"));
            Assert.DoesNotContain("<script>alert", page.Html, StringComparison.Ordinal);
        }
    }

    /// <summary>Everything that a member does, rightly and wrongly.</summary>
    /// <returns>What may be nowhere.</returns>
    private static async Task<List<string>> JourneyAsync(WebPortal portal)
    {
        var family = await portal.AddHouseholdAsync("本人", "妻", "長男");
        var visitor = portal.Visitor(address: "203.0.113.77");
        var letter = await portal.GiveLetterAsync(family[0]);
        var link = await portal.AskToRegisterAsync(visitor, "taro@example.jp");
        var token = Visitor.LinkIn(portal.Mail.Last)["/c/".Length..];
        await link.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", "wrong-wrong-wrong"));
        await link.CompleteRegistrationAsync(letter, "minato-taro");
        await visitor.LogInAsync("minato-taro", "chigau-0000-umi");
        await visitor.LogInAsync("inai-hito", "chigau-0000-umi");
        await visitor.LogInAsync("minato-taro");
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync(
            "登録", ("ログインID", "umi-no-hito"), ("ニックネーム", "うみのひと"), ("メールアドレス2", "daini@example.jp"), ("医療費通知: 公開する", "on"));
        await confirm.PressAsync("登録", ("現在のパスワード", "chigau-0000-umi"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        await (await visitor.FollowAsync(await portal.MailToAsync("daini@example.jp"))).PressAsync("確認する");
        await visitor.OpenAsync($"/profile/{family[1].Id:N}");
        await visitor.OpenAsync($"/profile/{Guid.CreateVersion7():N}?mail=taro@example.jp");
        await visitor.OpenAsync("/there/taro@example.jp%0d%0aforged");
        await visitor.AskReissueAsync("taro@example.jp");
        var reissue = await portal.MailToAsync("taro@example.jp");
        var (_, temporary) = Steps.CredentialsIn(reissue);
        var form = await (await visitor.FollowAsync(reissue)).PressAsync("ログイン", ("ログインID", "umi-no-hito"), ("仮パスワード", temporary));
        await form.PressAsync("登録", ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        await (await visitor.LogInAsync("umi-no-hito", Steps.NewPassword)).PressAsync("ログアウト");
        await portal.RunJobsAsync();
        return
        [
            "taro@", "daini@", "minato-taro", "umi-no-hito", "inai-hito", Journeys.Password, Steps.NewPassword, "chigau-0000", letter.ProvisionalId,
            letter.ProvisionalPassword, temporary, token, Visitor.LinkIn(reissue)["/c/".Length..], "うみのひと", "ご本人", family[0].Name, family[0].Kana, "203.0.113.77",
            .. visitor.Cookies.GetAllCookies().Where(c => c.Value.Length > 10).Select(c => c.Value),
        ];
    }

    /// <summary>Keeps every line that the filters let through, with its values and its exception.</summary>
    private sealed class Recorder : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(p => $"{p.Key}={p.Value}")) : "";
            _lines.Enqueue($"{formatter(state, exception)} {values} {exception}");
        }

        public void Dispose()
        {
        }
    }
}

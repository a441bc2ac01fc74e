using System.Net;
using System.Text;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Security;

/// <summary>Clauses of the rows L1–L10, M3, M9, M10 and I3 of docs/security.md that no page's own tests prove.</summary>
public sealed class LinkRowTests
{
    private const string LoginId = "minato-taro";
    private const string Address = "taro@example.jp";

    [Theory, OnEveryDatabase]
    public async Task L1_A9_The_database_holds_no_token_no_temporary_password_and_no_letters_password(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (letter, unused) = (await portal.GiveLetterAsync(family[0]), await portal.GiveLetterAsync(family[1]));
        var visitor = portal.Visitor();
        var link = await portal.AskToRegisterAsync(visitor, Address);

        // The mails of a second ask, a reissue and a new address wait in the queue, after a try that failed.
        await link.CompleteRegistrationAsync(letter, LoginId);
        await visitor.LogInAsync(LoginId);
        await portal.RunJobsAsync();
        portal.Mail.Answer = SentMail.Down;
        await (await visitor.OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "mou-hitori@example.jp"));
        await visitor.AskReissueAsync(Address);
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", "daini@example.jp"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        await portal.RunJobsAsync();
        var waiting = await StoredText.ReadAsync(portal.Database);
        Assert.Equal(4, await portal.CountAsync(db => db.OutboxMails.Where(m => m.SentAt == null)));

        portal.Mail.Answer = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.RunJobsAsync();
        var sent = await StoredText.ReadAsync(portal.Database);
        var tokens = portal.Mail.All.Where(m => m.TextBody.Contains("/c/", StringComparison.Ordinal)).Select(m => Visitor.LinkIn(m)["/c/".Length..]).ToList();
        Assert.Equal(4, tokens.Distinct().Count());
        Assert.All(tokens, t => Assert.True(System.Buffers.Text.Base64Url.DecodeFromChars(t).Length * 8 >= 128));
        var (_, temporary) = Steps.CredentialsIn(portal.Mail.To(Address).Single(m => m.Subject == "パスワード再発行のご案内"));
        string[] secrets =
        [
            .. tokens, temporary, ProvisionalPassword.Normalize(temporary), unused.ProvisionalPassword, ProvisionalPassword.Normalize(unused.ProvisionalPassword),
            Journeys.Password, visitor.CookieOf("kenko")!, File.ReadAllText(Path.Combine(portal.Database.Directory, "keys", "portal.key")).Trim(),
        ];
        foreach (var spelling in secrets.SelectMany(StoredText.SpellingsOf))
        {
            Assert.DoesNotContain(spelling, waiting, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(spelling, sent, StringComparison.OrdinalIgnoreCase);
        }

        // The reading itself is not blind: what may be there is found, in bytes as in words.
        Assert.Contains(unused.ProvisionalId, sent, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString(Core.Common.Secrets.HashOf(tokens[0])), sent, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, OnEveryDatabase]
    public async Task L2_Looks_and_blank_forms_consume_neither_a_reissue_nor_a_new_address(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        await SaveAsync(member, ("メールアドレス2", "daini@example.jp"));
        var confirmation = await portal.MailToAsync("daini@example.jp");
        await member.AskReissueAsync(Address);
        var reissue = await portal.MailToAsync(Address);
        foreach (var mail in new[] { confirmation, reissue })
        {
            for (var i = 0; i < 100; i++)
            {
                using var request = new HttpRequestMessage(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head, Visitor.LinkIn(mail));
                Assert.Equal(HttpStatusCode.SeeOther, (await portal.Stranger().SendAsync(request)).StatusCode);
            }

            var scanner = portal.Stranger();
            var page = await scanner.FollowAsync(mail);
            for (var i = 0; i < 6; i++)
            {
                // Signed out, a confirmation's link shows the login; its blank form consumes nothing either.
                Assert.Equal(HttpStatusCode.OK, (await page.PressOnceAsync("ログイン")).StatusCode);
            }
        }

        var (loginId, password) = Steps.CredentialsIn(reissue);
        var form = await (await portal.Stranger().FollowAsync(reissue)).PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password));
        Assert.Equal("パスワード変更(パスワード再発行)", form.Heading);
        var done = await (await member.FollowAsync(confirmation)).PressAsync("確認する");
        Assert.Contains("メールアドレスを登録しました", done.Text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task L7_A_change_of_password_or_address_kills_the_confirmations_that_are_out(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        await SaveAsync(member, ("メールアドレス2", "daini@example.jp"));
        var first = await portal.MailToAsync("daini@example.jp");
        await (await member.OpenAsync("/profile/password")).PressAsync(
            "登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        Assert.Equal(HttpStatusCode.Gone, (await member.FollowAsync(first)).Status);

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync(member, Steps.NewPassword, ("メールアドレス2", "daini@example.jp"));
        var second = await portal.MailToAsync("daini@example.jp");
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync(member, Steps.NewPassword, ("メールアドレス3", "daisan@example.jp"));
        var third = await portal.MailToAsync("daisan@example.jp");
        Assert.Equal(HttpStatusCode.OK, (await member.FollowAsync(second)).Status);
        Assert.Contains("メールアドレスを登録しました", (await (await member.FollowAsync(third)).PressAsync("確認する")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await member.FollowAsync(second)).Status);
        Assert.DoesNotContain("daini@example.jp", (await member.OpenAsync("/profile")).Html, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task L9_I4_A_click_that_cannot_be_counted_does_not_stop_the_page(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        var visitor = portal.Visitor();
        await portal.AskToRegisterAsync(visitor, Address);
        var mail = await portal.MailToAsync(Address);
        if (kind is DatabaseKind.Sqlite)
        {
            await portal.WriteAsync(db => db.Database.ExecuteSqlRaw(
                """CREATE TRIGGER no_count BEFORE UPDATE OF "Clicks" ON "RegistrationLinks" BEGIN SELECT RAISE(ABORT, 'full'); END"""));
        }
        else
        {
            await portal.Database.ExecuteAsAdminAsync("""
                CREATE FUNCTION no_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$;
                CREATE TRIGGER no_count BEFORE UPDATE OF "Clicks" ON "RegistrationLinks" FOR EACH ROW EXECUTE FUNCTION no_count();
                """);
        }

        var page = await visitor.FollowAsync(mail);
        Assert.Equal("/register/login", page.Path);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(1, await portal.ReadAsync(db => db.RegistrationLinks.Select(l => l.Clicks).SingleAsync()));
        if (kind is DatabaseKind.Sqlite)
        {
            await portal.WriteAsync(db => db.Database.ExecuteSqlRaw("DROP TRIGGER no_count"));
        }
        else
        {
            await portal.Database.ExecuteAsAdminAsync("""DROP TRIGGER no_count ON "RegistrationLinks" """);
        }

        Assert.Equal("利用者情報登録完了", (await page.CompleteRegistrationAsync(letter, LoginId)).Heading);
    }

    [Theory, OnEveryDatabase]
    public async Task M3_The_reissue_has_as_many_asks_one_ask_is_one_mail_an_account_and_security_mails_are_not_limited(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.RegisterAsync(portal.Stranger(), family[0], "otto-no-id", "futari@example.jp");
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.RegisterAsync(portal.Stranger(), family[1], "tsuma-no-id", "futari@example.jp");
        await portal.RunJobsAsync();
        var before = portal.Mail.All.Count;
        foreach (var spelling in new[] { "futari@example.jp", "Futari@example.jp", "FUTARI@example.jp", "futari@Example.jp", "futari@example.JP" })
        {
            await portal.Stranger().AskReissueAsync(spelling);
        }

        await portal.RunJobsAsync();
        Assert.Equal(6, portal.Mail.All.Skip(before).Count(m => m.Subject == "パスワード再発行のご案内"));
        Assert.Equal(before + 6, portal.Mail.All.Count);
        await (await portal.Stranger().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "futari@example.jp"));
        Assert.Equal("利用登録手続きのご案内", (await portal.SubjectsToAsync("futari@example.jp"))[^1]);

        // The society's cap is full as well; what a member must be told still goes out.
        await portal.WriteAsync(db => db.Societies.Single().MailAsksPerHour = 1);
        var visitor = portal.Stranger();
        await visitor.LogInAsync("otto-no-id");
        await (await visitor.OpenAsync("/profile/password")).PressAsync(
            "登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        Assert.Equal("パスワード変更のお知らせ", (await portal.SubjectsToAsync("futari@example.jp"))[^1]);
    }

    [Fact]
    public async Task M9_Every_mail_of_every_flow_is_marked_as_automatic_and_read_by_a_strict_parser()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (member, _) = await portal.MemberAsync(person, LoginId);
        await SaveAsync(member, ("メールアドレス2", "daini@example.jp"));
        await SaveAsync(member, ("医療費通知: 公開する", "on"));
        await portal.WriteAsync(db => db.ProvisionalFailures.AddRange(Enumerable.Range(0, ProvisionalFailure.BudgetPerHour)
            .Select(_ => new ProvisionalFailure { SocietyId = portal.Society.Id, At = portal.Clock.Now })));
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        await (await portal.AskToRegisterAsync(portal.Stranger(), "dare@example.jp"))
            .PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", "abcd-efgh-jkmn"));
        await member.AskReissueAsync(Address);
        var mail = await portal.MailToAsync(Address);
        var (loginId, password) = Steps.CredentialsIn(mail);
        var form = await (await member.FollowAsync(mail)).PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password));
        await form.PressAsync("登録", ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        await portal.RunJobsAsync();

        var kinds = portal.Mail.All.DistinctBy(m => m.Subject).ToList();
        Assert.Equal(8, kinds.Count);
        foreach (var one in kinds)
        {
            var bytes = MimeWriter.Write(one);
            var head = Encoding.ASCII.GetString(bytes).Split("\r\n\r\n")[0];
            Assert.Matches("(?m)^Auto-Submitted: auto-(generated|replied)\r?$", head);
            Assert.Matches("(?m)^Message-ID: <[^<>@ ]+@[^<>@ ]+>\r?$", head);
            Assert.DoesNotContain(person.Name, one.TextBody, StringComparison.Ordinal);
        }

        Assert.Equal(portal.Mail.All.Count, portal.Mail.All.Select(m => m.MessageId).Distinct().Count());
        Assert.SkipUnless(Tool.Exists("python3"), "python3 is not installed");
        var folder = Directory.CreateTempSubdirectory("kenko-mail-");
        try
        {
            for (var i = 0; i < kinds.Count; i++)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{i}.eml"), MimeWriter.Write(kinds[i]), TestContext.Current.CancellationToken);
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{i}.txt"), kinds[i].Subject + "\n" + kinds[i].TextBody.ReplaceLineEndings("\n").Trim(), TestContext.Current.CancellationToken);
            }

            var read = Tool.Run("python3", "-c", """
                import sys, glob, email, email.policy
                for path in glob.glob(sys.argv[1] + '/*.eml'):
                    m = email.message_from_binary_file(open(path, 'rb'), policy=email.policy.strict)
                    text = m['Subject'] + '\n' + m.get_content().replace('\r\n', '\n').strip()
                    assert text == open(path[:-3] + 'txt', encoding='utf-8', newline='').read(), path
                    assert m.get_content_type() == 'text/plain' and not m.defects
                print('read')
                """, folder.FullName);
            Assert.True(read.Output == "read\n", read.Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task M10_After_hard_bounces_the_member_is_told_at_the_next_login(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, home) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        Assert.DoesNotContain("メールが届いていません", home.Html, StringComparison.Ordinal);
        await portal.RunJobsAsync();
        portal.Mail.Answer = _ => Task.FromResult<DeliveryResult>(new DeliveryResult.Rejected(DeliveryStep.Recipient, 550, "5.1.1"));
        foreach (var switched in new[] { "医療費通知: 公開する", "医療費通知: 公開しない" })
        {
            Assert.DoesNotContain("メールが届いていません", (await member.OpenAsync("/")).Html, StringComparison.Ordinal);
            await SaveAsync(member, (switched, "on"));
            await portal.RunJobsAsync();
        }

        await (await member.OpenAsync("/")).PressAsync("ログアウト");
        Assert.Contains("メールが届いていません", (await member.LogInAsync(LoginId)).Text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task I3_Nothing_that_is_typed_is_ever_part_of_a_statement(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (member, _) = await portal.MemberAsync(family[0], LoginId);
        await portal.RunJobsAsync();
        var before = await portal.ReadAsync(db => db.MemberAccounts.Select(a => a.LoginId + a.PasswordHash).ToListAsync());
        foreach (var typed in new[] { "' OR '1'='1", "minato-taro'--", "'; DELETE FROM \"MemberAccounts\"; --", "\") OR 1=1 --", "1;SELECT pg_sleep(9)", "%' ESCAPE '", "{0}", "$1", "\\'; --", "x' UNION SELECT 1--" })
        {
            var visitor = portal.Stranger();
            foreach (var (path, status) in new[]
            {
                ("/c/" + Uri.EscapeDataString(typed), HttpStatusCode.Gone), ("/profile/" + Uri.EscapeDataString(typed), HttpStatusCode.NotFound),
                ("/login?Input.LoginId=" + Uri.EscapeDataString(typed), HttpStatusCode.OK), ("/kw21cu/clickCount/cc?r=" + Uri.EscapeDataString(typed), HttpStatusCode.Gone),
            })
            {
                Assert.Equal(status, (await (path.StartsWith("/profile", StringComparison.Ordinal) ? member : visitor).OpenAsync(path)).Status);
            }

            Assert.Equal("/login", (await visitor.LogInAsync(typed, typed)).Path);
            Assert.Equal("/login", (await visitor.LogInAsync(LoginId, typed)).Path);
            Assert.Equal(HttpStatusCode.OK, (await (await visitor.OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", typed))).Status);
            Assert.Equal(HttpStatusCode.OK, (await visitor.AskReissueAsync(typed)).Status);
            visitor.Cookies.Add(new Cookie("kenko", Uri.EscapeDataString(typed), "/", "localhost"));
            Assert.Equal("/login", (await visitor.OpenAsync("/")).Path);
            var saved = await (await member.OpenAsync("/profile")).PressAsync("登録", ("ニックネーム", typed.Length > 20 ? typed[..20] : typed));
            Assert.Contains("登録しました", saved.Text, StringComparison.Ordinal);
        }

        Assert.Equal(before, await portal.ReadAsync(db => db.MemberAccounts.Select(a => a.LoginId + a.PasswordHash).ToListAsync()));
        Assert.Equal("/", (await member.OpenAsync("/")).Path);
    }

    private static Task SaveAsync(Visitor visitor, params (string Label, string Value)[] fields) => SaveAsync(visitor, Journeys.Password, fields);

    private static async Task SaveAsync(Visitor visitor, string password, params (string Label, string Value)[] fields)
    {
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", fields);
        Assert.Equal("現在のパスワード", confirm.Heading);
        Assert.Equal("/profile", (await confirm.PressAsync("登録", ("現在のパスワード", password))).Path);
    }
}

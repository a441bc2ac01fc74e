using System.Runtime.Versioning;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Data.Sqlite;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Security;

/// <summary>Clauses of the rows F4, G2–G4 and Z5 of docs/security.md that no room's own tests prove.</summary>
public sealed class DataRowTests
{
    [Theory, OnEveryDatabase]
    public async Task G2_Every_action_leaves_one_event_with_its_actor(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "長男");
        var letter = await portal.GiveLetterAsync(family[0]);
        var (visitor, sent) = (portal.Visitor(), new List<AuditEvent>());
        string? account = null;

        // What each action leaves, jobs left out: kind, actor, kind, actor …
        async Task LeavesAsync(Func<Task> act, params (AuditKind Kind, string Actor)[] expected)
        {
            await act();
            var all = await portal.ReadAsync(db => db.AuditEvents.AsNoTracking().OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync());
            var left = all.Where(e => sent.TrueForAll(s => s.Id != e.Id)).ToList();
            sent.AddRange(left);
            Assert.Equal(
                expected.Select(e => $"{e.Kind} {(e.Actor == "account" ? account : e.Actor)}").Order(StringComparer.Ordinal),
                left.Select(e => $"{e.Kind} {e.Actor}").Order(StringComparer.Ordinal));
        }

        await LeavesAsync(() => Task.CompletedTask, (AuditKind.SocietyAdded, "visitor"));
        ShownPage link = null!, form = null!;
        await LeavesAsync(
            async () => await (await visitor.OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "taro@example.jp")));
        await LeavesAsync(portal.RunJobsAsync, (AuditKind.AskDecided, "job:asks"), (AuditKind.RegistrationLinkQueued, "job:asks"));
        await LeavesAsync(async () => link = await visitor.FollowAsync(portal.Mail.Last));
        await LeavesAsync(
            () => link.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", "abcd-efgh-jkmn")), (AuditKind.ProvisionalLoginFailed, "visitor"));
        await LeavesAsync(
            async () => form = await link.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", letter.ProvisionalPassword)),
            (AuditKind.ProvisionalLoginSucceeded, "visitor"));
        await LeavesAsync(
            () => form.PressAsync("登録", ("新ログインID", "minato-taro"), ("新パスワード", Journeys.Password), ("新パスワード(確認)", Journeys.Password)),
            (AuditKind.AccountRegistered, "visitor"), (AuditKind.DisclosureClosed, "visitor"), (AuditKind.DisclosureClosed, "visitor"));
        account = $"account:{(await portal.AccountAsync(family[0])).Id}";
        await LeavesAsync(() => visitor.LogInAsync("minato-taro", "chigau-0000-umi"), (AuditKind.LoginFailed, "visitor"));
        await LeavesAsync(() => visitor.LogInAsync("minato-taro"), (AuditKind.LoginSucceeded, "visitor"));
        await LeavesAsync(async () => await visitor.OpenAsync("/"));

        // Another person's data: each look, and what is looked at again within ten minutes is the same look.
        await LeavesAsync(async () => await visitor.OpenAsync($"/profile/{family[1].Id:N}"), (AuditKind.ProfileOfOtherRead, "account"));
        await LeavesAsync(async () => await visitor.OpenAsync($"/profile/{family[1].Id:N}"));
        portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await LeavesAsync(async () => await visitor.OpenAsync($"/profile/{family[1].Id:N}"), (AuditKind.ProfileOfOtherRead, "account"));
        await LeavesAsync(async () => await visitor.OpenAsync($"/profile/{Guid.CreateVersion7():N}"));
        ShownPage profile = null!, confirm = null!;
        await LeavesAsync(async () => profile = await visitor.OpenAsync("/profile"));
        await LeavesAsync(
            () => profile.PressAsync("登録", ("ニックネーム", "たろう"), ("医療費通知更新メール通知", "off")),
            (AuditKind.NicknameChanged, "account"),
            (AuditKind.NoticeMailChanged, "account"),
            (AuditKind.DisclosureClosed, "account"),
            (AuditKind.DisclosureClosed, "account"));
        await LeavesAsync(async () => confirm = await (await visitor.OpenAsync("/profile")).PressAsync(
            "登録", ("ログインID", "umi-no-hito"), ("メールアドレス2", "daini@example.jp"), ("医療費通知: 公開する", "on")));
        await LeavesAsync(() => confirm.PressAsync("登録", ("現在のパスワード", "chigau-0000-umi")), (AuditKind.CurrentPasswordRefused, "account"));
        await LeavesAsync(
            () => confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password)),
            (AuditKind.LoginIdChanged, "account"),
            (AuditKind.AddressAsked, "account"),
            (AuditKind.DisclosureOpened, "account"));
        await LeavesAsync(portal.RunJobsAsync);
        await LeavesAsync(
            async () => await (await visitor.FollowAsync(portal.Mail.To("daini@example.jp").Single())).PressAsync("確認する"), (AuditKind.AddressConfirmed, "account"));
        await LeavesAsync(async () => confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", ""), ("医療費通知: 公開しない", "on")));
        await LeavesAsync(
            () => confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password)), (AuditKind.AddressRemoved, "account"), (AuditKind.DisclosureClosed, "account"));
        await LeavesAsync(
            async () => await (await visitor.OpenAsync("/profile/password")).PressAsync(
                "登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword)),
            (AuditKind.PasswordChanged, "account"));
        await LeavesAsync(async () => confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス3", "daisan@example.jp")));
        await LeavesAsync(() => confirm.PressAsync("登録", ("現在のパスワード", Steps.NewPassword)), (AuditKind.AddressAsked, "account"));
        await LeavesAsync(async () => await (await visitor.OpenAsync("/profile")).PressAsync("取り消す"), (AuditKind.AddressWithdrawn, "account"));
        ShownPage child = null!;
        await LeavesAsync(async () => child = await visitor.OpenAsync($"/profile/{family[2].Id:N}"), (AuditKind.ProfileOfOtherRead, "account"));
        await LeavesAsync(
            () => child.PressAsync("登録", ("ジェネリック通知更新メール通知", "off")),
            (AuditKind.NoticeMailChanged, "account"), (AuditKind.DisclosureClosed, "account"), (AuditKind.DisclosureClosed, "account"));
        await LeavesAsync(async () => await (await visitor.OpenAsync("/")).PressAsync("ログアウト"), (AuditKind.LoggedOut, "account"));

        await LeavesAsync(() => visitor.AskReissueAsync("taro@example.jp"));
        await LeavesAsync(portal.RunJobsAsync, (AuditKind.AskDecided, "job:asks"), (AuditKind.ReissueQueued, "job:asks"));
        var mail = portal.Mail.To("taro@example.jp").Last();
        var (loginId, password) = Steps.CredentialsIn(mail);
        ShownPage reissue = null!;
        await LeavesAsync(async () => reissue = await visitor.FollowAsync(mail));
        await LeavesAsync(() => reissue.PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", "abcd-efgh-jkmn")), (AuditKind.ReissueLoginFailed, "visitor"));
        await LeavesAsync(async () => form = await reissue.PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password)), (AuditKind.ReissueLoginSucceeded, "visitor"));
        await LeavesAsync(() => form.PressAsync("登録", ("新しいパスワード", Journeys.Password), ("パスワード確認", Journeys.Password)), (AuditKind.PasswordReissued, "visitor"));

        // The staff, on the command line.
        Task SupportAsync(Func<AccountSupport, Task> act) => portal.AsStaffAsync(async services =>
        {
            await act(services.GetRequiredService<AccountSupport>());
            return 0;
        });
        await LeavesAsync(() => SupportAsync(s => s.ShowAsync(family[0].Id, CancellationToken.None)), (AuditKind.AccountShown, "system:test"));
        await LeavesAsync(() => SupportAsync(s => s.UnlockAsync(family[0].Id, CancellationToken.None)), (AuditKind.AccountUnlocked, "system:test"));
        await LeavesAsync(() => SupportAsync(s => s.SuspendAsync(family[0].Id, CancellationToken.None)), (AuditKind.AccountSuspended, "system:test"));
        await LeavesAsync(() => SupportAsync(s => s.ResumeAsync(family[0].Id, CancellationToken.None)), (AuditKind.AccountResumed, "system:test"));
        await LeavesAsync(() => SupportAsync(s => s.RemoveAsync(family[0].Id, CancellationToken.None)), (AuditKind.AccountRemoved, "system:test"));
        await LeavesAsync(
            () => portal.AsStaffAsync(async s =>
            {
                await s.GetRequiredService<SocietySettings>().ChangeAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["tel"] = "078-000-0000" }, CancellationToken.None);
                return 0;
            }),
            (AuditKind.SocietyChanged, "system:test"));

        // All of it is in the chain, and the chain is whole.
        await portal.RunJobsAsync();
        var report = await portal.AsStaffAsync(s => s.GetRequiredService<AuditSealing>().VerifyAsync(CancellationToken.None));
        Assert.Empty(report.Faults);
        Assert.Equal((sent.Count, 0), (report.Sealed, report.Unsealed));
    }

    [Theory, OnEveryDatabase]
    public async Task G2_The_command_line_records_the_systems_user_and_verify_finds_a_changed_a_missing_and_a_cut_row(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        var list = desk.File("list.csv", new ListText().Row().Text());
        Assert.Equal(0, (await desk.RunAsync("members", "import", list)).ExitCode);
        Assert.Equal(0, (await desk.RunAsync("society", "set", "minato", "tel=1")).ExitCode);
        Assert.Equal(0, (await desk.RunAsync("backup", desk.File("a.backup"))).ExitCode);
        await using (var services = desk.Look().Services)
        {
            await services.GetRequiredService<Core.Jobs.PortalJobs>().RunOnceAsync(TestContext.Current.CancellationToken, "audit");
            var society = Assert.Single(await services.GetRequiredService<SocietyIndex>().AllAsync(TestContext.Current.CancellationToken));
            await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, _ => { });
            var events = await scope.ServiceProvider.GetRequiredService<PortalContext>().AuditEvents.ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal(
                [AuditKind.BackupMade, AuditKind.MembersImported, AuditKind.SocietyAdded, AuditKind.SocietyChanged],
                events.Select(e => e.Kind).OrderBy(k => k.ToString(), StringComparer.Ordinal));
            Assert.All(events, e => Assert.Equal($"system:{Environment.UserName}", e.Actor));
            Assert.DoesNotContain(events, e => (e.Detail ?? "").Contains("山田", StringComparison.Ordinal) || (e.Detail ?? "").Contains("list.csv", StringComparison.Ordinal));
        }

        async Task FindsAsync(string damage, string repair, string words)
        {
            await desk.ExecuteAsync(damage);
            var found = await desk.RunAsync("audit", "verify");
            Assert.Equal(1, found.ExitCode);
            Assert.Contains(words, found.Error, StringComparison.Ordinal);
            await desk.ExecuteAsync(repair);
            Assert.Equal(0, (await desk.RunAsync("audit", "verify")).ExitCode);
        }

        var copy = "CREATE TABLE kept AS SELECT * FROM \"AuditEvents\"";
        await desk.ExecuteAsync(copy);
        const string putBack = "DELETE FROM \"AuditEvents\"; INSERT INTO \"AuditEvents\" SELECT * FROM kept;";
        foreach (var column in new[] { "\"Actor\" = 'x'", "\"Kind\" = 'LoggedOut'", "\"Detail\" = 'x'", "\"SubjectId\" = NULL, \"Detail\" = 'y'", "\"Hash\" = \"Hash\" || \"Hash\"" })
        {
            var changed = kind is DatabaseKind.Sqlite && column.StartsWith("\"Hash\"", StringComparison.Ordinal) ? "\"Hash\" = x'00'" : column;
            await FindsAsync($"UPDATE \"AuditEvents\" SET {changed} WHERE \"Sequence\" = 2", putBack, "2 件目 が書き換えられています");
        }

        await FindsAsync("DELETE FROM \"AuditEvents\" WHERE \"Sequence\" = 2", putBack, "2 件目");
        await FindsAsync("DELETE FROM \"AuditEvents\" WHERE \"Sequence\" >= 3", putBack, "3 件目 から後が切り落とされています");
        await FindsAsync("DELETE FROM \"AuditEvents\" WHERE \"Sequence\" = 1", putBack, "1 件目");
    }

    [Fact]
    public async Task G3_A_password_a_link_and_an_address_that_were_replaced_are_gone_from_the_files()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro", "kieru-hazu-7f3a@example.jp");
        await portal.WriteAsync(db => db.MemberAccounts.Single().Nickname = "kieru-hazu-9b1c");
        await portal.RunJobsAsync();
        Assert.True(FilesHold(portal, "kieru-hazu-7f3a"));
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", "daini@example.jp"), ("ニックネーム", "たろう"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        await (await visitor.FollowAsync(await portal.MailToAsync("daini@example.jp"))).PressAsync("確認する");
        confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス1", "daini@example.jp"), ("メールアドレス2", ""));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));

        // Once what was sent to it and asked for it is past its keeping as well.
        await portal.RunJobsAsync();
        portal.Clock.Advance(TimeSpan.FromDays(40));
        await portal.RunJobsAsync();
        Assert.DoesNotContain("kieru-hazu", await StoredText.ReadAsync(portal.Database), StringComparison.Ordinal);
        Assert.False(FilesHold(portal, "kieru-hazu-7f3a"));
        Assert.False(FilesHold(portal, "kieru-hazu-9b1c"));
        Assert.True(FilesHold(portal, "daini@example.jp"));
        Assert.InRange(portal.Services.GetRequiredService<SqliteMaintenance>().Interval, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(59));
    }

    [Theory, OnEveryDatabase]
    [UnsupportedOSPlatform("windows")]
    public async Task G4_A_restore_over_the_command_line_ends_what_was_out_and_posted_letters_live(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (member, _) = await portal.MemberAsync(family[0], "minato-taro");
        var letter = await portal.GiveLetterAsync(family[1]);
        await member.AskReissueAsync("taro@example.jp");
        var reissue = await portal.MailToAsync("taro@example.jp");
        portal.Mail.Answer = SentMail.Down;
        await (await portal.Stranger().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "matteiru@example.jp"));
        await portal.RunJobsAsync();
        Assert.Equal("/", (await member.OpenAsync("/")).Path);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await member.FollowAsync(reissue)).Status);

        var file = Path.Combine(portal.Database.Directory, "a.backup");
        foreach (var command in new[] { "backup", "restore" })
        {
            await using var output = new StringWriter();
            await using var error = new StringWriter();
            var code = await Web.Commands.PortalCommandLine.RunAsync(
                ["--data", portal.Database.Directory, command, file, .. command == "restore" ? new[] { "--yes" } : []],
                new Web.Commands.CommandSurroundings(output, error, IsTerminal: false, new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
                {
                    ["ConnectionStrings:Portal"] = portal.Database.PortalConnection ?? "", ["ConnectionStrings:Owner"] = portal.Database.OwnerConnection ?? "",
                }, TestContext.Current.CancellationToken));
            Assert.True(code == 0, error.ToString());
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal("/login", (await member.OpenAsync("/")).Path);
        Assert.Equal(System.Net.HttpStatusCode.Gone, (await member.FollowAsync(reissue)).Status);
        Assert.Equal(0, await portal.CountAsync(db => db.KnownDevices));
        portal.Mail.Answer = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(await portal.SubjectsToAsync("matteiru@example.jp"));
        Assert.Equal("利用者情報登録完了", (await (await portal.AskToRegisterAsync(portal.Stranger(), "tsuma@example.jp")).CompleteRegistrationAsync(letter, "minato-hanako")).Heading);
        Assert.Equal("/", (await member.LogInAsync("minato-taro")).Path);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task F4_Letters_are_a_file_of_their_owner_alone_and_no_address_of_the_web_leads_to_them()
    {
        await using var desk = CommandDesk.Empty();
        Assert.Equal(0, (await desk.AddSocietyAsync()).ExitCode);
        Assert.Equal(0, (await desk.RunAsync("members", "import", desk.File("list.csv", new ListText().Row().Text()))).ExitCode);
        var file = Path.Combine(desk.Folder, "letters.pdf");
        var issued = await desk.RunAsync("letters", "issue", "--out", file);
        Assert.SkipWhen(issued.Error.Contains("BIZ UDGothic", StringComparison.Ordinal), "the fonts are not installed");
        Assert.True(issued.ExitCode == 0, issued.Error);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(desk.Folder, "keys")));

        await using var served = await desk.ServeAsync();
        using var browser = new HttpClient { BaseAddress = served.Origin };
        foreach (var path in new[] { "/letters.pdf", "/data/letters.pdf", "/../letters.pdf", "/%2e%2e/letters.pdf", "/portal.db", "/keys/portal.key", "/letters", "/css/%2e%2e/%2e%2e/letters.pdf" })
        {
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await browser.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.Equal(System.Net.HttpStatusCode.OK, (await browser.GetAsync("/css/portal.css", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task Z5_The_serving_role_sees_and_writes_one_society_in_every_table_and_scheduling_reads_ids_and_times(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var yama = await portal.AddSocietyAsync("yama", "yama.example");
        await FillAsync(portal, portal.Society, "localhost");
        await FillAsync(portal, yama, "yama.example");
        await portal.RunJobsAsync();
        var tenants = await portal.ReadAsync(db => Task.FromResult(db.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned)))
            .Select(e => e.GetTableName()!).Distinct().Order(StringComparer.Ordinal).ToList()));
        Assert.True(tenants.Count >= 19);
        await using var connection = portal.Database.Database.CreateConnection();
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        async Task<object?> AskAsync(string sql)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(false, await AskAsync("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"));
        Assert.Equal(0L, await AskAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"));
        var readable = new List<string>();
        var filled = 0;
        foreach (var table in tenants)
        {
            await AskAsync("SELECT set_config('portal.society', '', false), set_config('portal.scope', '', false)");
            Assert.Equal(0L, await AskAsync($"SELECT count(*) FROM \"{table}\""));
            await AskAsync("SELECT set_config('portal.scope', 'scheduling', false)");
            if ((long)(await AskAsync($"SELECT count(*) FROM \"{table}\""))! > 0)
            {
                readable.Add(table);
            }

            await AskAsync($"SELECT set_config('portal.scope', '', false), set_config('portal.society', '{portal.Society.Id}', false)");
            filled += (long)(await AskAsync($"SELECT count(*) FROM \"{table}\""))! > 0 ? 1 : 0;
            Assert.Equal(0L, await AskAsync($"SELECT count(*) FROM \"{table}\" WHERE \"SocietyId\" <> '{portal.Society.Id}'"));
        }

        Assert.True(filled >= 14, $"{filled} tables had rows");
        Assert.Empty(readable);

        // S8: scheduling sees that there is work, not for whom. Outside of it the views are empty.
        foreach (var view in new[] { "WaitingMails", "WaitingAsks", "WaitingBounces", "UnsealedEvents", "UnmailedNotices" })
        {
            await AskAsync("SELECT set_config('portal.society', '', false), set_config('portal.scope', '', false)");
            Assert.Equal(0L, await AskAsync($"SELECT count(*) FROM \"{view}\""));
            Assert.Equal(0L, await AskAsync($"SELECT count(*) FROM information_schema.columns WHERE table_name = '{view}' AND data_type NOT IN ('uuid', 'timestamp with time zone', 'date') AND column_name <> 'Lane'"));
        }

        await AskAsync("SELECT set_config('portal.scope', 'scheduling', false)");
        Assert.True((long)(await AskAsync("""SELECT count(DISTINCT "SocietyId") FROM "WaitingMails" """))! == 2);

        await AskAsync($"SELECT set_config('portal.scope', '', false), set_config('portal.society', '{portal.Society.Id}', false)");

        // Nor can it write for another: a row cannot be given away, and a row of another cannot be reached.
        var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => AskAsync($"UPDATE \"Persons\" SET \"SocietyId\" = '{yama.Id}'"));
        Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        await AskAsync($"UPDATE \"Persons\" SET \"Name\" = 'x' WHERE \"SocietyId\" = '{yama.Id}'");
        await AskAsync($"SELECT set_config('portal.society', '{yama.Id}', false)");
        Assert.Equal(0L, await AskAsync("SELECT count(*) FROM \"Persons\" WHERE \"Name\" = 'x'"));
        await AskAsync("SELECT set_config('portal.society', '', false), set_config('portal.scope', 'scheduling', false)");
        await AskAsync("UPDATE \"OutboxMails\" SET \"ToAddress\" = 'x@example.com'");
        await AskAsync($"SELECT set_config('portal.society', '{yama.Id}', false)");
        Assert.Equal(0L, await AskAsync("SELECT count(*) FROM \"OutboxMails\" WHERE \"ToAddress\" = 'x@example.com'"));
    }

    /// <summary>S8 and the finding about NoResetOnClose: the pool lends one connection, which has just served a society.</summary>
    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task Z5_A_pooled_connection_past_Entity_Framework_sees_no_rows_whatever_it_served_before(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await FillAsync(portal, portal.Society, "localhost");
        await portal.RunJobsAsync();
        using var database = new PortalDatabase(portal.Database.Directory, portal.Database.PortalConnection + ";Maximum Pool Size=1", null);
        var services = new ServiceCollection();
        var token = TestContext.Current.CancellationToken;
        TestPortal.AddTo(services, database, portal.Database.Keys, portal.Clock, portal.Mail);
        await using var provider = services.BuildServiceProvider();
        foreach (var use in new Func<IServiceProvider, PortalContext, Task>[]
        {
            (_, db) => db.Persons.CountAsync(token),
            (_, db) => db.Persons.ExecuteUpdateAsync(set => set.SetProperty(p => p.Workplace, p => p.Workplace), token),
            (scope, db) => scope.GetRequiredService<UnitOfWork>().CommitAsync(() => db.Persons.CountAsync(token), token),
            (scope, db) => scope.GetRequiredService<UnitOfWork>().RehearseAsync(() => db.Persons.CountAsync(token), token),
            (_, db) => Assert.ThrowsAsync<Npgsql.PostgresException>(() => db.Database.ExecuteSqlRawAsync("SELECT 1 / 0", token)),
            (scope, db) => Assert.ThrowsAsync<Npgsql.PostgresException>(() => scope.GetRequiredService<UnitOfWork>().CommitAsync(() => db.Database.ExecuteSqlRawAsync("SELECT 1 / 0", token), token)),
        })
        {
            await using var scope = provider.GetRequiredService<SocietyScopes>().Open(portal.Society, actor => actor.IsSystemUser("test"));
            var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
            await use(scope.ServiceProvider, db);
            Assert.True(await db.Persons.AnyAsync(token));
            var served = await db.Database.SqlQueryRaw<int>("SELECT pg_backend_pid() AS \"Value\"").SingleAsync(token);
            var raw = db.Database.GetDbConnection();
            await raw.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = raw.CreateCommand();
            command.CommandText = "SELECT pg_backend_pid()";
            Assert.Equal(served, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
            foreach (var table in db.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned))).Select(e => e.GetTableName()!).Distinct(StringComparer.Ordinal))
            {
                command.CommandText = $"SELECT count(*) FROM \"{table}\"";
                Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
            }

            await raw.CloseAsync();
        }
    }

    [Theory, OnEveryDatabase]
    public async Task Z5_A_query_of_one_society_never_returns_a_row_of_another_in_any_table(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var yama = await portal.AddSocietyAsync("yama", "yama.example");
        await FillAsync(portal, yama, "yama.example");
        await portal.RunJobsAsync();
        var seen = await portal.ReadAsync(async db =>
        {
            var counts = new List<string>();
            foreach (var type in db.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned)) && !e.ClrType.IsAbstract))
            {
                var method = typeof(DataRowTests).GetMethod(nameof(OthersAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(type.ClrType);
                counts.Add($"{type.ShortName()} {await (Task<int>)method.Invoke(null, [db, yama.Id])!}");
            }

            return counts;
        });
        Assert.True(seen.Count >= 19);
        Assert.All(seen, s => Assert.EndsWith(" 0", s, StringComparison.Ordinal));

        // And nothing is saved for another.
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => portal.WriteAsync(db => db.Households.Add(new Core.Members.Household { SocietyId = yama.Id })));
    }

    private static Task<int> OthersAsync<T>(PortalContext db, Guid other)
        where T : class, ITenantOwned => db.Set<T>().CountAsync(e => e.SocietyId == other);

    private static async Task FillAsync(WebPortal portal, Society society, string host)
    {
        var family = await portal.AddHouseholdAsync(society, _ => { }, "本人", "妻");
        var letter = await portal.GiveLetterAsync(family[0]);
        var visitor = portal.Visitor(host, "198.51.100.7");
        var address = $"taro@{society.Key}.example";
        var link = await portal.AskToRegisterAsync(visitor, address);
        await link.PressAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", "abcd-efgh-jkmn"));
        await link.CompleteRegistrationAsync(letter, "minato-taro");
        await visitor.LogInAsync("minato-taro");
        var confirm = await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", "daini@example.jp"), ("医療費通知: 公開する", "on"));
        await confirm.PressAsync("登録", ("現在のパスワード", Journeys.Password));
        await visitor.AskReissueAsync(address);
        await portal.RunJobsAsync();
    }

    private static bool FilesHold(WebPortal portal, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return Directory.EnumerateFiles(portal.Database.Directory, "portal.db*").Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var all = new byte[stream.Length];
            stream.ReadExactly(all);
            return all.AsSpan().IndexOf(bytes) >= 0;
        });
    }
}

using System.Text.RegularExpressions;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Commands;

/// <summary><c>members protect</c>, <c>unprotect</c>, <c>letters recover</c> and <c>letters issue --leaver</c>, and what an import says about 非開示.</summary>
public sealed partial class ProtectionCommandTests
{
    [Theory, OnEveryDatabase]
    public async Task Z8_Protection_is_set_at_once_by_command_and_lifted_only_with_a_reason_and_the_name(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));

        var set = await desk.RunAsync("members", "protect", "--card", "港-7-345-01");
        var again = await desk.RunAsync("members", "protect", "--card", "港-7-345-01");
        var list = desk.File("later.csv", Household().Text());
        var shown = await desk.RunAsync("members", "import", list, "--dry-run");
        var taken = await desk.RunAsync("members", "import", list);
        var stays = await desk.RunAsync("account", "show", "--card", "港-7-345-01");
        var noReason = await desk.RunAsync("members", "unprotect", "--card", "港-7-345-01", "--name", "山田 花子");
        var wrongReason = await desk.RunAsync("members", "unprotect", "--card", "港-7-345-01", "--name", "山田 花子", "--reason", "いらない");
        var wrongName = await desk.RunAsync("members", "unprotect", "--card", "港-7-345-01", "--name", "山田 太郎", "--reason", "ended");
        var lifted = await desk.RunAsync("members", "unprotect", "--card", "港-7-345-01", "--name", "山田　花子", "--reason", "ended");
        var events = await desk.RunAsync("audit", "list", "--card", "港-7-345-01", "--json");

        Assert.Equal((0, 1, 0, 0), (set.ExitCode, again.ExitCode, shown.ExitCode, taken.ExitCode));
        Assert.Contains("港-7-345-01 山田 花子 さんは、これから非開示です。", set.Error, StringComparison.Ordinal);
        Assert.Contains("住所が、世帯のほかの大人と同じ", set.Error, StringComparison.Ordinal);
        Assert.All([shown, taken], r => Assert.Contains("later.csv:3: 港-7-345-01 山田 花子さん。非開示のままにします。", r.Output, StringComparison.Ordinal));
        Assert.Contains("変わりなし 2", taken.Output, StringComparison.Ordinal);
        Assert.Contains("非開示: はい", stays.Output, StringComparison.Ordinal);
        Assert.Equal((2, 2, 1, 0), (noReason.ExitCode, wrongReason.ExitCode, wrongName.ExitCode, lifted.ExitCode));
        Assert.DoesNotContain("花子", wrongName.Error, StringComparison.Ordinal);
        Assert.Contains("非開示: いいえ", (await desk.RunAsync("account", "show", "--card", "港-7-345-01")).Output, StringComparison.Ordinal);
        Assert.Matches("\"ProtectionLifted\".*reason=MeasureEnded", events.Output);
        Assert.Matches("\"ProtectionSet\".*by=staff", events.Output);
        Assert.DoesNotContain("山田", events.Output, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_The_import_and_its_preview_name_who_is_protected_the_address_and_the_children(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household(child: true).Text()));
        var list = desk.File("dv.csv", new ListText().Row([.. Wife, ("非開示", "1")]).Text());

        var shown = await desk.RunAsync("members", "import", list, "--difference", "--dry-run");
        var taken = await desk.RunAsync("members", "import", list, "--difference");

        Assert.Contains("dv.csv:2: 港-7-345-01 山田 花子 さんを非開示にします。", shown.Error, StringComparison.Ordinal);
        Assert.Contains("dv.csv:2: 港-7-345-01 山田 花子 さんは、これから非開示です。", taken.Error, StringComparison.Ordinal);
        Assert.All([shown, taken], r => Assert.Contains("住所が、世帯のほかの大人と同じ", r.Error, StringComparison.Ordinal));
        Assert.All([shown, taken], r => Assert.Contains("港-7-345-02 山田 葵 さんは、被保険者から通知が見えます。非開示にしますか", r.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("神戸", shown.Error + taken.Error, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_A_letter_is_issued_to_who_waits_although_there_is_an_account_and_every_letter_is_an_event_about_its_person(DatabaseKind kind)
    {
        Assert.SkipUnless(Tool.Exists("pdftotext"), "pdftotext is not installed");
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));
        await desk.RunAsync("letters", "issue", "--out", desk.File("first.pdf"));
        var none = await desk.RunAsync("letters", "recover", "--card", "港-7-345-01", "--out", desk.File("none.pdf"));
        await AddAccountAsync(desk, "山田 花子", "hanako.y");

        var protect = await desk.RunAsync("members", "protect", "--card", "港-7-345-01");
        var state = await desk.RunAsync("account", "show", "--card", "港-7-345-01");
        var leftOut = await desk.RunAsync("letters", "issue", "--out", desk.File("left-out.pdf"));
        var refused = await desk.RunAsync("letters", "recover", "--card", "港-7-345-01", "--out", desk.File("refused.pdf"));
        var issued = await desk.RunAsync("letters", "issue", "--address-confirmed", "--out", desk.File("second.pdf"));
        var file = desk.File("recover.pdf");
        var recover = await desk.RunAsync("letters", "recover", "--card", "港-7-345-01", "--address-confirmed", "--out", file);
        var events = await desk.RunAsync("audit", "list", "--card", "港-7-345-01", "--json");

        // Her letter would come to the home of the one she is protected from.
        Assert.Contains("港-7-345-01 山田 花子 さん（非開示）の案内は作成していません", leftOut.Error, StringComparison.Ordinal);
        Assert.Equal((1, true), (refused.ExitCode, refused.Error.Contains("--address-confirmed", StringComparison.Ordinal)));
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("letters issue", none.Error, StringComparison.Ordinal);
        Assert.Contains("再設定のご案内を「letters recover", protect.Error, StringComparison.Ordinal);
        Assert.Contains("再設定のご案内を待つ: ", state.Output, StringComparison.Ordinal);
        Assert.Contains("ログインできません", state.Output, StringComparison.Ordinal);
        Assert.Contains("登録に使った案内: 世帯あて", state.Output, StringComparison.Ordinal);
        Assert.Contains("送信しないメールアドレス: 1 件", state.Output, StringComparison.Ordinal);
        Assert.Contains("1 人分の仮パスワードを発行し、登録のご案内を 1 通（1 枚）", issued.Output, StringComparison.Ordinal);
        Assert.Contains("30 日間、1回だけ", recover.Output, StringComparison.Ordinal);
        foreach (var pdf in new[] { desk.File("second.pdf"), file })
        {
            var text = Tool.Run("pdftotext", "-layout", pdf, "-").Output;
            Assert.Contains("再設定のご案内", text, StringComparison.Ordinal);
            Assert.Contains("◆再設定の流れ◆", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ご家族も同じメールから", text, StringComparison.Ordinal);
            Assert.Single(Credential().Matches(text));
        }

        Assert.Equal(2, Regex.Count(events.Output, "RecoveryLetterIssued"));
        Assert.Equal((1, 1), (Regex.Count(events.Output, @"""CredentialIssued"".*credential=\S+ letter=Household"), Regex.Count(events.Output, "CredentialVoided")));
    }

    [Theory, OnEveryDatabase]
    public async Task A_leaver_gets_a_letter_alone_and_to_nobody_else_is_one_made(DatabaseKind kind)
    {
        Assert.SkipUnless(Tool.Exists("pdftotext"), "pdftotext is not installed");
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));
        await desk.RunAsync("letters", "issue", "--out", desk.File("first.pdf"));

        var early = await desk.RunAsync("letters", "issue", "--card", "港-7-345-01", "--leaver", "--out", desk.File("early.pdf"));
        var left = await desk.RunAsync("members", "import", desk.File("left.csv", new ListText().Row([.. Wife, ("資格喪失年月日", "20261101")]).Text()), "--difference");
        var noCard = await desk.RunAsync("letters", "issue", "--leaver", "--out", desk.File("nocard.pdf"));
        var file = desk.File("leaver.pdf");
        var made = await desk.RunAsync("letters", "issue", "--card", "港-7-345-01", "--leaver", "--out", file);
        await AddAccountAsync(desk, "山田 花子", "hanako.y");
        var late = await desk.RunAsync("letters", "issue", "--card", "港-7-345-01", "--leaver", "--out", desk.File("late.pdf"));

        Assert.Equal((1, 0, 1, 0, 1), (early.ExitCode, left.ExitCode, noCard.ExitCode, made.ExitCode, late.ExitCode));
        Assert.Contains("加入中", early.Error, StringComparison.Ordinal);
        Assert.Contains("1 人の、使われていない仮パスワードを無効にしました", left.Output, StringComparison.Ordinal);
        Assert.Contains("letters recover", late.Error, StringComparison.Ordinal);
        var text = Tool.Run("pdftotext", "-layout", file, "-").Output;
        Assert.Single(Credential().Matches(text));
        Assert.DoesNotContain("太郎", text, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_After_a_restore_who_is_protected_stays_so_and_their_account_waits(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", Household().Text()));
        await AddAccountAsync(desk, "山田 花子", "hanako.y");
        await desk.RunAsync("members", "protect", "--card", "港-7-345-01");
        var backup = desk.File("backup.zip");
        Assert.Equal(0, (await desk.RunAsync("backup", backup)).ExitCode);
        await desk.RunAsync("members", "unprotect", "--card", "港-7-345-01", "--name", "山田花子", "--reason", "mistake");
        Assert.Equal(0, (await desk.RunAsync("restore", backup, "--yes")).ExitCode);

        var state = await desk.RunAsync("account", "show", "--card", "港-7-345-01");

        Assert.Contains("非開示: はい", state.Output, StringComparison.Ordinal);
        Assert.Contains("ログインできません", state.Output, StringComparison.Ordinal);
        Assert.Contains("送信しないメールアドレス: 1 件", state.Output, StringComparison.Ordinal);
    }

    private static (string Heading, string Value)[] Wife =>
    [
        ("記号", "港-7"), ("枝番", "01"), ("氏名", "山田 花子"), ("氏名カナ", "ヤマダ ハナコ"), ("性別", "2"), ("生年月日", "19870505"), ("続柄", "妻"),
    ];

    private static ListText Household(bool child = false)
    {
        var list = new ListText().Row(("記号", "港-7")).Row(Wife);
        return child ? list.Row(("記号", "港-7"), ("枝番", "02"), ("氏名", "山田 葵"), ("氏名カナ", "ヤマダ アオイ"), ("性別", "2"), ("生年月日", "20200101"), ("続柄", "長女")) : list;
    }

    /// <summary>An account as the household's letter made it.</summary>
    private static async Task AddAccountAsync(CommandDesk desk, string name, string loginId)
    {
        var portal = desk.Look();
        await using var scope = portal.Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        var society = (await scope.ServiceProvider.GetRequiredService<SocietyDirectory>().AllAsync(TestContext.Current.CancellationToken)).Single();
        await portal.WriteAsync(society, db =>
        {
            var account = new MemberAccount
            {
                SocietyId = society.Id, PersonId = db.Persons.Single(p => p.Name == name).Id, LoginId = loginId, LoginIdKey = loginId, PasswordHash = "none", Nickname = "はな",
                CreatedAt = portal.Clock.Now,
            };
            db.MemberAccounts.Add(account);
            db.AccountMailAddresses.Add(new AccountMailAddress
            {
                SocietyId = society.Id, AccountId = account.Id, Slot = 1, Address = "kazoku@example.jp", AddressKey = "kazoku@example.jp", ConfirmedAt = portal.Clock.Now,
            });
        });
    }

    [GeneratedRegex(@"仮ログインID\s+\d{8}\s", RegexOptions.None, 1000)]
    private static partial Regex Credential();
}

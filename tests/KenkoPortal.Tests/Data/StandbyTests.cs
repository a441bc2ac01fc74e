using System.Net;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using KenkoPortal.Web.Commands;

namespace KenkoPortal.Tests.Data;

/// <summary>docs/reliability.md: nothing that was acknowledged is lost when the primary dies after its synchronous standby.</summary>
public sealed class StandbyTests
{
    private const string Unconfirmed = "確かめられませんでした";

    [Fact]
    public async Task A_commit_that_the_standby_did_not_confirm_is_never_acknowledged()
    {
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await StandbyCluster.StartAsync();
        var database = await TestDatabase.CreateOnAsync(cluster.Primary);
        await using var portal = await WebPortal.StartAsync(database, new() { ["Portal:LongestRequest"] = "00:00:02" });
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro", "taro@example.jp");
        await portal.RunJobsAsync();
        var form = await portal.Stranger().OpenAsync("/register");
        Assert.Equal(HttpStatusCode.OK, (await form.PressAsync("送信する", ("メールアドレス", "mae@example.jp"))).Status);
        var profile = await member.OpenAsync("/profile");
        cluster.KillStandby();

        // The limit of a request runs out while COMMIT waits: the visitor hears it, the commit goes on.
        var late = await (await portal.Stranger().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "osoi@example.jp"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, Unconfirmed), (late.Status, late.Heading));
        await cluster.CancelWaitAsync(token);

        // Somebody cancels the wait: PostgreSQL says COMMIT, with a warning.
        var cancelled = await WithCancelAsync(cluster, async () =>
            await (await portal.Stranger().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "ato@example.jp")));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, Unconfirmed), (cancelled.Status, cancelled.Heading));
        var changed = await WithCancelAsync(cluster, () => profile.PressAsync("登録", ("ニックネーム", "あと")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, changed.Status);

        // An empty mail.
        await using (var door = await MailDoor.OpenAsync(portal.Services))
        {
            Assert.StartsWith("451", await WithCancelAsync(cluster, () => SendAsync(door.Port)), StringComparison.Ordinal);
        }

        // A command.
        var (code, error) = await WithCancelAsync(cluster, () => SetTitleAsync(portal));
        Assert.NotEqual(0, code);
        Assert.Contains(Unconfirmed, error, StringComparison.Ordinal);

        // The jobs: no mail leaves on the strength of what was not confirmed.
        Assert.NotNull(await WithCancelAsync<Exception?>(cluster, async () => await Record.ExceptionAsync(portal.RunJobsAsync)));
        Assert.All(new[] { "mae@example.jp", "osoi@example.jp", "ato@example.jp" }, address => Assert.Empty(portal.Mail.To(address)));

        Npgsql.NpgsqlConnection.ClearAllPools();
        cluster.FailOver();
        var promoted = new Npgsql.NpgsqlConnectionStringBuilder(database.AdminConnection) { Port = new Npgsql.NpgsqlConnectionStringBuilder(cluster.Standby).Port }.ConnectionString;
        Assert.Equal(1L, await StandbyCluster.ScalarAsync(promoted, """SELECT count(*) FROM "MailAsks" WHERE "DecidedAt" IS NULL"""));
        Assert.Equal(1L, await StandbyCluster.ScalarAsync(promoted, """SELECT count(*) FROM "MailAsks" WHERE "Address" = 'mae@example.jp'"""));
        Assert.Equal(0L, await StandbyCluster.ScalarAsync(promoted, """SELECT count(*) FROM "MemberAccounts" WHERE "Nickname" = 'あと'"""));
        Assert.Equal(0L, await StandbyCluster.ScalarAsync(promoted, """SELECT count(*) FROM "Societies" WHERE "Title" = 'あと'"""));
    }

    /// <summary>Cancels each wait for the standby while the act runs.</summary>
    private static async Task<T> WithCancelAsync<T>(StandbyCluster cluster, Func<Task<T>> act)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var cancelling = Task.Run(
            async () =>
            {
                while (true)
                {
                    await cluster.CancelWaitAsync(over.Token);
                }
            },
            CancellationToken.None);
        try
        {
            return await act();
        }
        finally
        {
            await over.CancelAsync();
            await cancelling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<string> SendAsync(int port)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
        var reply = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        foreach (var line in new[] { "HELO a.example", "MAIL FROM:<karamail@example.jp>", "RCPT TO:<toroku@minato.test>", "DATA", "From: <karamail@example.jp>\r\n\r\n." })
        {
            await writer.WriteLineAsync(line);
            reply = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        return reply ?? "";
    }

    private static async Task<(int Code, string Error)> SetTitleAsync(WebPortal portal)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await PortalCommandLine.RunAsync(
            ["--data", portal.Database.Directory, "society", "set", "minato", "title=あと"],
            new CommandSurroundings(output, error, IsTerminal: false, new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
            {
                ["ConnectionStrings:Portal"] = portal.Database.PortalConnection, ["ConnectionStrings:Owner"] = portal.Database.OwnerConnection,
            }, TestContext.Current.CancellationToken));
        return (code, error.ToString());
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using KenkoPortal.Web.Commands;

namespace KenkoPortal.Tests.Commands;

public sealed class ServeCommandTests
{
    [Theory, OnEveryDatabase]
    public async Task It_says_READY_when_it_answers_and_ends_in_order(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await using var portal = await desk.ServeAsync();
        using var client = new HttpClient { BaseAddress = portal.Origin };

        foreach (var path in new[] { "/readyz", "/healthz", "/login" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var code = await portal.StopAsync();
        Assert.Equal(0, code);
        Assert.Equal("", portal.Error.ToString());
        Assert.Equal($"READY {portal.Origin.AbsoluteUri.TrimEnd('/')}\n", portal.Output.ToString());
    }

    [Fact]
    public async Task The_demo_is_loaded_once_and_kept_by_the_second_start()
    {
        await using var desk = CommandDesk.Empty();
        var demo = Path.Combine(Repository.Root, "demo");
        var letters = Path.Combine(desk.Folder, "letters-demo.pdf");

        await using (var first = await desk.ServeAsync("--demo", demo))
        {
            await first.Output.Told;
            await first.StopAsync();
            Assert.Contains(letters, first.Output.ToString(), StringComparison.Ordinal);
            Assert.Contains($"{first.Origin.AbsoluteUri}dev/mail", first.Output.ToString(), StringComparison.Ordinal);
            Assert.Contains($"./kenko letters issue --out FILE.pdf --card 11-1001 --data {desk.Folder}\n", first.Output.ToString(), StringComparison.Ordinal);
        }

        var made = File.GetLastWriteTimeUtc(letters);
        var state = await desk.RunAsync("account", "show", "--card", "11-1001-00");
        await using (var second = await desk.ServeAsync("--demo", demo))
        {
            await second.Output.Told;
            await second.StopAsync();
            Assert.DoesNotContain("読み込んでいます", second.Output.ToString(), StringComparison.Ordinal);
            Assert.Contains(letters, second.Output.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(made, File.GetLastWriteTimeUtc(letters));
        Assert.Equal(state.Output, (await desk.RunAsync("account", "show", "--card", "11-1001-00")).Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_that_was_interrupted_is_completed_by_the_next(bool hadMembers)
    {
        await using var desk = CommandDesk.Empty();
        var demo = SmallDemo(desk);
        await desk.RunAsync(
            "society", "add", "--key", "minato", "--insurer-number", ListText.Insurer, "--name", "みなと", "--host", "localhost",
            "--mail-from", "a@minato.test", "--registration-address", "b@minato.test");
        if (hadMembers)
        {
            await desk.RunAsync("members", "import", Path.Combine(demo, "members.csv"));
        }

        await File.WriteAllTextAsync(Path.Combine(desk.Folder, "demo-unfinished"), "", TestContext.Current.CancellationToken);

        await using var portal = await desk.ServeAsync("--demo", demo);
        await portal.StopAsync();

        Assert.True(File.Exists(Path.Combine(desk.Folder, "letters-demo.pdf")));
        Assert.False(File.Exists(Path.Combine(desk.Folder, "demo-unfinished")));
        Assert.Contains("仮パスワードの有効期限: 2", (await desk.RunAsync("account", "show", "--card", "12-345-00")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_loaded_where_it_shall_be_empty_or_where_a_society_is()
    {
        await using var empty = CommandDesk.Empty();
        await using (var portal = await empty.ServeAsync("--demo", SmallDemo(empty), "--empty"))
        {
            await portal.StopAsync();
        }

        await using var used = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await used.RunAsync("society", "set", "minato", "name=もとのまま");
        await using (var portal = await used.ServeAsync("--demo", SmallDemo(used)))
        {
            await portal.StopAsync();
        }

        Assert.Contains("組合がまだ登録されていません", (await empty.RunAsync("society", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("もとのまま", (await used.RunAsync("society", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await used.RunAsync("account", "show", "--card", "12-345-00")).ExitCode);
    }

    [Fact]
    public async Task A_society_on_localhost_leads_to_where_it_is_served_and_follows_to_another_port()
    {
        await using var desk = CommandDesk.Empty();
        await using (var first = await desk.ServeAsync())
        {
            await desk.RunAsync(
                "society", "add", "--key", "a", "--insurer-number", ListText.Insurer, "--name", "あ", "--host", "localhost",
                "--mail-from", "a@a.test", "--registration-address", "b@a.test");
            Assert.Contains($"{first.Origin.AbsoluteUri.TrimEnd('/')}\n", (await desk.RunAsync("society", "list")).Output, StringComparison.Ordinal);

            // While the first holds its port the second cannot get the same one.
            await using var second = await desk.ServeAsync();
            Assert.NotEqual(first.Origin, second.Origin);
            Assert.Contains($"{second.Origin.AbsoluteUri.TrimEnd('/')}\n", (await desk.RunAsync("society", "list")).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_origin_that_somebody_chose_stays()
    {
        await using var desk = CommandDesk.Empty();
        await using (var first = await desk.ServeAsync())
        {
            await desk.RunAsync(
                "society", "add", "--key", "a", "--insurer-number", ListText.Insurer, "--name", "あ", "--host", "localhost",
                "--mail-from", "a@a.test", "--registration-address", "b@a.test", "--origin", "http://localhost:8080");
            await using var second = await desk.ServeAsync();
        }

        Assert.Contains("http://localhost:8080\n", (await desk.RunAsync("society", "list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--smtp-port")]
    public async Task A_port_in_use_is_named_before_anything_is_written(string option)
    {
        await using var desk = CommandDesk.Empty();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var free = option == "--port" ? "--smtp-port" : "--port";

        var result = await desk.RunAsync("serve", free, "0", option, port, "--demo", SmallDemo(desk));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"ポート {port} はほかのプログラムが使っています。それを止めるか、{option} で", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.Folder));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Z5_Production_refuses_a_serving_role_that_row_level_security_does_not_bind()
    {
        Assert.SkipWhen(TestDatabase.PostgresAdmin is null, "KENKO_TEST_POSTGRES is not set");
        await using var desk = await CommandDesk.OnAsync(DatabaseKind.Postgres);
        await desk.AddSocietyAsync("minato", "--origin", "https://minato.portal.test");
        foreach (var folder in new[] { desk.Folder, Path.Combine(desk.Folder, "keys") })
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var result = await desk.RunAsync(
            ["serve", "--production", "--port", "0", "--smtp-port", "0"],
            new() { ["ConnectionStrings:Portal"] = desk.AdminConnection, ["Mail:Smtp:Host"] = "127.0.0.1", ["Mail:Smtp:Tls"] = "none", ["Portal:KnownProxies"] = "none" },
            TestContext.Current.CancellationToken);

        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain("READY", result.Output, StringComparison.Ordinal);
        Assert.Contains("superuser", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Production_names_all_that_is_missing_at_once()
    {
        await using var desk = CommandDesk.Empty();
        await desk.AddSocietyAsync("minato", "--origin", "http://minato.portal.test");
        await desk.AddSocietyAsync("tonari", "--origin", "https://tonari.portal.test");
        File.SetUnixFileMode(desk.Folder, File.GetUnixFileMode(desk.Folder) | UnixFileMode.OtherExecute);
        var key = Path.Combine(desk.Folder, "keys", "portal.key");
        File.SetUnixFileMode(key, File.GetUnixFileMode(key) | UnixFileMode.GroupRead);

        var result = await desk.RunAsync("serve", "--production", "--port", "0", "--smtp-port", "0");

        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain("READY", result.Output, StringComparison.Ordinal);
        foreach (var part in new[] { "Mail__Smtp__Host", "Portal__KnownProxies", $"フォルダー {desk.Folder} ", $"鍵 {key} ", "組合「minato」の URL http://minato.portal.test" })
        {
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("tonari", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mail:Smtp:Host", null, "Mail__Smtp__Host")]
    [InlineData("Mail:Smtp:Host", "no host", "Mail__Smtp: 設定が正しくありません")]
    [InlineData("Mail:Smtp:User", "someone", "Mail__Smtp: 設定が正しくありません")]
    [InlineData("Mail:Smtp:Tls", "none", "Mail__Smtp__Tls: none は、このコンピューターの中継サーバーだけに使えます。")]
    [InlineData("Portal:KnownProxies", "", "Portal__KnownProxies")]
    [InlineData("Portal:KnownProxies", "proxy.example.jp", "「proxy.example.jp」は IP アドレスの並びではありません")]
    [InlineData("Portal:KnownProxies", "10.0.0.0/33", "「10.0.0.0/33」は IP アドレスの並びではありません")]
    [InlineData("Portal:KnownProxies", "0.0.0.0/0", "範囲 0.0.0.0/0 には公開アドレスが入っています")]
    [InlineData("Portal:BindAddress", "everywhere", "「everywhere」は IP アドレスではありません")]
    public async Task Production_refuses_each_single_fault(string name, string? value, string message)
    {
        await using var desk = CommandDesk.Empty();
        await desk.AddSocietyAsync();

        var result = await desk.RunAsync(
            ["serve", "--production", "--port", "0", "--smtp-port", "0"], new(Complete) { [name] = value }, TestContext.Current.CancellationToken);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n'), line => line.StartsWith("  - ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Production_refuses_an_origin_without_https_when_all_else_is_there()
    {
        await using var desk = CommandDesk.Empty();
        await desk.AddSocietyAsync("minato", "--origin", "http://minato.portal.test");

        var result = await desk.RunAsync(["serve", "--production", "--port", "0", "--smtp-port", "0"], new(Complete), TestContext.Current.CancellationToken);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("組合「minato」の URL http://minato.portal.test が https ではありません", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Portal:BindAddress", "0.0.0.0", "Portal__BindAddress")]
    [InlineData("Mail:Inbound:BindAddress", "::", "Mail__Inbound__BindAddress")]
    [InlineData("Staff:BindAddress", "192.0.2.1", "Staff__BindAddress")]
    [InlineData("Kestrel:Endpoints:Open:Url", "http://0.0.0.0:80", "Kestrel__Endpoints__Open")]
    public async Task Development_listens_nowhere_but_on_loopback(string name, string value, string message)
    {
        await using var desk = CommandDesk.Empty();

        var result = await desk.RunAsync(["serve", "--port", "0", "--smtp-port", "0"], new() { [name] = value }, TestContext.Current.CancellationToken);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.Folder));
    }

    [Theory]
    [InlineData("proxy.example.jp")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.5,,10.0.0.6")]
    public async Task Proxies_that_cannot_be_read_are_refused_in_Development_too(string proxies)
    {
        await using var desk = CommandDesk.Empty();

        var result = await desk.RunAsync(["serve", "--port", "0", "--smtp-port", "0"], new() { ["Portal:KnownProxies"] = proxies }, TestContext.Current.CancellationToken);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"Portal__KnownProxies:「{proxies}」は IP アドレスの並びではありません", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.Folder));
    }

    /// <summary>As the shell starts it: the built program in a process of its own, ended by SIGTERM.</summary>
    [Fact]
    public async Task The_program_ends_with_0_on_SIGTERM()
    {
        await using var desk = CommandDesk.Empty();
        var program = Path.Combine(AppContext.BaseDirectory, typeof(PortalCommandLine).Assembly.GetName().Name + ".dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--port", "0", "--smtp-port", "0", "--data", desk.Folder])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["ConnectionStrings__Portal"] = "" },
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("READY http://localhost:", line, StringComparison.Ordinal);
        Assert.Equal(0, Tool.Run("kill", "-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ExitCode);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        Assert.Equal("", await error);
    }

    [Fact]
    public async Task G1_Each_line_of_the_log_is_one_object_whatever_was_sent()
    {
        await using var desk = CommandDesk.Empty();
        Assert.Equal(0, (await desk.AddSocietyAsync()).ExitCode);
        var program = Path.Combine(AppContext.BaseDirectory, typeof(PortalCommandLine).Assembly.GetName().Name + ".dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--port", "0", "--smtp-port", "0", "--data", desk.Folder])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["ConnectionStrings__Portal"] = "" },
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var ready = (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
        using var browser = new HttpClient { BaseAddress = new Uri(ready["READY ".Length..]) };

        // A fault is what the log speaks of.
        await desk.ExecuteAsync("ALTER TABLE \"PortalSessions\" RENAME TO \"Gone\"");
        foreach (var path in new[] { "/profile%0d%0aforged-line", "/c/forged-line%0aINFO", "/login?x=%0d%0aforged-line" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Cookie", "kenko=forged-line");
            request.Headers.TryAddWithoutValidation("User-Agent", "forged-line");
            Assert.NotEqual(System.Net.HttpStatusCode.OK, (await browser.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.Equal(0, Tool.Run("kill", "-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ExitCode);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var log = await error;
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, l => l.Contains("Answered 503", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(System.Text.Json.JsonValueKind.Object, System.Text.Json.JsonDocument.Parse(line).RootElement.ValueKind));
        Assert.DoesNotContain("forged", log, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Complete => new()
    {
        ["Mail:Smtp:Host"] = "relay.example.jp", ["Portal:KnownProxies"] = "none",
    };

    private static string SmallDemo(CommandDesk desk)
    {
        desk.File("society.json", $$"""
            { "key": "minato", "insurer-number": "{{ListText.Insurer}}", "name": "みなと", "host": "localhost", "mail-from": "a@minato.test", "registration-address": "b@minato.test" }
            """);
        return Path.GetDirectoryName(desk.File("members.csv", new ListText().Row().Text()))!;
    }
}

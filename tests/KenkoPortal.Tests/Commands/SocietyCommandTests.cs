using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Commands;

public sealed class SocietyCommandTests
{
    [Theory, OnEveryDatabase]
    public async Task A_society_is_added_listed_and_changed(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.OnAsync(kind);

        var added = await desk.AddSocietyAsync("minato", "--tel", "045-000-0123", "--postal-code", "231-9900", "--title", "みなとポータル");
        var changed = await desk.RunAsync("society", "set", "minato", "name=みなと健保", "tel=", "guardian-age=12", "disclose-by-default=no");
        var listed = await desk.RunAsync("society", "list");

        Assert.Equal((0, 0, 0), (added.ExitCode, changed.ExitCode, listed.ExitCode));
        Assert.Contains("https://minato.portal.test", added.Output, StringComparison.Ordinal);
        var settings = SettingsOf(listed.Output);
        Assert.Equal(SocietySettings.Names.Order(StringComparer.Ordinal), settings.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("みなと健保", settings["name"]);
        Assert.Equal("みなとポータル", settings["title"]);
        Assert.Equal("06990014", settings["insurer-number"]);
        Assert.Equal("231-9900", settings["postal-code"]);
        Assert.Equal("", settings["tel"]);
        Assert.Equal("12", settings["guardian-age"]);
        Assert.Equal("no", settings["disclose-by-default"]);
    }

    [Fact]
    public async Task The_notices_settings_are_taken_and_shown()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);

        var set = await desk.RunAsync("society", "set", "minato", "notice-day=25", "notice-years=7", "generic-least-yen=0", "generic-excluded=42, 117 42", "generic-least-age=35");
        var cleared = SettingsOf((await desk.RunAsync("society", "list")).Output);

        Assert.Equal(0, set.ExitCode);
        Assert.Equal(("25", "7", "0", "117 42", "35", "14"), (
            cleared["notice-day"], cleared["notice-years"], cleared["generic-least-yen"], cleared["generic-excluded"], cleared["generic-least-age"], cleared["generic-least-days"]));
        Assert.Equal(0, (await desk.RunAsync("society", "set", "minato", "generic-excluded=")).ExitCode);
        Assert.Equal("", SettingsOf((await desk.RunAsync("society", "list")).Output)["generic-excluded"]);
    }

    [Fact]
    public async Task Adding_to_an_empty_folder_makes_the_database()
    {
        await using var desk = CommandDesk.Empty();

        Assert.Equal(0, (await desk.AddSocietyAsync()).ExitCode);
        Assert.Contains("minato", (await desk.RunAsync("society", "list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("portal.example.jp", "https://portal.example.jp")]
    [InlineData("localhost", "http://localhost:5080")]
    public async Task The_origin_follows_the_host(string host, string origin)
    {
        await using var desk = CommandDesk.Empty();

        var result = await desk.AddSocietyAsync("a", "--host", host);

        // The option stands twice: the later one is no second value but a mistake.
        Assert.Equal(2, result.ExitCode);
        result = await desk.RunAsync(
            "society", "add", "--key", "a", "--insurer-number", "06990014", "--name", "あ", "--host", host,
            "--mail-from", "a@a.test", "--registration-address", "b@a.test");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(origin, SettingsOf((await desk.RunAsync("society", "list")).Output)["origin"]);
    }

    [Fact]
    public async Task A_plain_origin_is_remarked_upon()
    {
        await using var desk = CommandDesk.Empty();

        var result = await desk.AddSocietyAsync("a", "--origin", "http://a.portal.test:8080/");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("https ではありません（http://a.portal.test:8080）", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key", "Minato", "--key「Minato」は使えません")]
    [InlineData("key", "みなと", "--key「みなと」は使えません")]
    [InlineData("insurer-number", "06990015", "insurer-number「06990015」")]
    [InlineData("insurer-number", "1234", "insurer-number「1234」")]
    [InlineData("name", "", "name の値")]
    [InlineData("name", "あ\nい", "name の値")]
    [InlineData("host", "a b", "host の値「a b」")]
    [InlineData("host", "portal.test:5080", "host の値「portal.test:5080」")]
    [InlineData("mail-from", "portal", "mail-from の値「portal」")]
    [InlineData("registration-address", "a@b@c", "registration-address の値「a@b@c」")]
    [InlineData("origin", "portal.example.jp", "origin「portal.example.jp」")]
    [InlineData("origin", "https://portal.example.jp/kenko", "origin「https://portal.example.jp/kenko」")]
    [InlineData("origin", "ftp://portal.example.jp", "origin「ftp://portal.example.jp」")]
    [InlineData("staff-mail", "x", "staff-mail の値「x」")]
    [InlineData("host", "192.0.2.7", "host の値「192.0.2.7」")]
    [InlineData("host", "portal..test", "host の値「portal..test」")]
    [InlineData("bounce-domain", "b c", "bounce-domain の値「b c」")]
    [InlineData("bounce-domain", "192.0.2.7", "bounce-domain の値「192.0.2.7」は使えません。portal.example.jp のようなドメイン名")]
    [InlineData("bounce-domain", "[192.0.2.7]", "bounce-domain の値「[192.0.2.7]」")]
    [InlineData("bounce-domain", "::1", "bounce-domain の値「::1」")]
    public async Task A_value_that_cannot_be_used_is_refused_and_nothing_is_added(string name, string value, string message)
    {
        await using var desk = CommandDesk.Empty();

        var result = await AddAsync(desk, name, value);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.Folder));
    }

    [Theory]
    [InlineData("key", "minato", "key の値「minato」")]
    [InlineData("insurer-number", "06990014", "insurer-number の値「06990014」")]
    [InlineData("host", "minato.portal.test", "host の値「minato.portal.test」")]
    [InlineData("origin", "https://minato.portal.test", "origin の値「https://minato.portal.test」")]
    [InlineData("registration-address", "TOROKU@minato.test", "registration-address の値「toroku@minato.test」")]
    public async Task Two_societies_share_nothing_that_tells_them_apart(string name, string value, string message)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);

        var result = await AddAsync(desk, name, value);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{message}は、組合「minato」のものです", result.Error, StringComparison.Ordinal);
        Assert.Single(KeysOf((await desk.RunAsync("society", "list")).Output));
    }

    [Fact]
    public async Task A_setting_of_another_society_is_refused_and_an_origin_that_leads_elsewhere_is_told()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await desk.AddSocietyAsync("tonari");

        Assert.Contains("組合「minato」のものです", (await desk.RunAsync("society", "set", "tonari", "insurer-number=06990014")).Error, StringComparison.Ordinal);
        Assert.Contains("組合「minato」のものです", (await desk.RunAsync("society", "set", "tonari", "origin=https://minato.portal.test")).Error, StringComparison.Ordinal);
        var moved = await desk.RunAsync("society", "set", "tonari", "host=b2.portal.test");
        Assert.Equal(0, moved.ExitCode);
        Assert.Contains("「./kenko society set tonari origin=https://b2.portal.test」", moved.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_insurer_number_of_a_society_with_members_stays()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        Assert.Equal(0, (await desk.RunAsync("society", "set", "minato", "insurer-number=06990022")).ExitCode);
        Assert.Equal(0, (await desk.RunAsync("society", "set", "minato", "insurer-number=06990014")).ExitCode);
        Assert.Equal(0, (await desk.RunAsync("members", "import", desk.File("list.csv", new ListText().Row().Text()))).ExitCode);

        var refused = await desk.RunAsync("society", "set", "minato", "insurer-number=06990022");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("加入者がいる組合の保険者番号は変えられません", refused.Error, StringComparison.Ordinal);
        Assert.Contains("06990014", (await desk.RunAsync("society", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_society_without_address_and_telephone_is_told_that_its_letters_name_nobody_to_ask()
    {
        await using var desk = CommandDesk.Empty();
        Assert.Contains("お問い合わせ先が載りません", (await desk.AddSocietyAsync("minato")).Error, StringComparison.Ordinal);
        Assert.Equal("", (await desk.AddSocietyAsync("tonari", "--address", "架空県", "--tel", "045-000-0123")).Error);
    }

    [Fact]
    public async Task An_owner_without_a_serving_role_is_refused_before_another_database_is_made()
    {
        await using var desk = CommandDesk.Empty();
        var result = await desk.RunAsync(["migrate"], new() { ["ConnectionStrings:Owner"] = "Host=db;Database=kenko;Username=o" }, TestContext.Current.CancellationToken);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("SQLite を使います", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.Folder));
    }

    [Theory]
    [InlineData("minato", "name", "NAME=VALUE", "名前=値")]
    [InlineData("minato", "=x", "", "名前=値")]
    [InlineData("minato", "nosuch=1", "", "設定「nosuch」はありません")]
    [InlineData("minato", "name=a", "name=b", "設定「name」が二度")]
    [InlineData("minato", "guardian-age=21", "", "guardian-age は 0 から 20")]
    [InlineData("minato", "notice-day=32", "", "notice-day は 1 から 31")]
    [InlineData("minato", "notice-years=0", "", "notice-years は 1 から 20")]
    [InlineData("minato", "generic-least-yen=-1", "", "generic-least-yen は 0 から 1000000")]
    [InlineData("minato", "generic-least-days=x", "", "generic-least-days は 0 から 366")]
    [InlineData("minato", "generic-least-age=121", "", "generic-least-age は 0 から 120")]
    [InlineData("minato", "generic-excluded=癌", "", "generic-excluded の値「癌」")]
    [InlineData("minato", "provisional-days=0", "", "provisional-days は 1 から 730")]
    [InlineData("minato", "office-networks=0.0.0.0/0", "", "office-networks の値「0.0.0.0/0」は使えません")]
    [InlineData("minato", "office-logins-per-minute=29", "", "office-logins-per-minute は 30 から 3000")]
    [InlineData("minato", "mail-asks-per-hour=many", "", "mail-asks-per-hour は")]
    [InlineData("minato", "disclose-by-default=true", "", "disclose-by-default の値「true」")]
    [InlineData("minato", "name=good", "origin=bad", "origin「bad」")]
    [InlineData("nosuch", "name=a", "", "組合「nosuch」は登録されていません")]
    public async Task A_change_that_cannot_be_made_changes_nothing(string key, string first, string second, string message)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        var before = (await desk.RunAsync("society", "list")).Output;

        var result = await desk.RunAsync(["society", "set", key, first, .. second.Length == 0 ? Array.Empty<string>() : [second]]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(before, (await desk.RunAsync("society", "list")).Output);
    }

    [Fact]
    public async Task With_several_societies_a_command_asks_for_which()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await desk.AddSocietyAsync("tonari");

        var result = await desk.RunAsync("account", "show", "--card", "1-2-03");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("minato, tonari", result.Error, StringComparison.Ordinal);
        Assert.Equal(["minato", "tonari"], KeysOf((await desk.RunAsync("society", "list")).Output));
    }

    [Theory, OnEveryDatabase]
    public async Task G2_Each_change_is_recorded_with_the_systems_user(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("society", "set", "minato", "tel=1", "name=あ", "notice-day=25", "generic-excluded=42 117", "bounce-domain=");

        var portal = desk.Look();
        await using var scope = portal.Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        var society = await scope.ServiceProvider.GetRequiredService<SocietyDirectory>().ByKeyAsync("minato", TestContext.Current.CancellationToken);
        var events = await portal.ReadAsync(society, db => db.AuditEvents.AsNoTracking().OrderBy(e => e.At).ToListAsync());

        Assert.Equal([AuditKind.SocietyAdded, AuditKind.SocietyChanged], events.Select(e => e.Kind));
        Assert.All(events, e => Assert.Equal($"system:{Environment.UserName}", e.Actor));
        Assert.Equal("tel name notice-day=20→25 generic-excluded=117,42→117,42 bounce-domain=-→-", events[1].Detail);
        await portal.Services.DisposeAsync();
    }

    private static Dictionary<string, string> SettingsOf(string list) => list.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal))
        .Select(line => line.Trim().Split(' ', 2)).ToDictionary(parts => parts[0], parts => parts.ElementAtOrDefault(1)?.Trim() ?? "", StringComparer.Ordinal);

    /// <summary>Adds a society that shares nothing with <c>minato</c>, but for one setting.</summary>
    private static Task<CommandResult> AddAsync(CommandDesk desk, string name, string value)
    {
        var settings = new Dictionary<string, string>
        {
            ["key"] = "a", ["insurer-number"] = "06990022", ["name"] = "あ", ["host"] = "a.test", ["mail-from"] = "a@a.test", ["registration-address"] = "b@a.test",
            [name] = value,
        };
        return desk.RunAsync(["society", "add", .. settings.SelectMany(s => new[] { $"--{s.Key}", s.Value })]);
    }

    private static List<string> KeysOf(string list) => [.. list.Split('\n').Where(line => line.Length > 0 && line[0] != ' ')];
}

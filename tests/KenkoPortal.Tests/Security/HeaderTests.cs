using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Tests.Security;

/// <summary>Headers and cookies of every answer: rows I2, I5, A14, L9 and G5 of docs/security.md.</summary>
public sealed class HeaderTests
{
    private static readonly Dictionary<string, string?> Production = new()
    {
        ["Mail:Smtp:Host"] = "relay.invalid", ["Mail:Smtp:Tls"] = "starttls", ["Portal:KnownProxies"] = "127.0.0.1",
    };

    private static readonly string[] Paths =
    [
        "/", "/login", "/register", "/register/login", "/register/account", "/register/complete", "/reissue", "/reissue/login", "/reissue/password",
        "/reissue/complete", "/link-expired", "/c/abc", "/profile", "/profile/password", "/profile/history", "/profile/address", "/profile/confirm",
        "/medical-costs", "/generic-drugs", "/news", "/topics", "/logout", "/there-is-no-such-page", "/errors/500", "/healthz", "/readyz",
        "/kw21cu/user/login.jsf", "/text-size", "/css/portal.css", "/js/portal.js",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task I2_I5_L9_Every_answer_carries_the_headers_and_loads_nothing_from_elsewhere(bool isProduction)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite, isProduction ? new(Production) : null, isProduction);
        var (member, anybody) = (new Visitor(new BehindProxy(portal, isProduction, []), "localhost", null), new Visitor(new BehindProxy(portal, isProduction, []), "localhost", null));
        await portal.RegisterAsync(member, (await portal.AddHouseholdAsync("本人", "妻"))[0], "minato-taro");
        Assert.Equal("/", (await member.LogInAsync("minato-taro")).Path);

        // The tests' folder holds the files of a development portal only.
        foreach (var (visitor, path) in Paths.Where(p => !isProduction || !p.Contains('.', StringComparison.Ordinal)).SelectMany(path => new[] { (member, path), (anybody, path) }))
        {
            var response = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Get, path));
            string Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
            var policy = Header("Content-Security-Policy");
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("base-uri 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Header("X-Content-Type-Options"));
            Assert.Equal("no-referrer", Header("Referrer-Policy"));
            Assert.Equal(isProduction, Header("Strict-Transport-Security").Contains("max-age=63072000", StringComparison.Ordinal));
            Assert.Equal("", Header("Server") + Header("X-Powered-By"));
            var isFile = path.StartsWith("/css", StringComparison.Ordinal) || path.StartsWith("/js", StringComparison.Ordinal);
            Assert.Equal(isFile ? "public, max-age=3600" : "no-store", Header("Cache-Control"));
            AssertOnlyOwn(await ShownPage.OfAsync(visitor, response));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task I5_Every_cookie_is_HttpOnly_and_Lax_and_Secure_with_its_prefix_over_https(bool isProduction)
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite, isProduction ? new(Production) : null, isProduction);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var set = new List<string>();
        var visitor = new Visitor(new BehindProxy(portal, isProduction, set), "localhost", null);
        await portal.RegisterAsync(visitor, person, "minato-taro");
        var home = await visitor.LogInAsync("minato-taro");
        home = await home.PressAsync("大");
        Assert.Equal("l", home.Document.DocumentElement.GetAttribute("data-size"));
        await visitor.AskReissueAsync("taro@example.jp");
        var mail = await portal.MailToAsync("taro@example.jp");
        var (loginId, password) = Steps.CredentialsIn(mail);
        await (await visitor.FollowAsync(mail)).PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password));
        await (await visitor.OpenAsync("/")).PressAsync("ログアウト");
        await visitor.OpenAsync("/profile");

        Assert.Equal(
            ["kenko", "kenko-device", "kenko-done", "kenko-form", "kenko-link", "kenko-login", "kenko-registration", "kenko-reissue", "text-size"],
            set.Select(c => c.Split('=')[0].Replace("__Host-", "", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
        Assert.All(set, cookie =>
        {
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(isProduction, cookie.StartsWith("__Host-", StringComparison.Ordinal));
            Assert.Equal(isProduction, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
        });
    }

    [Fact]
    public async Task G5_The_server_does_not_tell_its_name()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        Assert.False(portal.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.AddServerHeader);
    }

    /// <summary>No script or style in the page, and nothing of another site.</summary>
    private static void AssertOnlyOwn(ShownPage page)
    {
        Assert.Empty(page.Document.QuerySelectorAll("style, [style], iframe, object, embed, base, script:not([src])"));
        Assert.DoesNotContain(page.Document.All, e => e.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.Ordinal)));
        var addresses = page.Document.QuerySelectorAll("[src], [href], [action], [srcset]")
            .SelectMany(e => new[] { e.GetAttribute("src"), e.GetAttribute("href"), e.GetAttribute("action"), e.GetAttribute("srcset") }).OfType<string>();
        Assert.All(addresses, address => Assert.Matches("^(/($|[^/])|#|tel:|$)", address));
    }

    /// <summary>What the reverse proxy passes on, with every Set-Cookie written down.</summary>
    private sealed class BehindProxy(WebPortal portal, bool isHttps, List<string> set)
        : DelegatingHandler(((TestServer)portal.Services.GetRequiredService<IServer>()).CreateHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Forwarded-Proto", isHttps ? "https" : "http");
            var response = await base.SendAsync(request, cancellationToken);
            set.AddRange(response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : []);
            return response;
        }
    }
}

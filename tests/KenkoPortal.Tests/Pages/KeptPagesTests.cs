using System.Net;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages;

/// <summary>The pages that strangers see alike are rendered once; each visitor has a token of their own in them, and nothing of anybody else.</summary>
public sealed class KeptPagesTests
{
    private static readonly string[] Paths = ["/login", "/register", "/reissue"];

    [Theory, OnEveryDatabase]
    public async Task Strangers_see_the_same_page_with_a_token_of_their_own(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        foreach (var path in Paths)
        {
            var (rendered, kept) = (await portal.Visitor().OpenAsync(path), await portal.Visitor().OpenAsync(path));
            Assert.Equal(HttpStatusCode.OK, kept.Status);
            Assert.NotEqual(TokenOf(rendered), TokenOf(kept));
            Assert.Equal(rendered.Html.Replace(TokenOf(rendered), "", StringComparison.Ordinal), kept.Html.Replace(TokenOf(kept), "", StringComparison.Ordinal));
            Assert.Equal(HeadersOf(rendered), HeadersOf(kept));
        }
    }

    [Theory, OnEveryDatabase]
    public async Task Who_has_a_kept_page_can_post_it_and_nobody_else_with_its_token(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.RegisterAsync(portal.Visitor(), person, "minato-taro");
        await portal.Visitor().OpenAsync("/login");

        var (visitor, other) = (portal.Visitor(), portal.Visitor());
        var (page, others) = (await visitor.OpenAsync("/login"), await other.OpenAsync("/login"));
        var stolen = page.RequestFor("ログイン", ("ログインID", "minato-taro"), ("パスワード", Journeys.Password));
        Assert.Equal(HttpStatusCode.BadRequest, (await other.SendAsync(stolen)).StatusCode);
        Assert.Equal("/", (await others.PressAsync("ログイン", ("ログインID", "minato-taro"), ("パスワード", Journeys.Password))).Path);
        Assert.Equal("/", (await page.PressAsync("ログイン", ("ログインID", "minato-taro"), ("パスワード", Journeys.Password))).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task What_a_visitor_has_to_do_with_the_portal_is_in_no_page_that_others_see(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var plain = await MaskedAsync(portal, portal.Visitor());
        var large = portal.Visitor();
        using (var asked = new HttpRequestMessage(HttpMethod.Post, "/text-size") { Content = new FormUrlEncodedContent([KeyValuePair.Create("size", "l")]) })
        {
            await large.SendAsync(asked);
        }

        Assert.Contains("data-size=\"l\"", await MaskedAsync(portal, large), StringComparison.Ordinal);
        Assert.Contains("仮ログインID", (await (await portal.Visitor().OpenAsync("/login")).PressAsync("ログイン", ("ログインID", "12345678"), ("パスワード", "x"))).Text, StringComparison.Ordinal);
        await (await portal.Visitor().OpenAsync("/login?Input.LoginId=dareka")).PressAsync("ログイン", ("ログインID", ""), ("パスワード", "x"));
        Assert.Equal(plain, await MaskedAsync(portal, portal.Visitor()));
        Assert.Contains("data-size=\"l\"", await MaskedAsync(portal, large), StringComparison.Ordinal);

        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        Assert.Equal("/", (await member.OpenAsync("/login")).Path);
        Assert.Equal(plain, await MaskedAsync(portal, portal.Visitor()));
    }

    [Theory, OnEveryDatabase]
    public async Task What_the_society_changes_is_in_the_next_page_and_each_society_has_its_own(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.AddSocietyAsync("kamome", "kamome.test");
        foreach (var title in new[] { "みなとポータル", "みなとの健康" })
        {
            await portal.Visitor().OpenAsync("/login");
            await portal.WriteAsync(db => db.Societies.Single(s => s.Id == portal.Society.Id).Title = title);
            Assert.Contains(title, (await portal.Visitor().OpenAsync("/login")).Html, StringComparison.Ordinal);
        }

        var other = await portal.Visitor("kamome.test").OpenAsync("/login");
        Assert.Contains("kamome健康保険組合", other.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("みなと", other.Html, StringComparison.Ordinal);
    }

    private static string TokenOf(ShownPage page) => page.Document.QuerySelector("input[name=form-token]")!.GetAttribute("value")!;

    private static async Task<string> MaskedAsync(WebPortal portal, Visitor visitor)
    {
        var page = await visitor.OpenAsync("/login");
        return page.Html.Replace(TokenOf(page), "", StringComparison.Ordinal);
    }

    /// <summary>All but the cookie's value and how the length is told.</summary>
    private static string HeadersOf(ShownPage page) => string.Join(
        '\n',
        page.Response.Headers.Concat(page.Response.Content.Headers).Where(h => h.Key is not ("Set-Cookie" or "Content-Length" or "Transfer-Encoding")).Select(h => $"{h.Key}: {string.Join(", ", h.Value)}").Order(StringComparer.Ordinal));
}

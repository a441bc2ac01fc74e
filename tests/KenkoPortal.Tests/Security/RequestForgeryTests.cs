using System.Net;
using KenkoPortal.Core.Data;
using KenkoPortal.Members.Web;
using KenkoPortal.Staff.Web;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using KenkoPortal.Web.Infrastructure.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Security;

/// <summary>Row I4 of docs/security.md: a form token on every POST that changes data, and looking changes nothing.</summary>
public sealed class RequestForgeryTests
{
    [Fact]
    public async Task I4_No_page_takes_a_form_without_a_right_token()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (member, _) = await portal.MemberAsync(person, "minato-taro");
        var (stranger, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "yoso-no-hito", "yoso@example.jp");
        var foreignToken = TokenOf(await stranger.OpenAsync("/profile/password"));
        var before = await StateAsync(portal);
        var paths = PathsOf(portal);
        Assert.Contains("/profile/confirm", paths);
        Assert.True(paths.Count > 20);
        foreach (var path in paths)
        {
            // A member has thirty posts a minute (row A6).
            portal.Clock.Advance(TimeSpan.FromSeconds(10));
            foreach (var token in new[] { null, "", "CfDJ8-nonsense", foreignToken })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path)
                {
                    Content = new FormUrlEncodedContent(new Dictionary<string, string>
                    {
                        ["Input.LoginId"] = "evil-login", ["Input.Nickname"] = "evil", ["Input.Address"] = "evil@example.jp", ["Input.Password"] = Steps.NewPassword,
                        ["Input.Confirmation"] = Steps.NewPassword, ["Input.Current"] = Journeys.Password, ["form-token"] = token ?? "",
                    }.Where(f => f.Key != "form-token" || token is not null)),
                };
                var answer = await ShownPage.OfAsync(member, await member.SendAsync(request));
                Assert.True(answer.Status is HttpStatusCode.BadRequest, $"{path}: {answer.Status}");
                Assert.Equal("画面の有効期限が切れました", answer.Heading);
            }
        }

        Assert.Equal(before, await StateAsync(portal));
        Assert.Equal("/", (await member.OpenAsync("/")).Path);
    }

    [Fact]
    public async Task I4_The_token_that_a_member_keeps_for_some_minutes_is_nobody_elses_in_the_same_browser()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var (browser, home) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        await portal.RegisterAsync(portal.Visitor(), (await portal.AddHouseholdAsync("本人"))[0], "minato-hana", "hana@example.jp");
        var again = await browser.OpenAsync("/");
        Assert.Equal(TokenOf(again), TokenOf(await browser.OpenAsync("/profile/password")));
        var signedOut = await again.PressAsync("ログアウト");
        Assert.NotEqual(TokenOf(again), TokenOf(signedOut));
        var other = await browser.LogInAsync("minato-hana");
        Assert.Equal("/", other.Path);
        Assert.NotEqual(TokenOf(again), TokenOf(await browser.OpenAsync("/")));
        var before = await StateAsync(portal);
        foreach (var stale in new[] { home, again })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(stale.RequestFor("ログアウト"))).StatusCode);
        }

        Assert.Equal(before, await StateAsync(portal));
        Assert.Equal("/", (await browser.OpenAsync("/")).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task I4_Looking_changes_nothing_but_the_click_count_and_the_last_seen_time(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "長男");
        var (member, _) = await portal.MemberAsync(family[0], "minato-taro");
        await member.AskReissueAsync("taro@example.jp");
        var reissue = await portal.MailToAsync("taro@example.jp");
        var before = await StateAsync(portal);
        foreach (var path in PathsOf(portal).Concat(["/text-size?size=l", "/logout", "/profile?Input.Nickname=x&handler=Post", "/kw21cu/user/login.jsf"]))
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                foreach (var visitor in new[] { member, portal.Visitor() })
                {
                    using var request = new HttpRequestMessage(method, path);
                    Assert.True((await visitor.SendAsync(request)).StatusCode < HttpStatusCode.InternalServerError, path);
                }
            }
        }

        Assert.Equal(before, await StateAsync(portal));
        await member.FollowAsync(reissue);
        Assert.Equal(before, await StateAsync(portal));
        Assert.Equal(1, await portal.ReadAsync(db => db.ReissueRequests.Select(r => r.Clicks).SingleAsync()));

        // Last seen is written at most every five minutes.
        async Task<DateTimeOffset> SeenAsync() => await portal.ReadAsync(db => db.PortalSessions.Where(s => s.Trust == Core.Accounts.Trust.Login).Select(s => s.LastSeenAt).SingleAsync());
        var seen = await SeenAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(4));
        await member.OpenAsync("/");
        Assert.Equal(seen, await SeenAsync());
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await member.OpenAsync("/");
        Assert.Equal(portal.Clock.Now, await SeenAsync());
    }

    [Fact]
    public async Task I4_Methods_that_a_page_does_not_know_are_answered_405_and_do_nothing()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var (member, home) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人", "妻"))[0], "minato-taro");
        var token = TokenOf(home);
        var before = await StateAsync(portal);
        foreach (var path in PathsOf(portal))
        {
            foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Options, new HttpMethod("PROPFIND") })
            {
                using var request = new HttpRequestMessage(method, path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("form-token", token)]) };
                var answer = await ShownPage.OfAsync(member, await member.SendAsync(request));
                Assert.True(answer.Status is HttpStatusCode.MethodNotAllowed, $"{method} {path}: {answer.Status}");
                Assert.Equal("送信内容を受け付けられませんでした", answer.Heading);
                Assert.Contains("GET", answer.Response.Content.Headers.Allow);
            }
        }

        using var post = new HttpRequestMessage(HttpMethod.Post, "/medical-costs") { Content = new FormUrlEncodedContent([KeyValuePair.Create("form-token", token)]) };
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await member.SendAsync(post)).StatusCode);
        Assert.Equal(before, await StateAsync(portal));
    }

    /// <summary>S15: a login by the query alone went in, and its password stood in every log on the way.</summary>
    [Fact]
    public async Task Z7_S15_What_stands_in_the_query_of_a_form_does_nothing_on_any_page()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人", "長女"))[0], "minato-taro");
        var stranger = portal.Stranger();
        await portal.AskToRegisterAsync(stranger, "hanako@example.jp");
        var fields = new[] { typeof(MembersWeb), typeof(StaffWeb), typeof(PortalHost) }.SelectMany(program => program.Assembly.GetTypes()).Where(type => typeof(PageModel).IsAssignableFrom(type))
            .SelectMany(page => page.GetProperties().Where(property => property.IsDefined(typeof(BindPropertyAttribute), inherit: true)))
            .SelectMany(property => FieldsOf(property.Name, property.PropertyType)).Concat(["slot", "address", "person", "claim"]).Distinct().ToList();
        Assert.Contains("Input.LoginId", fields);
        Assert.Contains("Input.Switches.MedicalCost", fields);
        Assert.Contains("CurrentPassword", fields);
        var query = string.Join('&', fields.Select(field => $"{field}={Uri.EscapeDataString(ValueOf(field))}"));
        var posted = 0;
        foreach (var visitor in new[] { member, stranger })
        {
            var token = TokenOf(await visitor.OpenAsync(visitor == member ? "/profile/password" : "/login"));
            foreach (var path in PathsOf(portal).Where(path => path is not "/logout"))
            {
                portal.Clock.Advance(TimeSpan.FromSeconds(20));
                var before = await StateAsync(portal);
                var plain = await PostAsync(path);
                var changed = await StateAsync(portal) != before;
                before = await StateAsync(portal);
                Assert.True(plain == await PostAsync($"{path}?{query}"), path);
                Assert.True(changed || before == await StateAsync(portal), path);
                posted += plain.StartsWith("405", StringComparison.Ordinal) ? 0 : 1;

                async Task<string> PostAsync(string to)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, to) { Content = new FormUrlEncodedContent([KeyValuePair.Create("form-token", token)]) };
                    using var answer = await visitor.SendAsync(request);
                    return await answer.MaskedAsync(token);
                }
            }
        }

        Assert.InRange(posted, 15, 200);
        Assert.Equal("/login", (await stranger.OpenAsync("/")).Path);

        IEnumerable<string> FieldsOf(string name, Type type) => type == typeof(string) || type.IsValueType
            ? [name]
            : type.GetProperties().Where(property => property.CanWrite).SelectMany(property => FieldsOf($"{name}.{property.Name}", property.PropertyType));
        string ValueOf(string field) =>
            field.EndsWith("LoginId", StringComparison.Ordinal) ? "minato-taro"
            : field is "Input.Confirmation" ? Steps.NewPassword
            : field.Contains("Password", StringComparison.Ordinal) || field.EndsWith("Current", StringComparison.Ordinal) ? Journeys.Password
            : field.Contains("ddress", StringComparison.Ordinal) ? "yoso@example.jp"
            : field.EndsWith("Nickname", StringComparison.Ordinal) ? "よそ" : "true";
    }

    private static string TokenOf(ShownPage page) => page.Document.QuerySelector("input[name='form-token']")!.GetAttribute("value")!;

    /// <summary>Every page of the portal, with something for each parameter.</summary>
    private static List<string> PathsOf(WebPortal portal) =>
    [
        .. portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')
                .Replace("{token:maxlength(200)}", "abc", StringComparison.Ordinal)
                .Replace("{month:month?}", "2026-04", StringComparison.Ordinal)
                .Replace("{year:year}", "2026", StringComparison.Ordinal)
                .Replace("{file:noticefile}", "2026.csv", StringComparison.Ordinal)
                .Replace("{claim:guid}", $"{Guid.CreateVersion7():N}", StringComparison.Ordinal)
                .Replace("{id:guid}", $"{Guid.CreateVersion7():N}", StringComparison.Ordinal)
                .Replace("{file:guid}", $"{Guid.CreateVersion7():N}", StringComparison.Ordinal)
                .Replace("{person:guid?}", $"{Guid.CreateVersion7():N}", StringComparison.Ordinal)
                .Replace("{person:guid}", $"{Guid.CreateVersion7():N}", StringComparison.Ordinal))
            .Where(path => !path.StartsWith("/errors", StringComparison.Ordinal) && !path.StartsWith("/dev", StringComparison.Ordinal)).Distinct(),
    ];

    /// <summary>How much of everything there is, and what members can change.</summary>
    private static Task<string> StateAsync(WebPortal portal) => portal.ReadAsync(async db =>
    {
        var state = new List<string>();
        foreach (var count in new Func<PortalContext, Task<int>>[]
        {
            d => d.AuditEvents.CountAsync(), d => d.PortalSessions.CountAsync(), d => d.KnownDevices.CountAsync(), d => d.OutboxMails.CountAsync(),
            d => d.MailAsks.CountAsync(), d => d.AddressConfirmations.CountAsync(), d => d.DisclosureSettings.CountAsync(), d => d.AccountMailAddresses.CountAsync(),
        })
        {
            state.Add($"{await count(db)}");
        }

        state.AddRange(await db.MemberAccounts.OrderBy(a => a.Id).Select(a => $"{a.LoginId} {a.Nickname} {a.PasswordHash} {a.LastLoginAt} {a.Throttle.FailuresInRow}").ToListAsync());
        state.AddRange(await db.ReissueRequests.OrderBy(r => r.Id).Select(r => $"{r.Failures} {r.EndedAt}").ToListAsync());
        return string.Join('\n', state);
    });
}

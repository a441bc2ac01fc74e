using System.Net;
using KenkoPortal.Members.Web.Frames;
using KenkoPortal.Staff.Web;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Staff;

public sealed class StaffWebTests
{
    private static readonly string[] Paths = ["/", "/staff", "/staff/login", "/login", "/medical-costs", "/healthz", "/readyz", "/css/portal.css", "/errors/404"];

    [Theory, OnEveryDatabase]
    public async Task Every_address_of_the_staff_listener_answers_404_also_for_a_member(DatabaseKind kind)
    {
        var port = Ports.Free();
        await using var portal = await WebPortal.StartAsync(kind, new Dictionary<string, string?> { ["Staff:Port"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture) }, isOnSockets: true);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"http://localhost:{port}") };
        client.DefaultRequestHeaders.Add("Cookie", "kenko=a-session-of-the-members-side");

        foreach (var path in Paths)
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
            Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Contains("default-src", string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }

        using var posted = await client.PostAsync(new Uri("/login", UriKind.Relative), new FormUrlEncodedContent([]), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
    }

    [Theory, OnEveryDatabase]
    public async Task The_members_listener_has_no_staff_page(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);

        Assert.Equal(HttpStatusCode.NotFound, (await portal.Visitor().OpenAsync("/staff")).Status);
    }

    [Fact]
    public void The_two_navigations_share_no_address() =>
        Assert.Empty(StaffNavigation.Links.Select(link => link.Path).Intersect(MemberNavigation.Links.Select(link => link.Path), StringComparer.Ordinal));
}

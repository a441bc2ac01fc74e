using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages;

/// <summary>Single steps that the page tests take, and what they compare.</summary>
internal static partial class Steps
{
    public const string NewPassword = "atarashii-2027-umi";

    private static int s_strangers;

    /// <summary>A browser at a network address that nobody else has.</summary>
    public static Visitor Stranger(this WebPortal portal)
    {
        var number = Interlocked.Increment(ref s_strangers);
        return portal.Visitor(address: $"198.18.{number / 250}.{(number % 250) + 1}");
    }

    /// <summary>One try to log in that is not followed, from a network address of its own.</summary>
    public static async Task<HttpResponseMessage> TryLogInAsync(this WebPortal portal, string loginId, string password)
    {
        var page = await portal.Stranger().OpenAsync("/login");
        return await page.PressOnceAsync("ログイン", ("ログインID", loginId), ("パスワード", password));
    }

    /// <summary>Whether the login led on.</summary>
    public static bool IsIn(this HttpResponseMessage response) => response.StatusCode == HttpStatusCode.SeeOther;

    /// <summary>The same form with further fields.</summary>
    public static async Task<HttpRequestMessage> WithAsync(this HttpRequestMessage request, params (string Name, string Value)[] more)
    {
        var body = await request.Content!.ReadAsStringAsync();
        var added = more.Select(m => $"{Uri.EscapeDataString(m.Name)}={Uri.EscapeDataString(m.Value)}");
        request.Content = new StringContent(
            string.Join('&', added.Prepend(body)), System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        return request;
    }

    /// <summary>The form without what it holds of a field.</summary>
    public static async Task<HttpRequestMessage> WithoutAsync(this HttpRequestMessage request, string name)
    {
        var body = await request.Content!.ReadAsStringAsync();
        var kept = body.Split('&').Where(pair => Uri.UnescapeDataString(pair.Split('=')[0]) != name);
        request.Content = new StringContent(string.Join('&', kept), System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        return request;
    }

    public static async Task<ShownPage> AskReissueAsync(this Visitor visitor, string address) =>
        await (await visitor.OpenAsync("/reissue")).PressAsync("送信", ("メールアドレス", address));

    /// <summary>What a reissue mail says beside its link.</summary>
    public static (string LoginId, string Password) CredentialsIn(MailMessage mail) => (
        mail.TextBody.Split('\n').Single(l => l.StartsWith("ログインID:", StringComparison.Ordinal))["ログインID:".Length..].Trim(),
        mail.TextBody.Split('\n').Single(l => l.StartsWith("仮パスワード:", StringComparison.Ordinal))["仮パスワード:".Length..].Trim());

    /// <summary>Every cookie that the browser holds, as another could steal it.</summary>
    public static void TakeCookiesOf(this Visitor thief, Visitor owner, string host = "localhost")
    {
        foreach (Cookie cookie in owner.Cookies.GetAllCookies())
        {
            thief.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", host));
        }
    }

    public static string? CookieOf(this Visitor visitor, string name) => visitor.Cookies.GetAllCookies().FirstOrDefault(c => c.Name == name)?.Value;

    /// <summary>Status, headers and body of an answer, without form tokens and what was typed.</summary>
    public static async Task<string> MaskedAsync(this HttpResponseMessage response, params string[] typed)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(h => h.Key is not ("Date" or "Content-Length"))
            .Select(h => $"{h.Key}: {FormCookie().Replace(string.Join(", ", h.Value), "kenko-form=*")}").Order(StringComparer.Ordinal);
        var body = await response.Content.ReadAsStringAsync();
        body = FormToken().Replace(body, "*");
        body = typed.Aggregate(body, (text, word) => text.Replace(word, "*", StringComparison.Ordinal));
        return string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode}\n{string.Join('\n', headers)}\n\n{body}");
    }

    public static Task SetPersonAsync(this WebPortal portal, Person person, Action<Person> change) =>
        portal.WriteAsync(db => change(db.Persons.Single(p => p.Id == person.Id)));

    public static Task<bool> SuspendAsync(this WebPortal portal, Person person) =>
        portal.AsStaffAsync(services => services.GetRequiredService<AccountSupport>().SuspendAsync(person.Id, CancellationToken.None));

    public static Task<MemberAccount> AccountAsync(this WebPortal portal, Person person) =>
        portal.ReadAsync(db => db.MemberAccounts.AsNoTracking().SingleAsync(a => a.PersonId == person.Id));

    /// <summary>Opens or closes what a person shares, as they would on their page.</summary>
    public static Task DiscloseAsync(this WebPortal portal, Person person, NoticeKind kind, bool isOpen) => portal.WriteAsync(db =>
    {
        var now = portal.Clock.Now;
        foreach (var current in db.DisclosureSettings.Where(d => d.PersonId == person.Id && d.Kind == kind && d.Until == null))
        {
            current.Until = now;
        }

        db.DisclosureSettings.Add(new DisclosureSetting
        {
            SocietyId = person.SocietyId, PersonId = person.Id, HouseholdId = person.HouseholdId, Kind = kind, IsOpen = isOpen, From = now, SetByPersonId = person.Id,
        });
    });

    /// <summary>Subjects of the mails to an address, once the jobs have run.</summary>
    public static async Task<IReadOnlyList<string>> SubjectsToAsync(this WebPortal portal, string address)
    {
        await portal.RunJobsAsync();
        return [.. portal.Mail.To(address).Select(m => m.Subject)];
    }

    /// <summary>Everything that the database holds of one kind, for comparing before and after.</summary>
    public static Task<int> CountAsync<T>(this WebPortal portal, Func<PortalContext, IQueryable<T>> rows) => portal.ReadAsync(db => rows(db).CountAsync());

    [GeneratedRegex("(?<=name=\"form-token\" type=\"hidden\" value=\")[^\"]+", RegexOptions.None, 1000)]
    private static partial Regex FormToken();

    [GeneratedRegex("kenko-form=[^;]+", RegexOptions.None, 1000)]
    private static partial Regex FormCookie();
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace KenkoPortal.Measure.Support;

/// <summary>An answer that a member got.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="Milliseconds">From the request to the last byte.</param>
/// <param name="FormCookie">The cookie for form tokens that a browser which has none yet gets, name and value.</param>
public sealed record MemberAnswer(byte[] Body, double Milliseconds, string? FormCookie)
{
    /// <summary>A page's HTML.</summary>
    public string Source => Encoding.UTF8.GetString(Body);

    /// <summary>The words of a page.</summary>
    public string Text => WebUtility.HtmlDecode(Source);
}

/// <summary>Reads one page after the other as members who are logged in, over one connection.</summary>
public sealed class MemberReader : IDisposable
{
    private readonly HttpClient _client;

    /// <param name="origin">Where the portal listens.</param>
    public MemberReader(string origin)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        _client = new HttpClient(handler) { BaseAddress = new Uri(origin) };
    }

    /// <exception cref="MeasureException">The answer is another than 200: the session does not count, or the page does not exist.</exception>
    public async Task<MemberAnswer> ReadAsync(LoggedInMember member, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = member.Host;
        request.Headers.Add("Cookie", member.Cookie);
        var begun = Stopwatch.GetTimestamp();
        using var answer = await _client.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.StatusCode is HttpStatusCode.OK
            ? new MemberAnswer(body, Stopwatch.GetElapsedTime(begun).TotalMilliseconds, FormCookieOf(answer))
            : throw new MeasureException(string.Create(CultureInfo.InvariantCulture, $"{path} answers a session {(int)answer.StatusCode}"));
    }

    public void Dispose() => _client.Dispose();

    private static string? FormCookieOf(HttpResponseMessage answer) => answer.Headers.TryGetValues("Set-Cookie", out var cookies)
        ? cookies.Select(cookie => cookie.Split(';', 2)[0]).FirstOrDefault(pair => pair.StartsWith("__Host-kenko-form=", StringComparison.Ordinal))
        : null;
}

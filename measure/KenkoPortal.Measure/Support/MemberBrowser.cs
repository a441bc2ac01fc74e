using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace KenkoPortal.Measure.Support;

/// <summary>
/// A member's browser at an address of its own in 127.0.0.0/8. The portal counts posts by network address, and members come from many:
/// one program at one address would measure the limit and not the portal. Speaks plain HTTP to the portal's port, as the reverse
/// proxy does.
/// </summary>
public sealed partial class MemberBrowser : IDisposable
{
    private static int s_addresses;

    private readonly HttpClient _client;
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);
    private readonly string _host;

    /// <param name="origin">Where the portal listens.</param>
    /// <param name="host">The society's host name.</param>
    public MemberBrowser(string origin, string host)
    {
        Address = NextAddress();
        _host = host;
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectCallback = ConnectAsync };
        _client = new HttpClient(handler) { BaseAddress = new Uri(origin), Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Where it comes from.</summary>
    public IPAddress Address { get; }

    /// <summary>An address that no browser of this run had yet.</summary>
    public static IPAddress NextAddress()
    {
        var number = Interlocked.Increment(ref s_addresses);
        return new IPAddress([127, (byte)(10 + (number / 62_500 % 200)), (byte)(1 + (number / 250 % 250)), (byte)(1 + (number % 250))]);
    }

    /// <summary>Opens a page, with the cookies that were set.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <summary>Opens the page of a form, fills the fields in and posts it.</summary>
    /// <param name="path">The page.</param>
    /// <param name="fields">Field names and values, the form's token aside.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer's status, and how long the post took, in milliseconds.</returns>
    public async Task<(HttpStatusCode Status, double Milliseconds)> FillAsync(string path, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        using var page = await OpenAsync(path, cancellationToken);
        var token = FormToken().Match(await page.Content.ReadAsStringAsync(cancellationToken));
        if (!token.Success)
        {
            throw new MeasureException($"{path} answers {(int)page.StatusCode} and shows no form");
        }

        var post = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent([.. fields, KeyValuePair.Create("form-token", WebUtility.HtmlDecode(token.Groups["token"].Value))]),
        };
        var begun = Stopwatch.GetTimestamp();
        using var answer = await SendAsync(post, cancellationToken);
        await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return (answer.StatusCode, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
    }

    /// <summary>Logs in.</summary>
    /// <returns>How long the post took, in milliseconds.</returns>
    /// <exception cref="MeasureException">It was refused.</exception>
    public async Task<double> LogInAsync(string loginId, CancellationToken cancellationToken)
    {
        var (status, milliseconds) = await FillAsync(
            "/login", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.LoginId"] = loginId, ["Input.Password"] = Population.Password }, cancellationToken);
        return status is HttpStatusCode.SeeOther && _cookies.ContainsKey("__Host-kenko")
            ? milliseconds
            : throw new MeasureException(string.Create(CultureInfo.InvariantCulture, $"a login was answered {(int)status}"));
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Host = _host;
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        }

        var answer = await _client.SendAsync(request, cancellationToken);
        foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var pair = set.Split(';', 2)[0].Split('=', 2);
            _cookies[pair[0]] = pair[1];
        }

        return answer;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(Address, 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [GeneratedRegex(@"name=""form-token""[^>]*value=""(?<token>[^""]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormToken();
}

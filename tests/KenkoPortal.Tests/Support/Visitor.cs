using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using KenkoPortal.Core.Mail;

namespace KenkoPortal.Tests.Support;

/// <summary>A person with a browser: opens pages, fills forms, follows links from mails. No form is posted that was not shown.</summary>
public sealed partial class Visitor
{
    private readonly HttpClient _client;
    private readonly string? _address;

    public Visitor(HttpMessageHandler server, string host, string? address)
    {
        Cookies = new CookieContainer();
        _client = new HttpClient(new CookieKeeper(server, Cookies)) { BaseAddress = new Uri($"http://{host}") };
        _address = address;
    }

    public CookieContainer Cookies { get; }

    /// <summary>Opens a page and follows redirections.</summary>
    public async Task<ShownPage> OpenAsync(string path)
    {
        var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));
        for (var hops = 0; response.Headers.Location is { } location && hops < 5; hops++)
        {
            response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, location));
        }

        return await ShownPage.OfAsync(this, response);
    }

    /// <summary>Opens the link of a mail.</summary>
    public Task<ShownPage> FollowAsync(MailMessage mail) => OpenAsync(LinkIn(mail));

    /// <summary>One request, no redirection followed.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (_address is not null)
        {
            request.Headers.Add("X-Forwarded-For", _address);
        }

        return _client.SendAsync(request);
    }

    /// <summary>An answer whose body the caller reads, as fast or slowly as it likes.</summary>
    public Task<HttpResponseMessage> BeginAsync(string path) => _client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

    /// <summary>An answer as it comes over the wire, for comparing two: status, headers (without the date) and body.</summary>
    public async Task<string> BytesAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request);
        return $"{(int)response.StatusCode} {string.Join(',', response.Headers.Where(h => h.Key != "Date").Select(h => h.Key + string.Join(',', h.Value)))}\n{await response.Content.ReadAsStringAsync()}";
    }

    /// <summary>The path of the only link /c/… in a mail.</summary>
    public static string LinkIn(MailMessage mail) => LinkPath().Match(mail.TextBody) is { Success: true } match
        ? match.Value
        : throw new Xunit.Sdk.XunitException("the mail has no link");

    [GeneratedRegex(@"/c/[A-Za-z0-9_\-]+", RegexOptions.None, 1000)]
    private static partial Regex LinkPath();

    /// <summary>Sends the cookies that were set, Secure ones too: the test server speaks no TLS.</summary>
    private sealed class CookieKeeper(HttpMessageHandler inner, CookieContainer cookies) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var secure = new UriBuilder(request.RequestUri!) { Scheme = "https", Port = -1 }.Uri;
            if (cookies.GetCookieHeader(secure) is { Length: > 0 } header)
            {
                request.Headers.Add("Cookie", header);
            }

            var response = await base.SendAsync(request, cancellationToken);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                cookies.SetCookies(secure, cookie);
            }

            return response;
        }
    }
}

/// <summary>A page as it was shown.</summary>
public sealed class ShownPage
{
    private readonly Visitor _visitor;

    private ShownPage(Visitor visitor, HttpResponseMessage response, string html) =>
        (_visitor, Response, Html, Document) = (visitor, response, html, new HtmlParser().ParseDocument(html));

    public HttpResponseMessage Response { get; }

    public string Html { get; }

    public IHtmlDocument Document { get; }

    public HttpStatusCode Status => Response.StatusCode;

    /// <summary>The path of the address line.</summary>
    public string Path => Response.RequestMessage!.RequestUri!.AbsolutePath;

    public string Heading => Document.QuerySelector("h1")?.TextContent.Trim() ?? "";

    /// <summary>What is to be read, without markup.</summary>
    public string Text => Document.QuerySelector("main")?.TextContent ?? "";

    /// <summary>The messages at the fields.</summary>
    public IReadOnlyList<string> Errors => [.. Document.QuerySelectorAll(".kp-error").Select(e => e.TextContent.Trim())];

    public static async Task<ShownPage> OfAsync(Visitor visitor, HttpResponseMessage response) =>
        new(visitor, response, await response.Content.ReadAsStringAsync());

    /// <summary>Fills fields by their labels and presses the button of their form; follows where it leads.</summary>
    /// <param name="button">The button's words.</param>
    /// <param name="fields">Label and what is typed; a checkbox or radio takes <c>on</c> or <c>off</c>.</param>
    public async Task<ShownPage> PressAsync(string button, params (string Label, string Value)[] fields)
    {
        var response = await PressOnceAsync(button, fields);
        return response.Headers.Location is { } location
            ? await _visitor.OpenAsync(location.OriginalString)
            : await OfAsync(_visitor, response);
    }

    /// <summary>As <see cref="PressAsync"/>, but what comes back is not followed.</summary>
    public async Task<HttpResponseMessage> PressOnceAsync(string button, params (string Label, string Value)[] fields) =>
        await _visitor.SendAsync(RequestFor(button, fields));

    /// <summary>The request that pressing would send.</summary>
    public HttpRequestMessage RequestFor(string button, params (string Label, string Value)[] fields)
    {
        var pressed = Document.QuerySelectorAll("main form button, main form input[type=submit]").FirstOrDefault(b => b.TextContent.Trim() == button)
            ?? Document.QuerySelectorAll("form button").FirstOrDefault(b => b.TextContent.Trim() == button)
            ?? throw new Xunit.Sdk.XunitException($"no button 「{button}」 on {Path} ({Heading})");
        var form = (IHtmlFormElement)pressed.Closest("form")!;
        foreach (var (label, value) in fields)
        {
            Fill(form, label, value);
        }

        var action = form.GetAttribute("action") is { Length: > 0 } given ? given : Path;
        return new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(Values(form).Concat(ValueOf(pressed))) };
    }

    private static void Fill(IHtmlFormElement form, string label, string value)
    {
        var candidates = form.QuerySelectorAll("label").OfType<IHtmlLabelElement>()
            .Where(l => Words(l) == label || (l.Closest("fieldset")?.QuerySelector("legend")?.TextContent.Trim() + ": " + Words(l)) == label).ToList();
        var found = candidates.Count > 0 ? candidates[0] : throw new Xunit.Sdk.XunitException($"no field 「{label}」");
        var input = form.QuerySelector($"[id='{found.HtmlFor}']") as IHtmlInputElement ?? found.QuerySelector("input") as IHtmlInputElement
            ?? throw new Xunit.Sdk.XunitException($"the label 「{label}」 belongs to no field");
        if (input.Type is "checkbox" or "radio")
        {
            input.IsChecked = value == "on";
            foreach (var other in form.QuerySelectorAll("input[type=radio]").OfType<IHtmlInputElement>().Where(i => i != input && i.Name == input.Name && input.Type == "radio"))
            {
                other.IsChecked = false;
            }
        }
        else
        {
            input.Value = value;
        }
    }

    private static string Words(IElement label) => label.TextContent.Replace("※必須", "", StringComparison.Ordinal).Trim();

    /// <summary>A button with a name tells that it was this one.</summary>
    private static IEnumerable<KeyValuePair<string, string>> ValueOf(IElement pressed) =>
        pressed.GetAttribute("name") is { Length: > 0 } name ? [KeyValuePair.Create(name, pressed.GetAttribute("value") ?? "")] : [];

    private static IEnumerable<KeyValuePair<string, string>> Values(IHtmlFormElement form) =>
        from input in form.QuerySelectorAll("input").OfType<IHtmlInputElement>()
        where input.Name is { Length: > 0 } && (input.Type is not ("checkbox" or "radio") || input.IsChecked)
        select KeyValuePair.Create(input.Name!, input.Value);
}

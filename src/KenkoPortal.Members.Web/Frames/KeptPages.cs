using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Mime;
using System.Text;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Net.Http.Headers;

namespace KenkoPortal.Members.Web.Frames;

/// <summary>
/// Marks a page that all strangers see alike but for the form's token: looked at without a query, by somebody who shows no cookie but those that
/// change nothing in it. <see cref="KeptPages"/> renders it once for them.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AlikeForStrangersAttribute : Attribute, IFilterFactory
{
    public bool IsReusable => true;

    public IFilterMetadata CreateInstance(IServiceProvider serviceProvider) => serviceProvider.GetRequiredService<KeptPages>();
}

/// <summary>
/// Keeps the pages marked by <see cref="AlikeForStrangersAttribute"/> as they were rendered, one for each society and text size, and puts each visitor's
/// own token into them. What the society changes makes it render anew (<see cref="SocietiesVersion"/>).
/// </summary>
public sealed class KeptPages(IAntiforgery forms, PortalCookies cookies) : IAsyncResourceFilter
{
    private readonly ConcurrentDictionary<(Guid Society, string Page, TextSize Size), KeptPage> _kept = new();

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var http = context.HttpContext;
        var page = "/" + context.ActionDescriptor.AttributeRouteInfo?.Template;
        var society = http.RequestServices.GetRequiredService<CurrentSociety>();
        if (society.Version is not { } version || !IsPlain(http.Request, page))
        {
            await next();
            return;
        }

        var key = (society.Id, page, TextSizeCode.Read(http.Request));
        if (_kept.TryGetValue(key, out var kept) && kept.Version == version)
        {
            context.Result = new EmptyResult();
            await kept.WriteAsync(http.Response, Token(http));
        }
        else if (await RenderAsync(http, next) is { } rendered && KeptPage.TryMake(version, rendered, Token(http)) is { } made)
        {
            _kept[key] = made;
        }
    }

    /// <summary>Renders the page for this visitor as ever, and hands it over if it is one to keep.</summary>
    private static async Task<byte[]?> RenderAsync(HttpContext http, ResourceExecutionDelegate next)
    {
        var body = http.Response.Body;
        using var copy = new MemoryStream();
        http.Response.Body = copy;
        try
        {
            if (await next() is { Exception: not null, ExceptionHandled: false })
            {
                return null;
            }
        }
        finally
        {
            http.Response.Body = body;
        }

        var page = copy.ToArray();
        if (page.Length > 0)
        {
            // A body without a byte would begin the answer all the same, and shut out the page that tells of its status.
            await body.WriteAsync(page, http.RequestAborted);
        }

        return http.Response.StatusCode == StatusCodes.Status200OK ? page : null;
    }

    private bool IsPlain(HttpRequest request, string page) =>
        HttpMethods.IsGet(request.Method) && request.Path.Equals(page, StringComparison.Ordinal) && !request.QueryString.HasValue
        && request.Cookies.All(cookie => cookies.ChangesNoKeptPage(cookie.Key));

    /// <summary>The same throughout a request.</summary>
    private string Token(HttpContext http) => forms.GetAndStoreTokens(http).RequestToken!;

    /// <summary>A rendered page without its token.</summary>
    private sealed record KeptPage(RowsVersion Version, byte[] Before, byte[] After)
    {
        private static readonly string ContentType = new MediaTypeHeaderValue(MediaTypeNames.Text.Html) { Encoding = Encoding.UTF8 }.ToString();

        /// <summary>Null where the token does not stand in the page exactly once.</summary>
        public static KeptPage? TryMake(RowsVersion version, byte[] page, string token)
        {
            var sought = Encoding.ASCII.GetBytes(token);
            var at = page.AsSpan().IndexOf(sought);
            return at >= 0 && page.AsSpan(at + sought.Length).IndexOf(sought) < 0
                ? new KeptPage(version, page[..at], page[(at + sought.Length)..])
                : null;
        }

        public async Task WriteAsync(HttpResponse response, string token)
        {
            response.ContentType = ContentType;
            response.ContentLength = Before.Length + token.Length + After.Length;
            response.BodyWriter.Write(Before);
            Encoding.ASCII.GetBytes(token, response.BodyWriter);
            response.BodyWriter.Write(After);
            await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
        }
    }
}

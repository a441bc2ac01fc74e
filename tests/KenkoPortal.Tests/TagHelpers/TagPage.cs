using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Tests.TagHelpers;

/// <summary>A page without a server: tags are rendered one after the other into it, then it is read as a browser would.</summary>
internal sealed class TagPage
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly EmptyModelMetadataProvider _metadata = new();
    private readonly StringBuilder _html = new();

    public TagPage() => View = new ViewContext
    {
        HttpContext = new DefaultHttpContext(),
        ViewData = new ViewDataDictionary(_metadata, new ModelStateDictionary()),
    };

    public ViewContext View { get; }

    public string Html => _html.ToString();

    public IDocument Document => new HtmlParser().ParseDocument("<body>" + Html);

    /// <summary>A property of the page's model.</summary>
    public ModelExpression Property(string name, object? value) =>
        new(name, new ModelExplorer(_metadata, _metadata.GetMetadataForType(value?.GetType() ?? typeof(string)), value));

    /// <summary>As after a post: what was typed, and what is wrong with it.</summary>
    public TagPage Posted(string name, string typed, params string[] errors)
    {
        View.ViewData.ModelState.SetModelValue(name, typed.Split(','), typed);
        return Wrong(name, errors);
    }

    public TagPage Wrong(string name, params string[] errors)
    {
        foreach (var error in errors)
        {
            View.ViewData.ModelState.AddModelError(name, error);
        }

        return this;
    }

    public Task<TagPage> Add(TagHelper tag, params (string Name, object? Value)[] attributes) => Add(tag, "", [], attributes);

    public Task<TagPage> Add(TagHelper tag, string content, params (string Name, object? Value)[] attributes) => Add(tag, content, [], attributes);

    /// <summary>With children that see what their parent left for them.</summary>
    public Task<TagPage> AddGroup(TagHelper tag, params TagHelper[] children) => Add(tag, "", children, []);

    private async Task<TagPage> Add(TagHelper tag, string content, TagHelper[] children, (string Name, object? Value)[] attributes)
    {
        var output = await Render(tag, content, children, attributes, new Dictionary<object, object>());
        await using var writer = new StringWriter(_html, CultureInfo.InvariantCulture);
        output.WriteTo(writer, Encoder);
        return this;
    }

    private static async Task<TagHelperOutput> Render(
        TagHelper tag, string content, TagHelper[] children, (string Name, object? Value)[] attributes, IDictionary<object, object> items)
    {
        var given = new TagHelperAttributeList(attributes.Select(a => new TagHelperAttribute(a.Name, a.Value)));
        var context = new TagHelperContext("kp", [], items, "test");
        var output = new TagHelperOutput("kp", given, async (_, _) =>
        {
            var inner = new DefaultTagHelperContent();
            inner.AppendHtml(content);
            foreach (var child in children)
            {
                inner.AppendHtml(await Render(child, "", [], [], items));
            }

            return inner;
        });
        await tag.ProcessAsync(context, output);
        if (!output.IsContentModified)
        {
            // As Razor does for tags that leave their content alone.
            output.Content.SetHtmlContent(await output.GetChildContentAsync());
        }

        return output;
    }
}

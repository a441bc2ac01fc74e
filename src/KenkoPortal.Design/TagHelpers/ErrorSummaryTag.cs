using KenkoPortal.Design.Layout;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>
/// <c>kp-error-summary</c>: everything that is wrong, above the h1, focused, each line leading to its field. The layout
/// holds it for every page; it is empty while nothing is wrong. An error of the whole form (key "") leads to the first field.
/// </summary>
[HtmlTargetElement("kp-error-summary", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ErrorSummaryTag : TagHelper
{
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = default!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var lines = Lines(ViewContext.ViewData.ModelState, FieldOrder.Of(ViewContext.HttpContext).Fields).ToList();
        if (lines.Count == 0)
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "kp-error-summary");
        output.Attributes.SetAttribute("role", "alert");
        output.Attributes.SetAttribute("tabindex", "-1");
        output.Attributes.SetAttribute("aria-labelledby", "kp-error-summary-heading");
        output.Attributes.Add(new TagHelperAttribute("autofocus", null, HtmlAttributeValueStyle.Minimized));
        var list = Markup.Tag("ul");
        foreach (var (text, id) in lines)
        {
            list.InnerHtml.AppendHtml(id is null
                ? Markup.Tag("li", null, text)
                : Markup.Tag("li", null, Markup.Tag("a", null, text).With("href", "#" + id)));
        }

        output.Content.AppendHtml(Markup.Tag(
            "h2",
            "kp-error-summary-heading",
            Icons.Draw(Icon.Error),
            Markup.Tag("span", null, SharedText.ErrorSummaryHeading)).With("id", "kp-error-summary-heading"));
        output.Content.AppendHtml(Markup.Tag("p", null, SharedText.ErrorSummaryLead));
        output.Content.AppendHtml(list);
    }

    private static IEnumerable<(string Text, string? Id)> Lines(ModelStateDictionary state, IReadOnlyList<(string Name, string Id)> fields)
    {
        var first = fields.Count > 0 ? fields[0].Id : null;
        foreach (var (key, entry) in state)
        {
            if (!fields.Any(field => field.Name == key))
            {
                foreach (var text in FieldErrors.Texts(entry))
                {
                    yield return (text, key.Length == 0 ? first : null);
                }
            }
        }

        foreach (var (name, id) in fields)
        {
            if (state.TryGetValue(name, out var entry))
            {
                foreach (var text in FieldErrors.Texts(entry))
                {
                    yield return (text, id);
                }
            }
        }
    }
}

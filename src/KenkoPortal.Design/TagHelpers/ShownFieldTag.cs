using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary><c>kp-shown</c>: stands among fields like one, but is text: a value that is already certain and cannot be typed here.</summary>
[HtmlTargetElement("kp-shown")]
public sealed class ShownFieldTag : TagHelper
{
    public string Label { get; set; } = "";

    public string? Hint { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var value = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "kp-field kp-shown");
        output.Content.SetHtmlContent(Markup.Tag("p", "kp-label", Label));
        if (Hint is not null)
        {
            output.Content.AppendHtml(Markup.Tag("p", "kp-hint", Hint));
        }

        output.Content.AppendHtml(Markup.Tag("p", "kp-value", value));
    }
}

using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

public enum ButtonKind
{
    Primary,
    Secondary,

    /// <summary>Looks like a link; for what is seldom wanted.</summary>
    Text,
}

/// <summary>
/// <c>kp-button</c>: a submit button, or with <c>href</c> a link that looks like one. Other attributes (<c>name</c>,
/// <c>value</c>, <c>formaction</c> …) stay. Where a typed link is needed, <c>&lt;a asp-page class="kp-button"&gt;</c> looks the same.
/// </summary>
[HtmlTargetElement("kp-button")]
public sealed class ButtonTag : TagHelper
{
    public ButtonKind Kind { get; set; }

    public string? Href { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagMode = TagMode.StartTagAndEndTag;
        output.TagName = Href is null ? "button" : "a";
        output.Attributes.SetAttribute("class", Kind switch
        {
            ButtonKind.Secondary => "kp-button kp-button-secondary",
            ButtonKind.Text => "kp-button kp-button-text",
            _ => "kp-button",
        });
        if (Href is not null)
        {
            output.Attributes.SetAttribute("href", Href);
        }
        else if (!output.Attributes.ContainsName("type"))
        {
            output.Attributes.SetAttribute("type", "submit");
        }
    }
}

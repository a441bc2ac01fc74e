using KenkoPortal.Design.Layout;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary><c>kp-summary-list</c>: what is so, line by line. Holds <c>kp-summary-row</c>.</summary>
[HtmlTargetElement("kp-summary-list")]
[RestrictChildren("kp-summary-row")]
public sealed class SummaryListTag : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = "dl";
        output.Attributes.SetAttribute("class", "kp-summary");
    }
}

/// <summary><c>kp-summary-row</c>: a name, its value (the content) and a link to change it.</summary>
[HtmlTargetElement("kp-summary-row", ParentTag = "kp-summary-list")]
public sealed class SummaryRowTag : TagHelper
{
    public string Label { get; set; } = "";

    /// <summary>Where the value is changed; null where it is not.</summary>
    public string? Href { get; set; }

    /// <summary>The link's words, 「変更」 when left out; the label is read out before them.</summary>
    public string? Action { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var value = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.SetHtmlContent(Markup.Tag("dt", null, Label));
        output.Content.AppendHtml(Markup.Tag("dd", null, value));
        if (Href is not null)
        {
            var link = Markup.Tag("a", null, Markup.HiddenText(Label)).With("href", Href);
            link.InnerHtml.Append(Action ?? SharedText.Change);
            output.Content.AppendHtml(Markup.Tag("dd", "kp-summary-action", link));
        }
    }
}

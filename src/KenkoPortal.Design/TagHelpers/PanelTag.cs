using KenkoPortal.Design.Layout;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>
/// <c>kp-panel</c>: one of Home's panels: heading, the newest items, 「一覧はこちら」. The link's words are the same in every
/// panel, so the heading is read out before them.
/// </summary>
[HtmlTargetElement("kp-panel")]
public sealed class PanelTag : TagHelper
{
    public string Heading { get; set; } = "";

    /// <summary>Where 「一覧はこちら」 leads; null leaves the link out.</summary>
    public string? Href { get; set; }

    /// <summary>The sentence for a panel without content.</summary>
    public string? Empty { get; set; }

    public Icon Icon { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = default!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var body = await output.GetChildContentAsync();
        var headingId = PageIds.Next(ViewContext.HttpContext, "panel");
        output.TagName = "section";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "kp-panel");
        output.Attributes.SetAttribute("aria-labelledby", headingId);
        output.Content.SetHtmlContent(Markup.Tag("h2", "kp-panel-heading", Icons.Draw(Icon), Markup.Tag("span", null, Heading)).With("id", headingId));
        if (!body.IsEmptyOrWhiteSpace)
        {
            output.Content.AppendHtml(Markup.Tag("div", "kp-panel-body", body));
        }
        else if (Empty is not null)
        {
            output.Content.AppendHtml(Markup.Tag("p", "kp-panel-body kp-panel-empty", Empty));
        }

        if (Href is not null)
        {
            var link = Markup.Tag("a", "kp-more", Markup.HiddenText(Markup.Fill(SharedText.PanelMoreOf, Heading))).With("href", Href);
            link.InnerHtml.Append(SharedText.PanelMore);
            output.Content.AppendHtml(Markup.Tag("p", "kp-panel-more", link));
        }
    }
}

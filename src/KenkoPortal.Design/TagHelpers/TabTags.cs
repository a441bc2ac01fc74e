using KenkoPortal.Design.Layout;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary><c>kp-tabs</c>: a page for each member of the household, as links. Holds <c>kp-tab</c>; lies left of the content inside <c>.kp-side</c>, above it on phones.</summary>
[HtmlTargetElement("kp-tabs")]
[RestrictChildren("kp-tab")]
public sealed class TabsTag : TagHelper
{
    /// <summary>What the tabs choose between, read out; the household when left out.</summary>
    public string? Label { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var tabs = await output.GetChildContentAsync();
        output.TagName = "nav";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "kp-tabs");
        output.Attributes.SetAttribute("aria-label", Label ?? SharedText.HouseholdTabs);
        output.Content.SetHtmlContent(Markup.Tag("ul", null, tabs));
    }
}

/// <summary><c>kp-tab</c>: one page of <c>kp-tabs</c>.</summary>
[HtmlTargetElement("kp-tab", ParentTag = "kp-tabs")]
public sealed class TabTag : TagHelper
{
    public string Href { get; set; } = "";

    public bool Current { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var label = await output.GetChildContentAsync();
        output.TagName = "li";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.SetHtmlContent(Markup.Tag("a", null, label).With("href", Href).With("aria-current", Current ? "page" : null));
    }
}

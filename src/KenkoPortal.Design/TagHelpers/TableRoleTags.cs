using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>
/// Says in roles what the tags of a table say already. On phones its lines stack as cards, and where <c>display</c> makes a table
/// something else for the eye, some browsers (Safari) stop telling screen readers that it is one.
/// </summary>
[HtmlTargetElement("table")]
[HtmlTargetElement("thead")]
[HtmlTargetElement("tbody")]
[HtmlTargetElement("tr")]
[HtmlTargetElement("th")]
[HtmlTargetElement("td")]
public sealed class TableRoleTags : TagHelper
{
    /// <summary>Of a <c>th</c>: what it is the head of.</summary>
    public string? Scope { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        output.Attributes.SetAttribute("role", context.TagName switch
        {
            "table" => "table",
            "thead" or "tbody" => "rowgroup",
            "tr" => "row",
            "th" => Scope == "row" ? "rowheader" : "columnheader",
            _ => "cell",
        });
        if (Scope is not null)
        {
            output.Attributes.SetAttribute("scope", Scope);
        }
    }
}

using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>
/// Every form posts what was typed and lets the server judge: a browser's own check speaks its own language, is hidden
/// from our error summary, and refuses mail addresses that Japanese carriers have handed out.
/// </summary>
[HtmlTargetElement("form")]
public sealed class FormTag : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!output.Attributes.ContainsName("novalidate"))
        {
            output.Attributes.Add(new TagHelperAttribute("novalidate", null, HtmlAttributeValueStyle.Minimized));
        }
    }
}

using KenkoPortal.Design.Layout;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

public enum NoticeType
{
    Info,
    Success,
    Warning,
    Error,
}

/// <summary><c>kp-notice</c>: a box that says one thing. What kind of box it is stands in words that are read out, not in its colour alone.</summary>
[HtmlTargetElement("kp-notice")]
public sealed class NoticeTag : TagHelper
{
    public NoticeType Type { get; set; }

    public string? Heading { get; set; }

    /// <summary>2 to 4, so that the outline of the page has no gap.</summary>
    public int HeadingLevel { get; set; } = 2;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var body = await output.GetChildContentAsync();
        var (name, icon, kind) = Type switch
        {
            NoticeType.Success => ("success", Icon.Success, SharedText.NoticeSuccess),
            NoticeType.Warning => ("warning", Icon.Warning, SharedText.NoticeWarning),
            NoticeType.Error => ("error", Icon.Error, SharedText.NoticeError),
            _ => ("info", Icon.Info, SharedText.NoticeInfo),
        };
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "kp-notice kp-notice-" + name);
        output.Content.SetHtmlContent(Icons.Draw(icon)!);
        var text = Markup.Tag("div", "kp-notice-body");
        if (Heading is null)
        {
            text.InnerHtml.AppendHtml(Markup.HiddenText(kind));
        }
        else
        {
            var heading = Markup.Tag("h" + Math.Clamp(HeadingLevel, 2, 4), "kp-notice-heading", Markup.HiddenText(kind));
            heading.InnerHtml.Append(Heading);
            text.InnerHtml.AppendHtml(heading);
        }

        text.InnerHtml.AppendHtml(body);
        output.Content.AppendHtml(text);
    }
}

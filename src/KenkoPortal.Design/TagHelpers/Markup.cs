using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>Short forms for building elements. Text given as a string is encoded when it is written.</summary>
internal static class Markup
{
    public static TagBuilder Tag(string name, string? cssClass = null, params ReadOnlySpan<IHtmlContent?> children)
    {
        var tag = new TagBuilder(name);
        if (cssClass is not null)
        {
            tag.AddCssClass(cssClass);
        }

        foreach (var child in children)
        {
            if (child is not null)
            {
                tag.InnerHtml.AppendHtml(child);
            }
        }

        return tag;
    }

    public static TagBuilder Tag(string name, string? cssClass, string text)
    {
        var tag = Tag(name, cssClass);
        tag.InnerHtml.Append(text);
        return tag;
    }

    public static TagBuilder With(this TagBuilder tag, string attribute, string? value)
    {
        if (value is not null)
        {
            tag.Attributes[attribute] = value;
        }

        return tag;
    }

    /// <summary>A text of the resources with its {0} filled in.</summary>
    public static string Fill(string format, string value) => string.Format(CultureInfo.CurrentCulture, format, value);

    /// <summary>Words that are read out but not seen, where the eye has a colour or a place instead.</summary>
    public static TagBuilder HiddenText(string text) => Tag("span", "kp-vh", text);
}

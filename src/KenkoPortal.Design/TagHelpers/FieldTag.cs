using System.Globalization;
using System.Net;
using KenkoPortal.Design.Layout;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>How wide a field looks, which tells how much is expected in it. On phones every field takes the line.</summary>
public enum FieldWidth
{
    Normal,
    Short,
    Full,
}

/// <summary>
/// <c>kp-field</c>: one line of text to type: label, hint, input, errors, in this order. What was typed stays, except
/// passwords, which never leave the server. Attributes that it does not know (<c>inputmode</c>, <c>autocapitalize</c>,
/// <c>enterkeyhint</c>, <c>data-*</c> …) go to the input. Its content, if any, is a longer hint.
/// </summary>
[HtmlTargetElement("kp-field", Attributes = "asp-for")]
public sealed class FieldTag : TagHelper
{
    [HtmlAttributeName("asp-for")]
    public ModelExpression For { get; set; } = default!;

    /// <summary>The display name of the property when left out.</summary>
    public string? Label { get; set; }

    public string? Hint { get; set; }

    /// <summary><c>text</c>, <c>email</c>, <c>password</c> or <c>tel</c>.</summary>
    public string Type { get; set; } = "text";

    /// <summary>Says 「※必須」 in words. The browser's own check stays off: its messages are not ours.</summary>
    public bool Required { get; set; }

    /// <summary>In UTF-16 units, as browsers count.</summary>
    public int? Maxlength { get; set; }

    public FieldWidth Width { get; set; }

    /// <summary>For a new password: the script adds a meter that advises and stops nobody.</summary>
    public bool Strength { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = default!;

    private bool IsPassword => string.Equals(Type, "password", StringComparison.OrdinalIgnoreCase);

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var longHint = await output.GetChildContentAsync();
        var field = BoundField.Register(For, ViewContext, Label);
        var hint = HintBlock(field, longHint);
        var input = Input(field, output.Attributes, hint is not null);
        var label = Markup.Tag("label", "kp-label").With("for", field.Id);
        field.WriteLabel(label, Required);

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.Clear();
        output.Attributes.SetAttribute("class", field.Invalid ? "kp-field kp-field-invalid" : "kp-field");
        if (IsPassword)
        {
            WritePasswordWords(output.Attributes, field.Label);
        }

        output.Content.SetHtmlContent(label);
        if (hint is not null)
        {
            output.Content.AppendHtml(hint);
        }

        var row = Markup.Tag("div", Width switch
        {
            FieldWidth.Short => "kp-input kp-input-short",
            FieldWidth.Full => "kp-input kp-input-full",
            _ => "kp-input",
        }, input);
        output.Content.AppendHtml(row);
        if (field.ErrorBlock() is { } errors)
        {
            output.Content.AppendHtml(errors);
        }
    }

    private TagBuilder? HintBlock(BoundField field, TagHelperContent longHint)
    {
        if (string.IsNullOrEmpty(Hint) && longHint.IsEmptyOrWhiteSpace)
        {
            return null;
        }

        var block = Markup.Tag("div", "kp-hint").With("id", field.HintId);
        if (!string.IsNullOrEmpty(Hint))
        {
            block.InnerHtml.AppendHtml(Markup.Tag("p", null, Hint));
        }

        block.InnerHtml.AppendHtml(longHint);
        return block;
    }

    private TagBuilder Input(BoundField field, TagHelperAttributeList given, bool hasHint)
    {
        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        input.With("type", Type.ToLowerInvariant()).With("id", field.Id).With("name", field.Name);
        if (!IsPassword)
        {
            input.With("value", field.Value);
        }

        if (IsPassword || string.Equals(Type, "email", StringComparison.OrdinalIgnoreCase))
        {
            // Phones capitalise and "correct" what they take for the start of a sentence.
            input.With("autocapitalize", "none").With("autocorrect", "off").With("spellcheck", "false");
        }

        input.With("aria-required", Required ? "true" : null)
            .With("aria-invalid", field.Invalid ? "true" : null)
            .With("aria-describedby", field.DescribedBy(hasHint))
            .With("maxlength", Maxlength?.ToString(CultureInfo.InvariantCulture));
        foreach (var attribute in given)
        {
            input.With(attribute.Name, PlainText(attribute.Value));
        }

        return input;
    }

    private void WritePasswordWords(TagHelperAttributeList attributes, string label)
    {
        attributes.SetAttribute("data-show", SharedText.PasswordShow);
        attributes.SetAttribute("data-hide", SharedText.PasswordHide);
        attributes.SetAttribute("data-show-of", Markup.Fill(SharedText.PasswordShowOf, label));
        attributes.SetAttribute("data-hide-of", Markup.Fill(SharedText.PasswordHideOf, label));
        attributes.SetAttribute("data-shown", Markup.Fill(SharedText.PasswordShown, label));
        attributes.SetAttribute("data-hidden", Markup.Fill(SharedText.PasswordHidden, label));
        if (Strength)
        {
            attributes.SetAttribute("data-strength", SharedText.StrengthLabel);
            attributes.SetAttribute("data-strength-levels", $"{SharedText.StrengthWeak}|{SharedText.StrengthFair}|{SharedText.StrengthStrong}");
            attributes.SetAttribute("data-strength-advice", SharedText.StrengthAdvice);
        }
    }

    // Razor hands over what stands in the page as markup, TagBuilder encodes again when it writes.
    private static string PlainText(object? value)
    {
        if (value is not IHtmlContent markup)
        {
            return value?.ToString() ?? "";
        }

        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        markup.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return WebUtility.HtmlDecode(writer.ToString());
    }
}

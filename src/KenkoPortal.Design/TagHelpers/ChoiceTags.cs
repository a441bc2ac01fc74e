using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>
/// <c>kp-radio-group</c>: one answer out of a few, in a fieldset with a legend. Holds <c>kp-radio</c>. The first radio
/// has the property's id, so that the error summary's link lands on it.
/// </summary>
[HtmlTargetElement("kp-radio-group", Attributes = "asp-for")]
[RestrictChildren("kp-radio")]
public sealed class RadioGroupTag : TagHelper
{
    [HtmlAttributeName("asp-for")]
    public ModelExpression For { get; set; } = default!;

    public string? Legend { get; set; }

    public string? Hint { get; set; }

    public bool Required { get; set; }

    /// <summary>Side by side where there is room: for two short answers.</summary>
    public bool Inline { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = default!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var field = BoundField.Register(For, ViewContext, Legend);
        context.Items[typeof(RadioGroup)] = new RadioGroup(field);
        ChoiceFieldset.Write(output, field, Hint, Required, Inline, await output.GetChildContentAsync());
    }
}

internal sealed class RadioGroup(BoundField bound)
{
    private int _count;

    public BoundField Field => bound;

    public string NextId() => ++_count == 1 ? bound.Id : string.Create(CultureInfo.InvariantCulture, $"{bound.Id}-{_count}");
}

/// <summary><c>kp-radio</c>: one answer of a <c>kp-radio-group</c>.</summary>
[HtmlTargetElement("kp-radio", ParentTag = "kp-radio-group", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class RadioTag : TagHelper
{
    public string Value { get; set; } = "";

    public string Label { get; set; } = "";

    public string? Hint { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var group = (RadioGroup)context.Items[typeof(RadioGroup)];
        var chosen = string.Equals(group.Field.Value, Value, StringComparison.OrdinalIgnoreCase);
        var input = Choice.Input("radio", group.NextId(), group.Field.Name, Value, chosen, group.Field.Invalid);
        Choice.Write(output, input, Label, Hint);
    }
}

/// <summary>
/// <c>kp-checkbox-group</c>: switches that belong together, in a fieldset with a legend. Holds <c>kp-checkbox</c>, each
/// bound to a bool of its own.
/// </summary>
[HtmlTargetElement("kp-checkbox-group")]
public sealed class CheckboxGroupTag : TagHelper
{
    public string Legend { get; set; } = "";

    public string? Hint { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = default!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var children = await output.GetChildContentAsync();
        var hintId = Hint is null ? null : PageIds.Next(ViewContext.HttpContext, "choices-hint");
        ChoiceFieldset.Write(output, Markup.Tag("legend", "kp-label", Legend), Hint, hintId, describedBy: hintId, errors: null, inline: false, children);
    }
}

/// <summary><c>kp-checkbox</c>: a bool. Its hidden twin posts <c>false</c>, so that an empty box is an answer too.</summary>
[HtmlTargetElement("kp-checkbox", Attributes = "asp-for", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class CheckboxTag : TagHelper
{
    [HtmlAttributeName("asp-for")]
    public ModelExpression For { get; set; } = default!;

    public string? Label { get; set; }

    public string? Hint { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = default!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var field = BoundField.Register(For, ViewContext, Label);
        var chosen = string.Equals(field.Value, "true", StringComparison.OrdinalIgnoreCase);
        var input = Choice.Input("checkbox", field.Id, field.Name, "true", chosen, field.Invalid);
        Choice.Write(output, input, field.Label, Hint, field.ErrorBlock());
        output.Content.AppendHtml(new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing }
            .With("type", "hidden").With("name", field.Name).With("value", "false"));
    }
}

internal static class Choice
{
    public static TagBuilder Input(string type, string id, string name, string value, bool chosen, bool invalid) =>
        new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing }
            .With("type", type).With("id", id).With("name", name).With("value", value)
            .With("checked", chosen ? "checked" : null)
            .With("aria-invalid", invalid ? "true" : null);

    public static void Write(TagHelperOutput output, TagBuilder input, string label, string? hint, TagBuilder? errors = null)
    {
        var id = input.Attributes["id"]!;
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "kp-choice");
        var describedBy = string.Join(' ', new[] { hint is null ? null : id + "-hint", errors?.Attributes["id"] }.Where(part => part is not null));
        output.Content.SetHtmlContent(input.With("aria-describedby", describedBy.Length == 0 ? null : describedBy));
        output.Content.AppendHtml(Markup.Tag("label", null, label).With("for", id));
        if (hint is not null)
        {
            output.Content.AppendHtml(Markup.Tag("p", "kp-hint", hint).With("id", id + "-hint"));
        }

        if (errors is not null)
        {
            output.Content.AppendHtml(errors);
        }
    }
}

internal static class ChoiceFieldset
{
    public static void Write(TagHelperOutput output, BoundField field, string? hint, bool required, bool inline, IHtmlContent choices)
    {
        var legend = Markup.Tag("legend", "kp-label");
        field.WriteLabel(legend, required);
        Write(output, legend, hint, field.HintId, field.DescribedBy(hint is not null), field.ErrorBlock(), inline, choices);
    }

    public static void Write(TagHelperOutput output, TagBuilder legend, string? hint, string? hintId, string? describedBy, TagBuilder? errors, bool inline, IHtmlContent choices)
    {
        output.TagName = "fieldset";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", errors is null ? "kp-field" : "kp-field kp-field-invalid");
        if (describedBy is not null)
        {
            output.Attributes.SetAttribute("aria-describedby", describedBy);
        }

        output.Content.SetHtmlContent(legend);
        if (hint is not null)
        {
            output.Content.AppendHtml(Markup.Tag("p", "kp-hint", hint).With("id", hintId));
        }

        output.Content.AppendHtml(Markup.Tag("div", inline ? "kp-choices kp-choices-inline" : "kp-choices", choices));
        if (errors is not null)
        {
            output.Content.AppendHtml(errors);
        }
    }
}

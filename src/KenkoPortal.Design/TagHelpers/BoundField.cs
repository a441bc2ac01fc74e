using KenkoPortal.Design.Layout;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>A model property as a form shows it: the name it posts under, its ids, what was typed and what is wrong with it.</summary>
internal sealed class BoundField
{
    private BoundField(string name, string id, string label, string? value, IReadOnlyList<string> errors)
    {
        Name = name;
        Id = id;
        Label = label;
        Value = value;
        Errors = errors;
    }

    public string Name { get; }

    public string Id { get; }

    public string HintId => Id + "-hint";

    public string ErrorId => Id + "-error";

    public string Label { get; }

    /// <summary>As it was typed, when the form was posted; the model's value otherwise. Passwords must not use it.</summary>
    public string? Value { get; }

    public IReadOnlyList<string> Errors { get; }

    public bool Invalid => Errors.Count > 0;

    /// <summary>Reads the field and puts it on the page's list, in whose order the error summary speaks.</summary>
    public static BoundField Register(ModelExpression model, ViewContext view, string? label)
    {
        var name = view.ViewData.TemplateInfo.GetFullHtmlFieldName(model.Name);
        var id = TagBuilder.CreateSanitizedId(name, "_");
        view.ViewData.ModelState.TryGetValue(name, out var entry);
        var errors = entry is null ? [] : FieldErrors.Texts(entry);
        // A checkbox posts "true,false" (itself and its hidden twin); the first is the member's answer.
        var typed = entry?.RawValue is string[] { Length: > 0 } several ? several[0] : entry?.AttemptedValue;
        var value = typed ?? model.ModelExplorer.GetSimpleDisplayTextOrNull();
        FieldOrder.Of(view.HttpContext).Add(name, id);
        return new BoundField(name, id, label ?? model.Metadata.GetDisplayName(), value, errors);
    }

    /// <summary>The value of <c>aria-describedby</c>, or null when nothing describes the field.</summary>
    public string? DescribedBy(bool hasHint) => (hasHint, Invalid) switch
    {
        (true, true) => $"{HintId} {ErrorId}",
        (true, false) => HintId,
        (false, true) => ErrorId,
        _ => null,
    };

    /// <summary>The label's words with 「※必須」 after them.</summary>
    public void WriteLabel(TagBuilder label, bool required)
    {
        label.InnerHtml.Append(Label);
        if (required)
        {
            label.InnerHtml.AppendHtml(Markup.Tag("span", "kp-required", SharedText.Required));
        }
    }

    /// <summary>The errors, below the input, or null.</summary>
    public TagBuilder? ErrorBlock()
    {
        if (!Invalid)
        {
            return null;
        }

        var block = Markup.Tag("div", "kp-error").With("id", ErrorId);
        foreach (var error in Errors)
        {
            block.InnerHtml.AppendHtml(Markup.Tag("p", null, Icons.Draw(Icon.Error), Markup.Tag("span", null, error)));
        }

        return block;
    }
}

internal static class ModelExplorerText
{
    public static string? GetSimpleDisplayTextOrNull(this ModelExplorer explorer) =>
        explorer.Model is null ? null : Convert.ToString(explorer.Model, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The words of a field's errors, the same in the summary and at the field.</summary>
internal static class FieldErrors
{
    public static IReadOnlyList<string> Texts(ModelStateEntry entry) =>
        [.. entry.Errors.Select(error => string.IsNullOrEmpty(error.ErrorMessage) ? SharedText.ValueInvalid : error.ErrorMessage).Distinct(StringComparer.Ordinal)];
}

/// <summary>
/// The fields of the page in the order in which they stand. ModelState keeps its keys in the order of the alphabet,
/// so without this list the summary would name the third field first.
/// </summary>
internal sealed class FieldOrder
{
    private readonly List<(string Name, string Id)> _fields = [];

    public IReadOnlyList<(string Name, string Id)> Fields => _fields;

    public static FieldOrder Of(HttpContext context)
    {
        if (context.Items[typeof(FieldOrder)] is not FieldOrder order)
        {
            context.Items[typeof(FieldOrder)] = order = new FieldOrder();
        }

        return order;
    }

    public void Add(string name, string id)
    {
        if (!_fields.Exists(field => field.Name == name))
        {
            _fields.Add((name, id));
        }
    }
}

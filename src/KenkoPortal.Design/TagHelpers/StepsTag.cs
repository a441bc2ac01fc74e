using System.Globalization;
using KenkoPortal.Design.Layout;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>The flows whose steps the pages show.</summary>
public enum Flow
{
    Registration,
    Reissue,
}

/// <summary><c>kp-steps</c>: where one is in a flow. <c>current</c> counts from 1; <c>5</c> (one past the last) says that all is done.</summary>
[HtmlTargetElement("kp-steps", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class StepsTag : TagHelper
{
    public Flow Flow { get; set; }

    public int Current { get; set; } = 1;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        string[] steps = Flow == Flow.Registration
            ? [SharedText.StepMail, SharedText.StepProvisionalLogin, SharedText.StepAccount, SharedText.StepComplete]
            : [SharedText.StepMail, SharedText.StepProvisionalLogin, SharedText.StepNewPassword, SharedText.StepComplete];
        output.TagName = "ol";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "kp-steps");
        output.Attributes.SetAttribute("aria-label", SharedText.StepsLabel);
        for (var i = 0; i < steps.Length; i++)
        {
            var number = Markup.Tag("span", "kp-step-number", (i + 1).ToString(CultureInfo.InvariantCulture));
            var step = Markup.Tag("li", null, number, Label(steps[i]));
            if (i + 1 < Current)
            {
                step.AddCssClass("kp-step-done");
                step.InnerHtml.AppendHtml(Markup.HiddenText(SharedText.StepDone));
            }
            else if (i + 1 == Current)
            {
                step.With("aria-current", "step").InnerHtml.AppendHtml(Markup.HiddenText(SharedText.StepCurrent));
            }

            output.Content.AppendHtml(step);
        }
    }

    // A bar in the resource marks where a narrow line may end.
    private static TagBuilder Label(string text)
    {
        var label = Markup.Tag("span", "kp-step-label");
        foreach (var (index, part) in text.Split('|').Index())
        {
            if (index > 0)
            {
                label.InnerHtml.AppendHtml("<wbr>");
            }

            label.InnerHtml.Append(part);
        }

        return label;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>A row of a <c>kp-chart</c>.</summary>
/// <param name="Label">What it is, such as a month.</param>
/// <param name="Parts">One value for each name of the chart; none where there is nothing to draw.</param>
/// <param name="Words">The whole in words, or why there is nothing.</param>
public sealed record ChartRow(string Label, IReadOnlyList<long> Parts, string Words);

/// <summary>
/// <c>kp-chart</c>: bars as a picture (SVG) that the server makes. Each row has its words above its bar, so that it can be read at every width
/// and letter size; parts are told apart by pattern and not by colour alone, and named in the legend.
/// </summary>
[HtmlTargetElement("kp-chart", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ChartTag(HtmlEncoder encoder) : TagHelper
{
    /// <summary>The style sheet and <see cref="Patterns"/> know as many.</summary>
    private const int Looks = 6;

    /// <summary>In em, from one row's words to the next one's.</summary>
    private const double RowHeight = 2.75;

    private const string Patterns =
        "<pattern id=\"kp-look-2\" class=\"kp-look-2\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"8\" height=\"8\"/><path d=\"M0 0V8\"/></pattern>"
        + "<pattern id=\"kp-look-3\" class=\"kp-look-3\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect width=\"8\" height=\"8\"/><circle cx=\"4\" cy=\"4\" r=\"2\"/></pattern>"
        + "<pattern id=\"kp-look-4\" class=\"kp-look-4\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect width=\"8\" height=\"8\"/><path d=\"M0 4H8M4 0V8\"/></pattern>"
        + "<pattern id=\"kp-look-5\" class=\"kp-look-5\" width=\"8\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"8\" height=\"6\"/><path d=\"M0 3H8\"/></pattern>"
        + "<pattern id=\"kp-look-6\" class=\"kp-look-6\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\"><rect width=\"10\" height=\"10\"/><path d=\"M0 0V10\"/></pattern>";

    /// <summary>Of the picture, read out.</summary>
    public string Title { get; set; } = "";

    /// <summary>The picture in words, read out.</summary>
    public string Description { get; set; } = "";

    public IReadOnlyList<ChartRow> Rows { get; set; } = [];

    /// <summary>What the parts of a row are; with one name there is no legend.</summary>
    public IReadOnlyList<string> Names { get; set; } = [];

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = default!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = "figure";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "kp-chart");
        if (Names.Count > 1)
        {
            output.Content.AppendHtml(Legend());
        }

        output.Content.AppendHtml(new HtmlString(Picture()));
    }

    private string Picture()
    {
        var most = Math.Max(1, Rows.Count == 0 ? 0 : Rows.Max(r => r.Parts.Sum()));
        var id = PageIds.Next(ViewContext.HttpContext, "chart");
        var svg = new StringBuilder(4096);
        svg.Append(CultureInfo.InvariantCulture, $"<svg role=\"img\" aria-labelledby=\"{id}-title {id}-words\" width=\"100%\" height=\"{Em(Rows.Count * RowHeight)}\"><title id=\"{id}-title\">{encoder.Encode(Title)}</title><desc id=\"{id}-words\">{encoder.Encode(Description)}</desc>");
        svg.Append(Names.Count > 1 ? $"<defs>{Patterns}</defs>" : "");
        for (var i = 0; i < Rows.Count; i++)
        {
            var (row, top) = (Rows[i], i * RowHeight);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{Em(top + 1)}\">{encoder.Encode(row.Label)}</text><text class=\"kp-chart-words\" x=\"100%\" y=\"{Em(top + 1)}\">{encoder.Encode(row.Words)}</text>");
            if (row.Parts.Count > 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"kp-chart-ground\" x=\"0\" y=\"{Em(top + 1.35)}\" width=\"100%\" height=\"0.75em\"/>");
                Bar(svg, row, top + 1.35, most);
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Bar(StringBuilder svg, ChartRow row, double top, long most)
    {
        var left = 0.0;
        for (var part = 0; part < row.Parts.Count; part++)
        {
            var width = row.Parts[part] * 100.0 / most;
            if (width > 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect {Look(part)} x=\"{left:0.##}%\" y=\"{Em(top)}\" width=\"{width:0.##}%\" height=\"0.75em\"/>");
                left += width;
            }
        }
    }

    private TagBuilder Legend()
    {
        var list = Markup.Tag("ul", "kp-legend");
        for (var part = 0; part < Names.Count; part++)
        {
            list.InnerHtml.AppendHtml(Markup.Tag(
                "li",
                null,
                new HtmlString($"<svg width=\"28\" height=\"18\" aria-hidden=\"true\" focusable=\"false\"><rect {Look(part)} width=\"28\" height=\"18\"/></svg>"),
                Markup.Tag("span", null, Names[part])));
        }

        return list;
    }

    private static string Look(int part) => part % Looks == 0
        ? "class=\"kp-bar-1\""
        : string.Create(CultureInfo.InvariantCulture, $"class=\"kp-bar\" fill=\"url(#kp-look-{(part % Looks) + 1})\"");

    private static string Em(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + "em";
}

using Microsoft.AspNetCore.Html;

namespace KenkoPortal.Design.TagHelpers;

/// <summary>The portal's own line drawings. They only repeat what the words beside them say, and are hidden from screen readers.</summary>
public enum Icon
{
    None,
    Info,
    Success,
    Warning,
    Error,
    Cost,
    Pill,
    Megaphone,
    Book,
}

internal static class Icons
{
    private static readonly Dictionary<Icon, HtmlString> Drawn = Enum.GetValues<Icon>().Where(icon => icon != Icon.None).ToDictionary(icon => icon, icon => new HtmlString(
        $"<svg class=\"kp-icon\" viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\" focusable=\"false\">{Shape(icon)}</svg>"));

    public static IHtmlContent? Draw(Icon icon) => Drawn.GetValueOrDefault(icon);

    private static string Shape(Icon icon) => icon switch
    {
        Icon.Success => "<circle cx=\"12\" cy=\"12\" r=\"10\"/><path d=\"M7 12.500 10.500 16 17 9\"/>",
        Icon.Warning => "<path d=\"M12 3 22.500 21H1.500Z\"/><path d=\"M12 10v5M12 17.900v.2\"/>",
        Icon.Error => "<path d=\"M8 2h8l6 6v8l-6 6H8l-6-6V8Z\"/><path d=\"M12 7v6M12 16.900v.2\"/>",
        Icon.Cost => "<path d=\"M5 2h14v20l-3-2-4 2-4-2-3 2Z\"/><path d=\"m8.500 6 3.500 4.500L15.500 6M12 10.500V17M9 12h6M9 14.700h6\"/>",
        Icon.Pill => "<path d=\"m4.200 11.300 7.100-7.100a6 6 0 0 1 8.500 8.500l-7.100 7.100a6 6 0 0 1-8.500-8.500Z\"/><path d=\"m7.800 7.800 8.400 8.400\"/>",
        Icon.Megaphone => "<path d=\"M3 9.500v5h4l11 5V4.500l-11 5Z\"/><path d=\"M7 14.500 8.500 21h3L10.200 16M21.500 10v4\"/>",
        Icon.Book => "<path d=\"M12 6C10 4.300 6.500 3.800 2.500 4v15c4-.2 7.500.3 9.500 2 2-1.700 5.500-2.200 9.500-2V4c-4-.2-7.500.3-9.500 2Z\"/><path d=\"M12 6v15\"/>",
        _ => "<circle cx=\"12\" cy=\"12\" r=\"10\"/><path d=\"M12 11v6M12 6.900v.2\"/>",
    };
}

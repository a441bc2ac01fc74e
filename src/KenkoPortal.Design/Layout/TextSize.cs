namespace KenkoPortal.Design.Layout;

/// <summary>文字サイズ: the root size of every page (100, 112.5 or 137.5 %), on which all other sizes depend.</summary>
public enum TextSize
{
    Small,
    Medium,
    Large,
}

/// <summary>
/// How a <see cref="TextSize"/> is written in the form, in the cookie and in <c>html[data-size]</c>: <c>s</c>, <c>m</c> or <c>l</c>.
/// The cookie is for display only: it holds no identifier and is not tied to a session.
/// </summary>
public static class TextSizeCode
{
    /// <summary>Name of the cookie that remembers the choice; with <c>__Host-</c> before it where the origin is https.</summary>
    public const string CookieName = "text-size";

    /// <summary>Name of the form's buttons; their values are the codes.</summary>
    public const string FormField = "size";

    /// <summary>The size of somebody who has not chosen: the middle one, because most members are past sixty.</summary>
    public const TextSize Default = TextSize.Medium;

    public static string Of(TextSize size) => size switch
    {
        TextSize.Small => "s",
        TextSize.Large => "l",
        _ => "m",
    };

    /// <summary>Reads a code. Anything else than <c>s</c>, <c>m</c> or <c>l</c> gives false and <see cref="Default"/>.</summary>
    public static bool TryParse(string? code, out TextSize size)
    {
        (var known, size) = code switch
        {
            "s" => (true, TextSize.Small),
            "m" => (true, TextSize.Medium),
            "l" => (true, TextSize.Large),
            _ => (false, Default),
        };
        return known;
    }

    /// <summary>The size that the request's cookie asks for, or <see cref="Default"/>.</summary>
    public static TextSize Read(HttpRequest request) =>
        TryParse(request.Cookies["__Host-" + CookieName] ?? request.Cookies[CookieName], out var size) ? size : Default;
}

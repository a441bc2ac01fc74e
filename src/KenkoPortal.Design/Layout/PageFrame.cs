namespace KenkoPortal.Design.Layout;

/// <summary>
/// What the layout shows around a page: whose portal it is, who is signed in, where one is. A filter puts it into the
/// request before the page runs. Every member has a default that is right for a page of nobody's society
/// (an unknown host, an error before the society is known), so a missing frame is not an error.
/// </summary>
public sealed record PageFrame
{
    /// <summary>The society's Title setting.</summary>
    public string ProductTitle { get; init; } = SharedText.ProductTitle;

    /// <summary>The society's name in the foot; null leaves the foot out.</summary>
    public string? SocietyName { get; init; }

    /// <summary>One line, with the postal code.</summary>
    public string? SocietyAddress { get; init; }

    /// <summary>As it is printed, with hyphens.</summary>
    public string? SocietyTel { get; init; }

    public TextSize TextSize { get; init; } = TextSizeCode.Default;

    /// <summary>
    /// Where the text-size form comes back to: one of the allow-listed paths, never an echo of the request's own path.
    /// Null on error pages, whose bytes may not depend on what was asked for; the form then leads to Home.
    /// </summary>
    public string? ReturnPath { get; init; }

    /// <summary>Null for a page before login.</summary>
    public SignedInFrame? SignedIn { get; init; }

    /// <summary>The logout form carries an antiforgery token, so a page that must be the same for everybody shows none.</summary>
    public bool ShowLogout { get; init; } = true;

    /// <summary>The request's frame, or a default one with the text size of the request's cookie.</summary>
    public static PageFrame Of(HttpContext context) =>
        context.Items[typeof(PageFrame)] as PageFrame ?? new PageFrame { TextSize = TextSizeCode.Read(context.Request) };

    /// <summary>Makes this the frame of the request's page.</summary>
    public void PutIn(HttpContext context) => context.Items[typeof(PageFrame)] = this;
}

/// <summary>Who is signed in, as the header shows it.</summary>
/// <param name="Nickname">Without さん, which the layout adds.</param>
/// <param name="PreviousLogin">The date as text, or 「初めてのログインです」; null leaves the line out.</param>
public sealed record SignedInFrame(string Nickname, string? PreviousLogin)
{
    /// <summary>The entries of the navigation, in their order.</summary>
    public required IReadOnlyList<NavLink> Navigation { get; init; }

    /// <summary>The path of the entry that holds this page; null marks none.</summary>
    public string? CurrentPath { get; init; }
}

/// <summary>An entry of the navigation.</summary>
public sealed record NavLink(string Label, string Path);

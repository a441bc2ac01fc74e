using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace KenkoPortal.Design.Layout;

/// <summary>
/// The files that every page loads, each with its content's version, so that browsers keep them for a year. Looked up once: the files of a
/// running portal do not change.
/// </summary>
public sealed class PageFiles(IFileVersionProvider versions)
{
    public string Style { get; } = versions.AddFileVersionToPath("", "/css/portal.css");

    public string Script { get; } = versions.AddFileVersionToPath("", "/js/portal.js");

    public string Logo { get; } = versions.AddFileVersionToPath("", "/img/logo.svg");
}

namespace KenkoPortal.Pdf.Fonts;

/// <summary>
/// Finds font files by name: first in the folders given, then where Linux distributions, macOS and Windows keep fonts.
/// Folders are searched with everything below them; a folder that does not exist is passed over.
/// </summary>
public sealed class FontFolders
{
    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        MatchCasing = MatchCasing.CaseInsensitive,
        MaxRecursionDepth = 5,
    };

    /// <param name="first">Folders that go before the well-known ones; empty strings are ignored.</param>
    public FontFolders(params IEnumerable<string?> first)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Folders =
        [
            .. first.Where(folder => !string.IsNullOrWhiteSpace(folder)).Select(folder => Path.GetFullPath(folder!)),
            "/usr/share/fonts/truetype/bizud-gothic",
            "/usr/share/fonts/truetype/ipamj",
            .. home.Length > 0 ? [Path.Combine(home, ".local/share/fonts"), Path.Combine(home, ".fonts"), Path.Combine(home, "Library/Fonts")] : Array.Empty<string>(),
            "/usr/local/share/fonts",
            "/usr/share/fonts",
            "/Library/Fonts",
            .. Environment.GetFolderPath(Environment.SpecialFolder.Fonts) is { Length: > 0 } fonts ? [fonts] : Array.Empty<string>(),
        ];
    }

    /// <summary>The folders in the order of search.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>The path of the first file with one of the names, or null.</summary>
    public string? Find(params ReadOnlySpan<string> fileNames)
    {
        foreach (var name in fileNames)
        {
            foreach (var folder in Folders)
            {
                if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, name, Everywhere).FirstOrDefault() is { } path)
                {
                    return path;
                }
            }
        }
        return null;
    }

    /// <summary>Opens the first file with one of the names.</summary>
    /// <exception cref="FontNotFoundException">No folder holds one of them.</exception>
    /// <exception cref="FontFormatException">The file is not a TrueType font that may be embedded.</exception>
    public TrueTypeFont Open(params ReadOnlySpan<string> fileNames) =>
        TrueTypeFont.Open(Find(fileNames) ?? throw new FontNotFoundException(fileNames.IsEmpty ? "" : fileNames[0], Folders));
}

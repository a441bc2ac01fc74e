using KenkoPortal.Pdf.Fonts;

namespace KenkoPortal.Core.Printing;

/// <summary>
/// The fonts of printed letters: BIZ UDGothic, made for readers with weak eyes, and IPAmj Mincho for the rare characters of names. Open once and share; safe for several threads.
/// </summary>
public sealed class LetterFonts : IDisposable
{
    private static readonly string[] Needed = ["BIZUDPGothic-Regular.ttf", "BIZUDPGothic-Bold.ttf", "BIZUDGothic-Bold.ttf"];

    private readonly TrueTypeFont[] _files;

    private LetterFonts(TrueTypeFont regular, TrueTypeFont bold, TrueTypeFont fixedWidth, TrueTypeFont? rare)
    {
        TrueTypeFont[] last = rare is null ? [] : [rare];
        _files = [regular, bold, fixedWidth, .. last];
        Regular = new FontStack([regular, .. last]);
        Bold = new FontStack([bold, .. last]);
        Credentials = new FontStack([fixedWidth, .. last]);
        HasRareCharacters = rare is not null;
    }

    /// <summary>Whether IPAmj Mincho was found. Without it rare characters such as 𠮷 are printed as 〓 and reported.</summary>
    public bool HasRareCharacters { get; }

    internal FontStack Regular { get; }

    internal FontStack Bold { get; }

    /// <summary>Digits and letters of one width, so that a misread character is easily found again.</summary>
    internal FontStack Credentials { get; }

    /// <summary>Whether the fonts without which nothing can be printed are there. They are looked for, not opened.</summary>
    public static bool AreInstalled()
    {
        var folders = new FontFolders();
        return Needed.All(name => folders.Find(name) is not null);
    }

    /// <summary>Finds and opens the fonts.</summary>
    /// <param name="folder">A folder that is searched before the well-known ones; null or empty for these alone.</param>
    /// <exception cref="LetterFontsMissingException">BIZ UDGothic is not installed, or is damaged.</exception>
    public static LetterFonts Open(string? folder = null)
    {
        var folders = new FontFolders(folder);
        var opened = new List<TrueTypeFont>();
        try
        {
            foreach (var name in Needed)
            {
                opened.Add(folders.Open(name));
            }
            var rare = folders.Find("ipamjm.ttf") is { } path ? TrueTypeFont.Open(path) : null;
            return new LetterFonts(opened[0], opened[1], opened[2], rare);
        }
        catch (Exception reason) when (reason is FontNotFoundException or FontFormatException or IOException)
        {
            opened.ForEach(font => font.Dispose());
            throw new LetterFontsMissingException(reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }
}

/// <summary>The fonts of letters are not installed. The message is Japanese and says what to install.</summary>
public sealed class LetterFontsMissingException(Exception reason) : Exception(PrintingText.FontsMissing, reason);

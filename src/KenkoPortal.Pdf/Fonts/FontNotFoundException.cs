namespace KenkoPortal.Pdf.Fonts;

/// <summary>No folder holds a font file that is needed.</summary>
public sealed class FontNotFoundException(string fileName, IReadOnlyList<string> folders)
    : Exception($"The font file {fileName} was not found. Folders searched: {string.Join(", ", folders)}.")
{
    /// <summary>The file's name as it was asked for.</summary>
    public string FileName { get; } = fileName;

    /// <summary>The folders that were searched, in that order.</summary>
    public IReadOnlyList<string> Folders { get; } = folders;
}

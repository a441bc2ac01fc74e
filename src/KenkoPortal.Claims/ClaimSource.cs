
namespace KenkoPortal.Claims;

/// <summary>A file of claims that can be opened: on disk, or in the ZIP of a delivery (<see cref="ClaimArchive"/>).</summary>
public sealed class ClaimSource
{
    private readonly Func<Stream> _open;

    internal ClaimSource(string name, string path, long length, Func<Stream> open) => (Name, Path, Length, _open) = (name, path, length, open);

    /// <summary>What to call it to people: its path; in a ZIP the archive's path and the entry's.</summary>
    public string Name { get; }

    /// <summary>Where it lies, or would lie if the ZIP were unpacked beside itself: <see cref="DeliveryFolder.Of"/> reads it.</summary>
    public string Path { get; }

    /// <summary>Its bytes; in a ZIP what the archive says, which may not be true.</summary>
    public long Length { get; }

    /// <summary>Opens it at its beginning.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public Stream Open() => _open();

    /// <summary>A file on disk.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public static ClaimSource OfFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new ClaimSource(path, path, new FileInfo(path).Length, () => new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan }));
    }

    /// <summary>The place alone.</summary>
    public override string ToString() => Name;
}

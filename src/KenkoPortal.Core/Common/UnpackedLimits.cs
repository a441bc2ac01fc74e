namespace KenkoPortal.Core.Common;

/// <summary>How much a packed file (zip, xlsx) may unpack to. <see cref="PackedFile"/> holds them while it reads: a file's own directory may lie.</summary>
/// <param name="MostBytes">Unpacked bytes of all entries together, in each order and as often as they are read.</param>
/// <param name="MostRatio">Unpacked bytes for each byte of the file. Text rarely packs better than 1:40; deflate ends at 1:1032.</param>
/// <param name="MostEntries">Entries of the file's directory.</param>
public sealed record UnpackedLimits(long MostBytes, int MostRatio, int MostEntries)
{
    /// <summary>Unpacked bytes that no ratio forbids: a small file of blanks packs very well and hurts nobody.</summary>
    private const long AlwaysAllowed = 4L * 1024 * 1024;

    /// <summary>An Excel workbook of a list: 100,000 rows of 30 columns unpack to some 120 MB.</summary>
    public static readonly UnpackedLimits Workbook = new(256L * 1024 * 1024, 200, 2000);

    /// <summary>The unpacked bytes that a file of this length may have.</summary>
    public long BytesFor(long packedLength) => Math.Min(MostBytes, AlwaysAllowed + (Math.Min(packedLength, MostBytes) * MostRatio));
}

/// <summary>A file unpacks to more than its <see cref="UnpackedLimits"/> allow. Nothing in the message comes from the file.</summary>
public sealed class UnpackedTooMuchException(string message) : Exception(message);

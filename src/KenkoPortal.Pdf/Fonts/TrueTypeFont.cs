using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace KenkoPortal.Pdf.Fonts;

/// <summary>
/// A TrueType font on disk (glyf outlines; a .ttc by its index). Only the small tables are read into memory, outlines one by one
/// when a subset is written: a font of 45 MB costs less than one. Safe for use by several documents and threads at once.
/// </summary>
public sealed class TrueTypeFont : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, (long Offset, int Length)> _tables = new(StringComparer.Ordinal);
    private readonly Lazy<CharacterMap> _characters;
    private readonly Lazy<byte[]> _locations;
    private readonly byte[] _metrics;
    private readonly int _fullMetrics;
    private readonly bool _longLocations;

    private TrueTypeFont(SafeFileHandle file, string fileName, int index)
    {
        _file = file;
        FileName = fileName;
        ReadDirectory(index);

        var head = Table("head", 54);
        UnitsPerEm = U16(head, 18);
        Box = (S16(head, 36), S16(head, 38), S16(head, 40), S16(head, 42));
        _longLocations = S16(head, 50) == 1;
        var hhea = Table("hhea", 36);
        (Ascent, Descent) = (S16(hhea, 4), S16(hhea, 6));
        _fullMetrics = U16(hhea, 34);
        GlyphCount = U16(Table("maxp", 6), 4);
        _metrics = Table("hmtx", 4 * _fullMetrics);
        if (UnitsPerEm == 0 || _fullMetrics == 0 || GlyphCount == 0)
        {
            throw new FontFormatException(fileName, "its head, hhea or maxp table is damaged");
        }
        CapHeight = Ascent;
        if (_tables.ContainsKey("OS/2"))
        {
            var os2 = Table("OS/2", 68);
            // fsType (OpenType, OS/2): 2 alone means that the font may not be embedded, 0x0100 that it may not be subset.
            var permission = U16(os2, 8);
            if ((permission & 0x000F) == 2 || (permission & 0x0100) != 0)
            {
                throw new FontFormatException(fileName, "its licence bits (OS/2 fsType) forbid embedding a subset");
            }
            CapHeight = U16(os2, 0) >= 2 && os2.Length >= 90 && S16(os2, 88) > 0 ? S16(os2, 88) : Ascent;
        }
        if (!_tables.ContainsKey("glyf") || !_tables.ContainsKey("loca"))
        {
            throw new FontFormatException(fileName, "it has no TrueType outlines (glyf)");
        }
        PostScriptName = ReadPostScriptName() ?? Path.GetFileNameWithoutExtension(fileName).Replace(' ', '-');
        _characters = new(() => new CharacterMap(Table("cmap", 4), FileName));
        _locations = new(() => Table("loca", (GlyphCount + 1) * (_longLocations ? 4 : 2)));
    }

    /// <summary>The file's name without its folder.</summary>
    public string FileName { get; }

    /// <summary>The name that the PDF carries (name table, ID 6).</summary>
    public string PostScriptName { get; }

    /// <summary>The design units of one em: 2048 in most TrueType fonts.</summary>
    public int UnitsPerEm { get; }

    /// <summary>Height above the baseline in design units.</summary>
    public int Ascent { get; }

    /// <summary>Depth below the baseline in design units; negative.</summary>
    public int Descent { get; }

    internal int CapHeight { get; }

    internal int GlyphCount { get; }

    internal (int Left, int Bottom, int Right, int Top) Box { get; }

    /// <summary>Opens a font file.</summary>
    /// <param name="path">A .ttf or .ttc file.</param>
    /// <param name="index">Which font of a .ttc, from 0.</param>
    /// <exception cref="FontFormatException">It is damaged, holds no glyf outlines, or may not be embedded.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrueTypeFont Open(string path, int index = 0)
    {
        var file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        try
        {
            return new TrueTypeFont(file, Path.GetFileName(path), index);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the font draws this character.</summary>
    public bool Has(Rune character) => Glyph(character.Value) != 0;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal ushort Glyph(int codePoint) => _characters.Value.Glyph(codePoint) is var glyph && glyph < GlyphCount ? glyph : (ushort)0;

    internal ushort Variation(int codePoint, int selector) =>
        _characters.Value.Variation(codePoint, selector) is var glyph && glyph < GlyphCount ? glyph : (ushort)0;

    internal int Advance(int glyph) => U16(_metrics, 4 * Math.Min(glyph, _fullMetrics - 1));

    internal short LeftSideBearing(int glyph)
    {
        var at = glyph < _fullMetrics ? (4 * glyph) + 2 : (4 * _fullMetrics) + (2 * (glyph - _fullMetrics));
        return at + 2 <= _metrics.Length ? S16(_metrics, at) : (short)0;
    }

    internal byte[]? OptionalTable(string tag) => _tables.ContainsKey(tag) ? Table(tag, 0) : null;

    internal byte[] Table(string tag, int atLeast)
    {
        if (!_tables.TryGetValue(tag, out var table) || table.Length < atLeast)
        {
            throw new FontFormatException(FileName, $"its table {tag} is missing or too short");
        }
        var bytes = new byte[table.Length];
        Read(bytes, table.Offset);
        return bytes;
    }

    /// <summary>The outline of a glyph; empty for a blank.</summary>
    internal byte[] Outline(int glyph)
    {
        var locations = _locations.Value;
        var (start, end) = _longLocations
            ? (U32(locations, 4 * glyph), U32(locations, (4 * glyph) + 4))
            : (2u * U16(locations, 2 * glyph), 2u * U16(locations, (2 * glyph) + 2));
        var (offset, length) = _tables["glyf"];
        if (end < start || end > length)
        {
            throw new FontFormatException(FileName, "its loca table is damaged");
        }
        var bytes = new byte[end - start];
        Read(bytes, offset + start);
        return bytes;
    }

    private void ReadDirectory(int index)
    {
        var header = new byte[12];
        Read(header, 0);
        long start = 0;
        if (header.AsSpan(0, 4).SequenceEqual("ttcf"u8))
        {
            if (index < 0 || index >= U32(header, 8))
            {
                throw new FontFormatException(FileName, "the collection has no font of that index");
            }
            var offset = new byte[4];
            Read(offset, 12 + (4L * index));
            start = U32(offset, 0);
            Read(header, start);
        }
        if (U32(header, 0) is not (0x00010000 or 0x74727565))
        {
            throw new FontFormatException(FileName, "it is not a TrueType font");
        }
        var directory = new byte[16 * U16(header, 4)];
        Read(directory, start + 12);
        var size = RandomAccess.GetLength(_file);
        for (var at = 0; at < directory.Length; at += 16)
        {
            var (offset, length) = (U32(directory, at + 8), U32(directory, at + 12));
            if (length > int.MaxValue || offset + (long)length > size)
            {
                throw new FontFormatException(FileName, "its table directory is damaged");
            }
            _tables[Encoding.ASCII.GetString(directory, at, 4)] = (offset, (int)length);
        }
    }

    private string? ReadPostScriptName()
    {
        if (OptionalTable("name") is not { Length: >= 6 } names)
        {
            return null;
        }
        int strings = U16(names, 4);
        for (int i = 0, count = U16(names, 2); i < count && 18 + (12 * i) <= names.Length; i++)
        {
            var record = 6 + (12 * i);
            var (length, offset) = (U16(names, record + 8), strings + U16(names, record + 10));
            if (U16(names, record + 6) != 6 || offset + length > names.Length)
            {
                continue;
            }
            var encoding = U16(names, record) == 1 ? Encoding.ASCII : Encoding.BigEndianUnicode;
            var name = encoding.GetString(names, offset, length);
            // A PostScript name has no blanks and none of these delimiters (name table specification, ID 6).
            if (name.Length is > 0 and < 64 && name.All(c => c is > ' ' and < '\x7F' && !"[](){}<>/%#".Contains(c)))
            {
                return name;
            }
        }
        return null;
    }

    private void Read(Span<byte> into, long offset)
    {
        while (!into.IsEmpty)
        {
            var read = RandomAccess.Read(_file, into, offset);
            if (read == 0)
            {
                throw new FontFormatException(FileName, "the file ends too early");
            }
            into = into[read..];
            offset += read;
        }
    }

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));

    private static short S16(byte[] bytes, int at) => BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}

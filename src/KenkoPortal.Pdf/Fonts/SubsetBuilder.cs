using System.Buffers.Binary;
using KenkoPortal.Pdf.Writing;

namespace KenkoPortal.Pdf.Fonts;

/// <summary>
/// Builds a font file that holds only some glyphs, renumbered from 0 in the order given. Parts of composite glyphs are
/// appended behind them. It has the tables that ISO 32000-1, 9.9 asks of a CIDFontType2: no cmap, name or post.
/// </summary>
internal static class SubsetBuilder
{
    private const int WordArguments = 0x0001;
    private const int OneScale = 0x0008;
    private const int MoreComponents = 0x0020;
    private const int TwoScales = 0x0040;
    private const int FourScales = 0x0080;

    public static byte[] Build(TrueTypeFont font, IReadOnlyList<ushort> glyphs)
    {
        var chosen = new List<ushort>(glyphs);
        var newNumbers = new Dictionary<ushort, int>(chosen.Count);
        for (var i = 0; i < chosen.Count; i++)
        {
            newNumbers.TryAdd(chosen[i], i);
        }

        var outlines = new ByteBuffer(chosen.Count * 512);
        var starts = new List<int>(chosen.Count + 1);
        for (var i = 0; i < chosen.Count; i++)
        {
            starts.Add(outlines.Length);
            var outline = font.Outline(chosen[i]);
            if (outline.Length >= 10 && BinaryPrimitives.ReadInt16BigEndian(outline) < 0)
            {
                RenumberParts(font, outline, chosen, newNumbers);
            }
            outlines.Raw(outline);
            outlines.Take(-outlines.Length & 3).Clear();
        }
        starts.Add(outlines.Length);

        var locations = new byte[4 * starts.Count];
        var metrics = new byte[4 * chosen.Count];
        for (var i = 0; i < chosen.Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(locations.AsSpan(4 * i), (uint)starts[i]);
            BinaryPrimitives.WriteUInt16BigEndian(metrics.AsSpan(4 * i), (ushort)font.Advance(chosen[i]));
            BinaryPrimitives.WriteInt16BigEndian(metrics.AsSpan((4 * i) + 2), font.LeftSideBearing(chosen[i]));
        }
        BinaryPrimitives.WriteUInt32BigEndian(locations.AsSpan(4 * chosen.Count), (uint)starts[^1]);

        var head = font.Table("head", 54);
        head.AsSpan(8, 4).Clear();
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        var horizontal = font.Table("hhea", 36);
        BinaryPrimitives.WriteUInt16BigEndian(horizontal.AsSpan(34), (ushort)chosen.Count);
        var maximum = font.Table("maxp", 6);
        BinaryPrimitives.WriteUInt16BigEndian(maximum.AsSpan(4), (ushort)chosen.Count);

        var tables = new List<(string Tag, ReadOnlyMemory<byte> Data)>();
        AddIfPresent("cvt ");
        AddIfPresent("fpgm");
        tables.Add(("glyf", outlines.Memory));
        tables.Add(("head", head));
        tables.Add(("hhea", horizontal));
        tables.Add(("hmtx", metrics));
        tables.Add(("loca", locations));
        tables.Add(("maxp", maximum));
        AddIfPresent("prep");
        return Assemble(tables);

        void AddIfPresent(string tag)
        {
            if (font.OptionalTable(tag) is { } table)
            {
                tables.Add((tag, table));
            }
        }
    }

    private static void RenumberParts(TrueTypeFont font, byte[] outline, List<ushort> chosen, Dictionary<ushort, int> newNumbers)
    {
        int flags;
        var at = 10;
        do
        {
            if (at + 4 > outline.Length)
            {
                throw new FontFormatException(font.FileName, "a composite glyph is damaged");
            }
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at));
            var part = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at + 2));
            if (part >= font.GlyphCount)
            {
                throw new FontFormatException(font.FileName, "a composite glyph is damaged");
            }
            if (!newNumbers.TryGetValue(part, out var number))
            {
                number = chosen.Count;
                if (number > ushort.MaxValue)
                {
                    throw new FontFormatException(font.FileName, "the subset has more than 65,535 glyphs");
                }
                chosen.Add(part);
                newNumbers.Add(part, number);
            }
            BinaryPrimitives.WriteUInt16BigEndian(outline.AsSpan(at + 2), (ushort)number);
            at += 4
                + ((flags & WordArguments) != 0 ? 4 : 2)
                + ((flags & OneScale) != 0 ? 2 : (flags & TwoScales) != 0 ? 4 : (flags & FourScales) != 0 ? 8 : 0);
        }
        while ((flags & MoreComponents) != 0);
    }

    private static byte[] Assemble(List<(string Tag, ReadOnlyMemory<byte> Data)> tables)
    {
        var offset = 12 + (16 * tables.Count);
        var file = new byte[offset + tables.Sum(table => (table.Data.Length + 3) & ~3)];
        var highest = 1;
        var exponent = 0;
        while (highest * 2 <= tables.Count)
        {
            highest *= 2;
            exponent++;
        }
        BinaryPrimitives.WriteUInt32BigEndian(file, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(4), (ushort)tables.Count);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(6), (ushort)(16 * highest));
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(8), (ushort)exponent);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(10), (ushort)(16 * (tables.Count - highest)));

        var headAt = 0;
        for (var i = 0; i < tables.Count; i++)
        {
            var (tag, data) = tables[i];
            data.Span.CopyTo(file.AsSpan(offset));
            var padded = (data.Length + 3) & ~3;
            var record = file.AsSpan(12 + (16 * i), 16);
            for (var c = 0; c < 4; c++)
            {
                record[c] = (byte)tag[c];
            }
            BinaryPrimitives.WriteUInt32BigEndian(record[4..], Sum(file.AsSpan(offset, padded)));
            BinaryPrimitives.WriteUInt32BigEndian(record[8..], (uint)offset);
            BinaryPrimitives.WriteUInt32BigEndian(record[12..], (uint)data.Length);
            if (string.Equals(tag, "head", StringComparison.Ordinal))
            {
                headAt = offset;
            }
            offset += padded;
        }
        // checkSumAdjustment makes the sum of the whole file this constant (OpenType, head).
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(headAt + 8), unchecked(0xB1B0AFBA - Sum(file)));
        return file;
    }

    private static uint Sum(ReadOnlySpan<byte> words)
    {
        uint sum = 0;
        for (var at = 0; at < words.Length; at += 4)
        {
            sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(words[at..]));
        }
        return sum;
    }
}

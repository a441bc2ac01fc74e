using System.Buffers.Binary;

namespace KenkoPortal.Pdf.Fonts;

/// <summary>
/// The cmap table: format 12 where there is one, else format 4, and format 14 for variation sequences
/// (OpenType specification, "cmap"). Searched in place; nothing is unfolded into memory.
/// </summary>
internal sealed class CharacterMap
{
    private readonly byte[] _table;
    private readonly int _segments = -1;
    private readonly int _groups = -1;
    private readonly int _variations = -1;

    public CharacterMap(byte[] table, string fontName)
    {
        _table = table;
        for (int i = 0, count = U16(2); i < count; i++)
        {
            var record = 4 + (8 * i);
            var (platform, encoding) = (U16(record), U16(record + 2));
            var offset = checked((int)U32(record + 4));
            var format = U16(offset);
            var unicode = platform == 0 || (platform == 3 && encoding is 1 or 10);
            switch (format)
            {
                case 12 when unicode:
                    _groups = offset;
                    break;
                case 4 when unicode:
                    _segments = offset;
                    break;
                case 14 when platform == 0 && encoding == 5:
                    _variations = offset;
                    break;
            }
        }
        if (_groups < 0 && _segments < 0)
        {
            throw new FontFormatException(fontName, "it has no Unicode character map of format 4 or 12");
        }
    }

    /// <summary>The glyph of a code point, 0 if the font has none.</summary>
    public ushort Glyph(int codePoint)
    {
        var glyph = _groups >= 0 ? FromGroups(codePoint) : (ushort)0;
        return glyph == 0 && _segments >= 0 && codePoint <= 0xFFFF ? FromSegments(codePoint) : glyph;
    }

    /// <summary>The glyph of a base character with a variation selector, 0 if the font does not list the sequence.</summary>
    public ushort Variation(int codePoint, int selector)
    {
        if (_variations < 0)
        {
            return 0;
        }
        var (low, high) = (0, checked((int)U32(_variations + 6)) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var record = _variations + 10 + (11 * middle);
            var found = U24(record);
            if (found == selector)
            {
                var defaults = checked((int)U32(record + 3));
                var others = checked((int)U32(record + 7));
                if (others != 0 && FromOtherVariations(_variations + others, codePoint) is var glyph and not 0)
                {
                    return glyph;
                }
                return defaults != 0 && IsDefaultVariation(_variations + defaults, codePoint) ? Glyph(codePoint) : (ushort)0;
            }
            (low, high) = found < selector ? (middle + 1, high) : (low, middle - 1);
        }
        return 0;
    }

    private ushort FromGroups(int codePoint)
    {
        var (low, high) = (0, checked((int)U32(_groups + 12)) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var group = _groups + 16 + (12 * middle);
            var start = U32(group);
            if (codePoint < start)
            {
                high = middle - 1;
            }
            else if (codePoint > U32(group + 4))
            {
                low = middle + 1;
            }
            else
            {
                return (ushort)(U32(group + 8) + (codePoint - start));
            }
        }
        return 0;
    }

    private ushort FromSegments(int codePoint)
    {
        int doubled = U16(_segments + 6);
        var ends = _segments + 14;
        var starts = ends + doubled + 2;
        var (low, high) = (0, (doubled / 2) - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = U16(ends + (2 * middle)) < codePoint ? (middle + 1, high) : (low, middle);
        }
        int start = U16(starts + (2 * low));
        if (codePoint < start || codePoint > U16(ends + (2 * low)))
        {
            return 0;
        }
        var delta = U16(starts + doubled + (2 * low));
        var rangeAt = starts + (2 * doubled) + (2 * low);
        var range = U16(rangeAt);
        if (range == 0)
        {
            return (ushort)(codePoint + delta);
        }
        var glyph = U16(rangeAt + range + (2 * (codePoint - start)));
        return glyph == 0 ? (ushort)0 : (ushort)(glyph + delta);
    }

    private ushort FromOtherVariations(int table, int codePoint)
    {
        var (low, high) = (0, checked((int)U32(table)) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var record = table + 4 + (5 * middle);
            var found = U24(record);
            if (found == codePoint)
            {
                return U16(record + 3);
            }
            (low, high) = found < codePoint ? (middle + 1, high) : (low, middle - 1);
        }
        return 0;
    }

    private bool IsDefaultVariation(int table, int codePoint)
    {
        var (low, high) = (0, checked((int)U32(table)) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var range = table + 4 + (4 * middle);
            var start = U24(range);
            if (codePoint < start)
            {
                high = middle - 1;
            }
            else if (codePoint > start + _table[range + 3])
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }
        return false;
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_table.AsSpan(at));

    private int U24(int at) => (_table[at] << 16) | U16(at + 1);

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(_table.AsSpan(at));
}

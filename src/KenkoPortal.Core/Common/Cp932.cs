using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>
/// Windows code page 932 (Microsoft's Shift_JIS), in and out without a silent <c>?</c>. The platform's decoder is not strict enough for
/// personal names: asked to be strict it refuses NEC's codes for 髙 and 﨑 (EEE0, ED95), and asked to be lenient it makes ・ of
/// anything. Here every code of the published table is read, and nothing else. 外字 (F040–F9FC) become private-use characters, as Windows
/// reads them, which <see cref="PlainText"/> then calls by their name; they are never written.
/// </summary>
public static class Cp932
{
    private static readonly Encoding Windows = CodePagesEncodingProvider.Instance.GetEncoding(932)!;

    private static readonly char[] Pairs = ReadPairs();

    private static readonly Dictionary<char, ushort> Codes = ReadCodes();

    /// <summary>
    /// Reads the character at the start of <paramref name="bytes"/>.
    /// </summary>
    /// <param name="bytes">At least one byte; two where the file goes on, since a character has one or two.</param>
    /// <param name="consumed">
    /// Bytes read: 1 or 2. A lead byte without a proper second byte counts alone, so that a comma or line break behind it is not lost.
    /// </param>
    /// <returns>The character, or U+FFFD.</returns>
    public static char Decode(ReadOnlySpan<byte> bytes, out int consumed)
    {
        var first = bytes[0];
        consumed = 1;
        if (first < 0x80)
        {
            return (char)first;
        }

        if (first is >= 0xA1 and <= 0xDF)
        {
            return (char)(first - 0xA1 + 0xFF61);
        }

        if (!IsLead(first) || bytes.Length < 2 || !IsTrail(bytes[1]))
        {
            return '\uFFFD';
        }

        var c = Pairs[(first << 8) | bytes[1]];
        if (c == '\0')
        {
            // An ASCII second byte is more likely the next character than half of an unknown one.
            consumed = bytes[1] < 0x80 ? 1 : 2;
            return '\uFFFD';
        }

        consumed = 2;
        return c;
    }

    /// <summary>True for a byte that begins a two-byte character.</summary>
    public static bool IsLead(byte value) => value is (>= 0x81 and <= 0x9F) or (>= 0xE0 and <= 0xFC);

    /// <summary>
    /// Writes a text, or says at which UTF-16 index stands the first character that the code page lacks (𠮷, and emoji, and most of the
    /// world's letters). The signs for which Windows and everybody else chose different code points (〜 ～, − －, ‖ ∥, — ―, ¢ ￠, £ ￡,
    /// ¬ ￢) are one character in print and are written as that one.
    /// </summary>
    public static bool TryEncode(string text, [NotNullWhen(true)] out byte[]? bytes, out int firstMissing)
    {
        var written = new byte[text.Length * 2];
        var length = 0;
        for (firstMissing = 0; firstMissing < text.Length; firstMissing++)
        {
            var c = SameSign(text[firstMissing]);
            if (c < 0x80)
            {
                written[length++] = (byte)c;
            }
            else if (c is >= '\uFF61' and <= '\uFF9F')
            {
                written[length++] = (byte)(c - 0xFF61 + 0xA1);
            }
            else if (Codes.TryGetValue(c, out var code))
            {
                written[length++] = (byte)(code >> 8);
                written[length++] = (byte)code;
            }
            else
            {
                bytes = null;
                return false;
            }
        }

        bytes = written[..length];
        return true;
    }

    private static char SameSign(char c) => c switch
    {
        '\u301C' => '\uFF5E',
        '\u2212' => '\uFF0D',
        '\u2016' => '\u2225',
        '\u2014' => '\u2015',
        '\u00A2' => '\uFFE0',
        '\u00A3' => '\uFFE1',
        '\u00AC' => '\uFFE2',
        _ => c,
    };

    private static bool IsTrail(byte value) => value is (>= 0x40 and <= 0x7E) or (>= 0x80 and <= 0xFC);

    private static char[] ReadPairs()
    {
        var pairs = new char[0x10000];
        foreach (var code in PairCodes())
        {
            var text = Windows.GetString([(byte)(code >> 8), (byte)code]);
            var isDefault = text == "\u30FB" && code != 0x8145;
            if (text.Length == 1 && !isDefault)
            {
                pairs[code] = text[0];
            }
        }

        return pairs;
    }

    private static Dictionary<char, ushort> ReadCodes()
    {
        var codes = new Dictionary<char, ushort>();
        foreach (var code in PairCodes().Where(code => Pairs[code] is not ('\0' or (>= '\uE000' and <= '\uF8FF'))))
        {
            var preferred = Windows.GetBytes([Pairs[code]]);
            codes[Pairs[code]] = (ushort)((preferred[0] << 8) | preferred[1]);
        }

        return codes;
    }

    private static IEnumerable<int> PairCodes() =>
        from lead in Enumerable.Range(0x81, 0xFC - 0x81 + 1)
        where IsLead((byte)lead)
        from trail in Enumerable.Range(0x40, 0xFC - 0x40 + 1)
        where IsTrail((byte)trail)
        select (lead << 8) | trail;
}

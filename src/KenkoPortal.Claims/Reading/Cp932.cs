using System.Runtime.CompilerServices;
using System.Text;

namespace KenkoPortal.Claims.Reading;

/// <summary>
/// Windows code page 932, strictly. Every second byte is 0x40 or above, so commas and line ends can be sought on bytes. The platform's own
/// decoder refuses NEC's codes of 髙 and 﨑 when asked to be strict and takes anything for ・ when not, so its table is asked code by code.
/// 外字 (F040–F9FC) are private-use characters, as on Windows.
/// </summary>
internal static class Cp932
{
    private static readonly char[] Pairs = ReadPairs();

    /// <summary>The offset of the first byte that is no printable character, or -1. Pure ASCII is passed at vector speed.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static int FirstFault(ReadOnlySpan<byte> bytes, out bool isControl)
    {
        isControl = false;
        var i = bytes.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E);
        if (i < 0)
        {
            return -1;
        }

        var pairs = Pairs;
        while (i < bytes.Length)
        {
            var b = bytes[i];
            if (b is (>= 0x20 and <= 0x7E) or (>= 0xA1 and <= 0xDF))
            {
                i++;
            }
            else if (i + 1 < bytes.Length && pairs[(b << 8) | bytes[i + 1]] != '\0')
            {
                i += 2;
            }
            else
            {
                isControl = b is < 0x20 or 0x7F;
                return i;
            }
        }

        return -1;
    }

    /// <summary>The text, with U+FFFD for a byte that is none.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        Span<char> text = bytes.Length <= 256 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = bytes[i];
            var pair = i + 1 < bytes.Length ? Pairs[(b << 8) | bytes[i + 1]] : '\0';
            if (b >= 0x80 && pair != '\0')
            {
                text[length++] = pair;
                i++;
            }
            else
            {
                text[length++] = b < 0x80 ? (char)b : b is >= 0xA1 and <= 0xDF ? (char)(b - 0xA1 + 0xFF61) : '\uFFFD';
            }
        }

        return new string(text[..length]);
    }

    private static char[] ReadPairs()
    {
        var windows = CodePagesEncodingProvider.Instance.GetEncoding(932)!;
        var pairs = new char[0x10000];
        for (var lead = 0x81; lead <= 0xFC; lead++)
        {
            if (lead is > 0x9F and < 0xE0)
            {
                continue;
            }

            for (var trail = 0x40; trail <= 0xFC; trail++)
            {
                var text = trail == 0x7F ? "" : windows.GetString([(byte)lead, (byte)trail]);

                // The table answers ・ for every code that it does not have; 8145 is the one that really is ・.
                var isMissing = text == "・" && (lead, trail) != (0x81, 0x45);
                if (text.Length == 1 && !isMissing)
                {
                    pairs[(lead << 8) | trail] = text[0];
                }
            }
        }

        return pairs;
    }
}

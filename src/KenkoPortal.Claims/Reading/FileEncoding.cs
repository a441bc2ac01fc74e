using System.Buffers;
using System.Text;

namespace KenkoPortal.Claims.Reading;

/// <summary>
/// Tells that a file is no CP932. Its first bytes decide: names of people and places stand in every claim. Many letters of another encoding are letters
/// of CP932 too, only other ones, so that reading on would show names that nobody bears.
/// </summary>
internal static class FileEncoding
{
    /// <summary>A damaged byte or two are no other encoding.</summary>
    private const int LeastLetters = 3;

    /// <param name="head">The beginning of the file, a letter cut off at its end included.</param>
    /// <returns>The name of the other encoding; null where it may be CP932.</returns>
    public static string? Other(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "UTF-16",
        _ when IsUtf8(head) => "UTF-8",
        _ when IsEuc(head) => "EUC-JP",
        _ => null,
    };

    /// <summary>Japanese in UTF-8 has three bytes a letter. Half-width katakana of CP932 may be whole UTF-8 by chance, but of two bytes a letter.</summary>
    private static bool IsUtf8(ReadOnlySpan<byte> head)
    {
        var isJapanese = false;
        while (NextHigh(ref head))
        {
            switch (Rune.DecodeFromUtf8(head, out _, out var used))
            {
                case OperationStatus.NeedMoreData:
                    return isJapanese;
                case OperationStatus.Done:
                    isJapanese |= used == 3;
                    head = head[used..];
                    break;
                default:
                    return false;
            }
        }

        return isJapanese;
    }

    /// <summary>EUC-JP has no byte below 0xA1 but its two shifts, and almost every letter of CP932 that is no half-width katakana begins with one.</summary>
    private static bool IsEuc(ReadOnlySpan<byte> head)
    {
        const byte KanaShift = 0x8E;
        const byte Shift = 0x8F;
        var letters = 0;
        while (NextHigh(ref head))
        {
            var length = head[0] == Shift ? 3 : 2;
            if (head.Length < length)
            {
                break;
            }

            if (head[0] is not (KanaShift or Shift or >= 0xA1 and <= 0xFE) || head[1..length].ContainsAnyExceptInRange((byte)0xA1, (byte)0xFE))
            {
                return false;
            }

            // What is no half-width katakana in CP932.
            letters += head[0] is >= 0xE0 or KanaShift || head[1] >= 0xE0 ? 1 : 0;
            head = head[length..];
        }

        return letters >= LeastLetters;
    }

    private static bool NextHigh(ref ReadOnlySpan<byte> rest)
    {
        var next = rest.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        rest = next < 0 ? default : rest[next..];
        return next >= 0;
    }
}

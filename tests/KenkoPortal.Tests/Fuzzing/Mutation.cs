using System.Text;

namespace KenkoPortal.Tests.Fuzzing;

/// <summary>Spoils good inputs: bytes without knowing what they mean, and texts with what has broken other programs.</summary>
public static class Mutation
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\r\n", "\n", "\r", "\0", "\r\n.\r\n", "\n.\n", ".\r\n", "\"", "\"\"", "'", ",", ";", "<", ">", "@", "\\", "%00", "%0d%0a", "&", "=", "[]", "\t", " ",
            "--", "../", "\u001a", "\u007f", "\u0085", "\u00a0", "=?utf-8?b?", "?=", "-1", "99999999999999999999", "NaN", "true", "{0}", "${x}", "{{7*7}}",
        }.Select(Encoding.Latin1.GetBytes),
        [0xFF], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE3, 0x80], [0x81], [0x81, 0x40], [0xFC, 0xFC], [0x80, 0x80, 0x80],
    ];

    private static readonly string[] Words =
    [
        "", " ", "　", "\0", "a\0b", "\r\n", "\u202E", "\u200B", "\uFEFF", "\uD83D", "\uDE00", "𠮷髙﨑", "👨‍👩‍👧‍👦", "ﷺﷺﷺﷺ", "ﬁ", "K", "ſ", "İ", "ß", "é", "e\u0301", "ｱｶﾞ", "１２３４５６７８", "①",
        "'", "\"", "';--", "<script>", "%", "%%", "%s%n", "{0}{1}", "../../etc/passwd", "\\", "|", "`id`", "-1", "0", "2147483648", "9223372036854775808", "1e309", "NaN",
        "on", "off", "true", "null", "undefined", "[]", "open", "closed", "12345678", "a@b", "taro@example.jp", "a@example.jp,b@example.jp", "taro@example.jp\r\nBcc: x@example.jp",
        "minato-taro", "yoake-7-kujira-oyogu", "abcd-efgh-jkmn", "00000000-0000-0000-0000-000000000000", "2026-02-30",
    ];

    /// <summary>One to four changes to bytes.</summary>
    /// <param name="dice">What falls.</param>
    /// <param name="good">What is spoilt; it stays as it is.</param>
    /// <param name="others">Other good inputs, from which pieces are spliced in.</param>
    public static byte[] OfBytes(Dice dice, byte[] good, IReadOnlyList<byte[]> others)
    {
        var bytes = new List<byte>(good);
        for (var changes = 1 + dice.Below(4); changes > 0; changes--)
        {
            var at = dice.Below(bytes.Count + 1);
            var length = Math.Min(1 + dice.Below(dice.OneIn(4) ? 200 : 4), bytes.Count - at);
            switch (dice.Below(8))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)dice.Next();
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << dice.Below(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(dice.Below(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)dice.Next(), 1 + dice.Below(dice.OneIn(10) ? 3000 : 20)));
                    break;
                case 5 when others.Count > 0:
                    var other = dice.Of(others);
                    var from = dice.Below(other.Length + 1);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, 1 + dice.Below(60))).ToArray());
                    break;
                case 6:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, dice.Of(Pieces));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A text in place of a good one: a nasty word, a long run, a piece of it, or the good one with something in it.</summary>
    public static string OfText(Dice dice, string good) => dice.Below(7) switch
    {
        0 => dice.Of(Words),
        1 => new string((char)(1 + dice.Below(0xFFFF)), 1 + dice.Below(dice.OneIn(8) ? 3000 : 40)),
        2 => good[..dice.Below(good.Length + 1)],
        3 => good + dice.Of(Words),
        4 => good.Insert(dice.Below(good.Length + 1), dice.Of(Words)),
        5 => string.Concat(Enumerable.Range(0, dice.Below(30)).Select(_ => (char)dice.Below(dice.OneIn(2) ? 128 : 0x10000))),
        _ => good.Length == 0 ? dice.Of(Words) : Flipped(dice, good),
    };

    private static string Flipped(Dice dice, string good)
    {
        var characters = good.ToCharArray();
        characters[dice.Below(characters.Length)] = (char)(1 + dice.Below(dice.OneIn(2) ? 127 : 0xFFFF));
        return new string(characters);
    }
}

using System.Globalization;
using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>Why a text cannot be shown as it stands.</summary>
public enum TextFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>U+FFFD or half a surrogate pair: the bytes were no character of their encoding, here or on an earlier way.</summary>
    Undecodable,

    /// <summary>A private (外字), unassigned or non-character code point: no other machine knows its picture.</summary>
    Unknown,

    /// <summary>A control character, a tab or a line break.</summary>
    Control,

    /// <summary>A character that is not seen but changes what is seen: bidirectional, zero-width, filler, tag.</summary>
    Invisible,
}

/// <summary>
/// The rule for every short text that people read and that others type: names, nicknames, addresses. It keeps line breaks out of
/// headers, and look-alikes made of invisible characters out of lists.
/// </summary>
public static class PlainText
{
    /// <summary>For comparing what people typed: without blanks, width and case, hyphens of every kind alike.</summary>
    public static string Folded(string text) =>
        string.Concat(text.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)).Select(FoldHyphen)).ToUpperInvariant();

    /// <summary>
    /// Finds the first character that must not stand in a one-line text. Ideographic variation selectors are allowed directly behind a
    /// letter (葛󠄀 and 葛 are different people's names; UTS #37), at most one each.
    /// </summary>
    /// <param name="text">The text to judge.</param>
    /// <param name="index">Where the character begins, in UTF-16 code units; the length of the text when there is none.</param>
    public static TextFault FirstFault(ReadOnlySpan<char> text, out int index)
    {
        index = 0;
        var mayTakeSelector = false;
        while (index < text.Length)
        {
            var c = text[index];
            if (c is >= ' ' and <= '~' || IsEverydayJapanese(c))
            {
                mayTakeSelector = c >= '\u3041';
                index++;
                continue;
            }

            if (Rune.DecodeFromUtf16(text[index..], out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return TextFault.Undecodable;
            }

            if (IsVariationSelector(rune.Value))
            {
                if (!mayTakeSelector)
                {
                    return TextFault.Invisible;
                }

                mayTakeSelector = false;
                index += length;
                continue;
            }

            if (FaultOf(rune) is var fault and not TextFault.None)
            {
                return fault;
            }

            mayTakeSelector = Rune.IsLetter(rune) || IsIdeographicPlane(rune.Value);
            index += length;
        }

        return TextFault.None;
    }

    /// <summary>True when <see cref="FirstFault"/> finds nothing.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => FirstFault(text, out _) == TextFault.None;

    /// <summary>Trimmed at both ends, with each inner run of white space (full width included) cut down to its first character.</summary>
    public static string Tidy(string text)
    {
        var trimmed = text.AsSpan().Trim();
        var last = false;
        var runs = false;
        foreach (var c in trimmed)
        {
            var white = char.IsWhiteSpace(c);
            runs |= white && last;
            last = white;
        }

        if (!runs)
        {
            return trimmed.Length == text.Length ? text : trimmed.ToString();
        }

        var tidy = new StringBuilder(trimmed.Length);
        last = false;
        foreach (var c in trimmed)
        {
            var white = char.IsWhiteSpace(c);
            if (!(white && last))
            {
                tidy.Append(c);
            }

            last = white;
        }

        return tidy.ToString();
    }

    /// <summary>
    /// At most <paramref name="length"/> user-perceived characters, and nothing that a terminal or page would obey: what must not stand
    /// in a text is shown as 〓, the printer's mark for a missing type.
    /// </summary>
    public static string Shown(string text, int length = 20)
    {
        var shown = new StringBuilder();
        var elements = StringInfo.GetTextElementEnumerator(text.Length > length * 16 ? text[..(length * 16)] : text);
        for (var count = 0; elements.MoveNext(); count++)
        {
            if (count == length)
            {
                return shown.Append('…').ToString();
            }

            var element = elements.GetTextElement();
            shown.Append(IsPlain(element) ? element : "〓");
        }

        return shown.ToString();
    }

    /// <summary>
    /// Hyphens and dashes that people and encodings use for one another (U+2010–2015, minus, full width) as <c>-</c>.
    /// The kana length mark ー is a letter and stays.
    /// </summary>
    public static char FoldHyphen(char c) => c is (>= '\u2010' and <= '\u2015') or '\u2212' or '\uFF0D' or '\uFE63' or '\uFE58' ? '-' : c;

    private static TextFault FaultOf(Rune rune)
    {
        if (rune.Value == 0xFFFD)
        {
            return TextFault.Undecodable;
        }

        // Letters by category, blanks by sight: the Hangul fillers, the combining grapheme joiner and the empty Braille cell.
        if (rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x034F or 0x2800 or (>= 0x180B and <= 0x180F))
        {
            return TextFault.Invisible;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control => TextFault.Control,
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => TextFault.Control,
            UnicodeCategory.Format => TextFault.Invisible,
            UnicodeCategory.PrivateUse => TextFault.Unknown,
            // The newest ideographs are younger than the platform's tables.
            UnicodeCategory.OtherNotAssigned when !IsIdeographicPlane(rune.Value) => TextFault.Unknown,
            _ => TextFault.None,
        };
    }

    private static bool IsEverydayJapanese(char c) =>
        c is (>= '\u4E00' and <= '\u9FEF') or (>= '\u3041' and <= '\u3096') or (>= '\u30A1' and <= '\u30FE') or '\u3000' or '\u3005'
            or (>= '\uFF01' and <= '\uFF9F');

    private static bool IsVariationSelector(int value) => value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    /// <summary>Planes 2 and 3 hold ideographs only; the last two code points of a plane are no characters.</summary>
    private static bool IsIdeographicPlane(int value) => value is >= 0x20000 and <= 0x3FFFF && (value & 0xFFFE) != 0xFFFE;
}

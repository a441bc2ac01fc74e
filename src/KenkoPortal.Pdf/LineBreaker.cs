using System.Globalization;

namespace KenkoPortal.Pdf;

/// <summary>
/// Breaks Japanese text into lines: between any two characters, except inside a word of half-width letters and digits or of katakana, before closing brackets, stops, small
/// kana and long-vowel marks, and after opening brackets (行頭禁則 and 行末禁則 after JIS X 4051, by moving characters to the next line).
/// </summary>
public static class LineBreaker
{
    private const string NeverFirst =
        "、。，．・：；？！‼⁇⁈⁉゛゜ヽヾゝゞ々〻ー―‐゠–〜～）］｝〕〉》」』】〙〗〟’”»ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ㇗％℃°′″,.:;?!)]}%";

    private const string NeverLast = "（［｛〔〈《「『【〘〖〝‘“«〒￥＄£№([{";

    /// <summary>The lines of a text. A line feed begins a new line; blanks at the end of a line fall away.</summary>
    /// <param name="text">The text.</param>
    /// <param name="style">How it will be drawn.</param>
    /// <param name="width">The widest that a line may be, in points. A word that is wider than a whole line is broken inside.</param>
    public static IReadOnlyList<string> Break(string text, TextStyle style, double width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            BreakParagraph(paragraph, style, width, lines);
        }
        return lines;
    }

    private static void BreakParagraph(string text, TextStyle style, double width, List<string> lines)
    {
        var starts = StringInfo.ParseCombiningCharacters(text);
        var advances = new double[starts.Length];
        for (var i = 0; i < starts.Length; i++)
        {
            advances[i] = style.Measure(Element(i)) + style.Spacing;
        }

        var first = 0;
        while (first < starts.Length)
        {
            var (end, used) = (first, 0.0);
            while (end < starts.Length && used + advances[end] - style.Spacing <= width)
            {
                used += advances[end++];
            }
            if (end < starts.Length)
            {
                var allowed = end;
                // A blank may hang over the edge, so that a word that just fits stays on its line.
                while (allowed > first && !MayBreakBefore(allowed))
                {
                    allowed--;
                }
                end = allowed > first ? allowed : Math.Max(end, first + 1);
            }
            lines.Add(text[starts[first]..(end < starts.Length ? starts[end] : text.Length)].TrimEnd(' '));
            first = end;
            while (first < starts.Length && text[starts[first]] == ' ')
            {
                first++;
            }
        }
        if (starts.Length == 0)
        {
            lines.Add("");
        }

        bool MayBreakBefore(int element)
        {
            var (before, after) = (text[starts[element] - 1], text[starts[element]]);
            if (after == ' ')
            {
                return true;
            }
            return !NeverFirst.Contains(after)
                && !NeverLast.Contains(before)
                && !(IsOfWord(before) && IsOfWord(after))
                && !(IsKatakana(before) && IsKatakana(after));
        }

        ReadOnlySpan<char> Element(int i) => text.AsSpan(starts[i]..(i + 1 < starts.Length ? starts[i + 1] : text.Length));
    }

    private static bool IsKatakana(char c) => c is (>= 'ァ' and <= 'ヺ') or 'ー';

    private static bool IsOfWord(char c) => c is > ' ' and < '\u0250';
}

using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>
/// A name's reading (氏名カナ). Shown as listed, compared by <see cref="Key"/>: after NFKC, hiragana as katakana, small and large kana
/// alike, without blanks, middle dots and punctuation. Institutions, core systems and people write ッ and ツ, ヤマダ タロウ and ﾔﾏﾀﾞﾀﾛｳ for one
/// another, so that two readings which differ only so are one.
/// </summary>
public sealed class KanaName : IEquatable<KanaName>
{
    /// <summary>Longest reading, in UTF-16 code units.</summary>
    public const int MaxLength = 100;

    private const string Small = "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ";
    private const string Large = "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ";

    private KanaName(string text, string key) => (Text, Key) = (text, key);

    /// <summary>As it is shown: half-width katakana widened, blanks trimmed.</summary>
    public string Text { get; }

    /// <summary>As it is compared: large katakana, ー and upper-case Latin letters only.</summary>
    public string Key { get; }

    /// <summary>Katakana, hiragana or Latin letters; anything else (kanji, digits) is no reading.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out KanaName? name)
    {
        name = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxLength * 2 || !PlainText.IsPlain(text))
        {
            return false;
        }

        // NFKC takes the spacing marks ゛ ゜ apart into a blank and a combining mark, which would then stand alone.
        var joined = text.Replace('\u309B', '\u3099').Replace('\u309C', '\u309A');
        var shown = PlainText.Tidy(joined.IsNormalized(NormalizationForm.FormKC) ? joined : joined.Normalize(NormalizationForm.FormKC));
        if (shown.Length > MaxLength || !TryFold(shown, out var key))
        {
            return false;
        }

        name = new KanaName(shown, key);
        return true;
    }

    public bool Equals(KanaName? other) => other is not null && string.Equals(Key, other.Key, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as KanaName);

    public override int GetHashCode() => string.GetHashCode(Key, StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>Small kana as large: ャ as ヤ. Other characters are returned as they are.</summary>
    public static char Enlarge(char c)
    {
        if (c is < 'ァ' or > 'ㇿ')
        {
            return c;
        }

        var index = Small.IndexOf(c, StringComparison.Ordinal);
        return index < 0 ? c : Large[index];
    }

    /// <summary>A reading in half-width katakana, as insurance files and the national portal write it. What has no half width stays as it is.</summary>
    public static string HalfWidth(string text)
    {
        var half = new StringBuilder();
        foreach (var given in text.Normalize(NormalizationForm.FormKC))
        {
            var c = given is >= 'ぁ' and <= 'ゖ' ? (char)(given + 0x60) : given;
            if (HalfWidths.TryGetValue(c, out var known))
            {
                half.Append(known);
                continue;
            }

            // A sound mark is a character of its own there: ガ is カ and ゛.
            var parts = c.ToString().Normalize(NormalizationForm.FormD);
            half.Append(parts is [var plain, var mark] && HalfWidths.TryGetValue(plain, out known) ? $"{known}{(mark == '\u3099' ? 'ﾞ' : 'ﾟ')}" : c == '\u3000' ? " " : $"{c}");
        }

        return half.ToString();
    }

    private static readonly Dictionary<char, char> HalfWidths = Enumerable.Range('｡', 'ﾟ' - '｡' + 1)
        .Select(code => (char)code).Where(c => c is not ('ﾞ' or 'ﾟ'))
        .ToDictionary(c => c.ToString().Normalize(NormalizationForm.FormKC)[0]);

    private static bool TryFold(string shown, out string key)
    {
        Span<char> folded = stackalloc char[MaxLength];
        var length = 0;
        foreach (var given in shown)
        {
            var c = given is (>= 'ぁ' and <= 'ゖ') or 'ゝ' or 'ゞ' ? (char)(given + 0x60) : PlainText.FoldHyphen(given);
            if (char.IsWhiteSpace(c) || c is '・' or '\'' or '\u2019' or '.' or ',' or '=' or '゠')
            {
                continue;
            }

            if (c == '-')
            {
                // Behind kana a hyphen is a mistyped length mark; in a foreigner's name it joins two parts.
                if (length > 0 && folded[length - 1] is >= 'ァ' and <= 'ー')
                {
                    folded[length++] = 'ー';
                }

                continue;
            }

            c = Enlarge(c);
            var isKana = c is (>= 'ァ' and <= 'ヺ') or 'ー' or 'ヽ' or 'ヾ' or 'ヿ';
            if (!isKana && !(char.IsLetter(c) && c < '\u0250'))
            {
                key = string.Empty;
                return false;
            }

            folded[length++] = isKana ? c : char.ToUpperInvariant(c);
        }

        key = folded[..length].ToString();
        return length > 0;
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace KenkoPortal.Core.Common;

/// <summary>Kana in Latin letters, and the ways in which people spell the same word: Hepburn, Kunrei, long vowels written out, dropped or with h.</summary>
public static partial class Romaji
{
    private static readonly Dictionary<string, string> Syllables = Table(
        "ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko サ sa シ shi ス su セ se ソ so タ ta チ chi ツ tsu テ te ト to ナ na ニ ni ヌ nu ネ ne ノ no "
        + "ハ ha ヒ hi フ fu ヘ he ホ ho マ ma ミ mi ム mu メ me モ mo ヤ ya ユ yu ヨ yo ラ ra リ ri ル ru レ re ロ ro ワ wa ヲ o ヰ i ヱ e ン n "
        + "ガ ga ギ gi グ gu ゲ ge ゴ go ザ za ジ ji ズ zu ゼ ze ゾ zo ダ da ヂ ji ヅ zu デ de ド do バ ba ビ bi ブ bu ベ be ボ bo パ pa ピ pi プ pu ペ pe ポ po ヴ vu "
        + "ァ a ィ i ゥ u ェ e ォ o ャ ya ュ yu ョ yo キャ kya キュ kyu キョ kyo シャ sha シュ shu ショ sho シェ she チャ cha チュ chu チョ cho チェ che ニャ nya ニュ nyu ニョ nyo "
        + "ヒャ hya ヒュ hyu ヒョ hyo ミャ mya ミュ myu ミョ myo リャ rya リュ ryu リョ ryo ギャ gya ギュ gyu ギョ gyo ジャ ja ジュ ju ジョ jo ジェ je ヂャ ja ヂュ ju ヂョ jo "
        + "ビャ bya ビュ byu ビョ byo ピャ pya ピュ pyu ピョ pyo ファ fa フィ fi フェ fe フォ fo ティ ti ディ di デュ dyu ウィ wi ウェ we ウォ wo ヴァ va ヴィ vi ヴェ ve ヴォ vo ");

    private static readonly (string Hepburn, string Kunrei)[] Kunrei =
    [
        ("sha", "sya"), ("shu", "syu"), ("sho", "syo"), ("shi", "si"), ("cha", "tya"), ("chu", "tyu"), ("cho", "tyo"), ("chi", "ti"), ("tsu", "tu"),
        ("fu", "hu"), ("ja", "zya"), ("ju", "zyu"), ("jo", "zyo"), ("ji", "zi"),
    ];

    /// <summary>Lower-case Hepburn with long vowels written out. Hiragana, half-width kana and Latin letters are understood; all else (kanji, blanks) parts the words.</summary>
    public static IReadOnlyList<string> WordsOf(string text)
    {
        var folded = Fold(text);
        var words = new List<string>();
        var word = new StringBuilder();
        var isDoubled = false;
        for (var i = 0; i < folded.Length; i++)
        {
            var c = folded[i];
            if (c is 'ッ')
            {
                isDoubled = true;
            }
            else if (SyllableAt(folded, i, out var length) is { } syllable)
            {
                word.Append(isDoubled ? syllable[0] : null).Append(syllable);
                (isDoubled, i) = (false, i + length - 1);
            }
            else if (char.IsAsciiLetterOrDigit(c))
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (c is not ('ー' or '・'))
            {
                End();
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            isDoubled = false;
        }
    }

    /// <summary>A word of Latin letters in all the ways it is spelt, itself among them.</summary>
    public static IEnumerable<string> SpellingsOf(string word)
    {
        var kunrei = Kunrei.Aggregate(word, (spelt, pair) => spelt.Replace(pair.Hepburn, pair.Kunrei, StringComparison.Ordinal));
        return new[] { word, kunrei }.SelectMany(spelt => new[]
        {
            spelt,
            spelt.Replace("ou", "o", StringComparison.Ordinal).Replace("oo", "o", StringComparison.Ordinal).Replace("uu", "u", StringComparison.Ordinal),
            spelt.Replace("ou", "oh", StringComparison.Ordinal).Replace("oo", "oh", StringComparison.Ordinal),
        }).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Whether lower-case Latin letters read as Japanese syllables, in any spelling.</summary>
    public static bool IsSyllabic(ReadOnlySpan<char> letters) => Syllabic().IsMatch(letters);

    [GeneratedRegex("^(?:(?:sh|ch|ts|[tszj]y|[kgnhbpmr]y|[kstnhmyrwgzdbpjf])?[aiueo]|n(?![aiueoy])|k(?=k)|s(?=s)|t(?=t|ch)|p(?=p))+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Syllabic();

    private static string? SyllableAt(string text, int at, out int length)
    {
        length = 2;
        if (at + 1 < text.Length && Syllables.TryGetValue(text.Substring(at, 2), out var two))
        {
            return two;
        }

        length = 1;
        return Syllables.GetValueOrDefault(text.Substring(at, 1));
    }

    /// <summary>NFKC with hiragana as katakana; what Unicode cannot normalise holds no word.</summary>
    private static string Fold(string text)
    {
        try
        {
            return string.Concat(text.Normalize(NormalizationForm.FormKC).Select(c => c is >= 'ぁ' and <= 'ゖ' ? (char)(c + 0x60) : c));
        }
        catch (ArgumentException)
        {
            return "";
        }
    }

    private static Dictionary<string, string> Table(string pairs) =>
        pairs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}

namespace KenkoPortal.Core.Letters;

/// <summary>
/// How a 仮ログインID and a 仮パスワード are read aloud, character by character in katakana. The printed manual reads 12345678 under its sample; we read
/// 4 as ヨン (シ is misheard for シチ) and 7 as ナナ. The letter q says that it is a letter: キュー alone is heard, and typed, as 9.
/// </summary>
public static class ProvisionalReading
{
    /// <summary>What stands between the readings of two characters.</summary>
    public const string Separator = "、";

    private static readonly string[] Digits = ["ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ"];

    // From a to z; i, l and o are no symbols of provisional passwords, because they look like 1 and 0.
    private static readonly string?[] Letters =
    [
        "エー", "ビー", "シー", "ディー", "イー", "エフ", "ジー", "エイチ", null, "ジェイ", "ケイ", null, "エム",
        "エヌ", null, "ピー", "英字のキュー", "アール", "エス", "ティー", "ユー", "ブイ", "ダブリュー", "エックス", "ワイ", "ゼット",
    ];

    /// <summary>The readings joined by 、: <c>ka-9</c> gives ケイ、エー、ハイフン、キュウ.</summary>
    /// <param name="credential">Digits, the letters a–z without i, l and o, and hyphens.</param>
    /// <exception cref="ArgumentException">There is another character; the message does not repeat it.</exception>
    public static string Of(string credential) => string.Join(Separator, OfEach(credential));

    /// <summary>The reading of each character, in order.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<string> OfEach(string credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var readings = new string[credential.Length];
        for (var i = 0; i < readings.Length; i++)
        {
            readings[i] = credential[i] switch
            {
                >= '0' and <= '9' and var digit => Digits[digit - '0'],
                >= 'a' and <= 'z' and var letter when Letters[letter - 'a'] is { } reading => reading,
                '-' => "ハイフン",
                _ => throw new ArgumentException("A provisional credential holds digits, a-z without i, l and o, and hyphens only.", nameof(credential)),
            };
        }
        return readings;
    }
}

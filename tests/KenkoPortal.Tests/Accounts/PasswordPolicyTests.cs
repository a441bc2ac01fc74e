using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Letters;

namespace KenkoPortal.Tests.Accounts;

/// <summary>Row P2: what somebody who knows the person, or who has a list, tries first. S4 of 2026-11-30 found that a birth date and one letter was taken.</summary>
public sealed class PasswordPolicyTests
{
    /// <summary>The person of the finding: 工藤 剛, born on 1979-09-25.</summary>
    private static readonly PasswordContext Kudo = Context("kudo.pcx", "剛", "クドウ　ツヨシ", new DateOnly(1979, 9, 25), "minato", ("11", "1042", "00"));

    private static readonly PasswordContext Yoshino = Context("yoshino-yudai", "ゆうだい", "ヨシノ　ユウダイ", new DateOnly(2002, 4, 1), "umikaze", ("港", "308", "00"));

    [Theory]
    [InlineData("19790925a", PasswordFault.BirthDate)]
    [InlineData("a19790925", PasswordFault.BirthDate)]
    [InlineData("1979a0925", PasswordFault.BirthDate)]
    [InlineData("790925ab", PasswordFault.BirthDate)]
    [InlineData("kudopcx1", PasswordFault.LoginId)]
    [InlineData("kudo_pcx1", PasswordFault.LoginId)]
    [InlineData("minato12", PasswordFault.Society)]
    [InlineData("minato1a", PasswordFault.Society)]
    [InlineData("minato2026", PasswordFault.Society)]
    [InlineData("kenichi1", PasswordFault.Common)]
    [InlineData("wataru01", PasswordFault.Common)]
    [InlineData("sakura123", PasswordFault.Common)]
    [InlineData("doraemon1", PasswordFault.Common)]
    [InlineData("aaaa1111", PasswordFault.Common)]
    [InlineData("123456aa", PasswordFault.Common)]
    [InlineData("11111111a", PasswordFault.Common)]
    [InlineData("0000000a", PasswordFault.Common)]
    [InlineData("admin123", PasswordFault.Common)]
    [InlineData("password2026", PasswordFault.Common)]
    [InlineData("kenko2026", PasswordFault.Society)]
    [InlineData("shiota1978", PasswordFault.Common)]
    [InlineData("1979-09-25a", PasswordFault.BirthDate)]
    [InlineData("s54925a1", PasswordFault.BirthDate)]
    [InlineData("s540925aa", PasswordFault.BirthDate)]
    [InlineData("showa540925", PasswordFault.BirthDate)]
    [InlineData("Syowa-54-9-25", PasswordFault.BirthDate)]
    [InlineData("09251979z", PasswordFault.BirthDate)]
    [InlineData("25091979x", PasswordFault.BirthDate)]
    [InlineData("5290979a1", PasswordFault.BirthDate)]
    [InlineData("19k79k09k25", PasswordFault.BirthDate)]
    [InlineData("k19u79d09o25", PasswordFault.BirthDate)]
    [InlineData("tsuyoshi79", PasswordFault.Name)]
    [InlineData("kudou0925", PasswordFault.Name)]
    [InlineData("tuyosi1979", PasswordFault.Name)]
    [InlineData("kudotsuyoshi1", PasswordFault.Name)]
    [InlineData("111042aa", PasswordFault.Card)]
    [InlineData("11-1042-00a", PasswordFault.Card)]
    [InlineData("kudo1042", PasswordFault.Card)]
    [InlineData("xcp.odu-k1", PasswordFault.Characters)]
    [InlineData("xcpoduk1", PasswordFault.LoginId)]
    [InlineData("kenpo12345", PasswordFault.Society)]
    [InlineData("kenkouhoken1", PasswordFault.Society)]
    [InlineData("Kenpo_Portal_1", PasswordFault.Society)]
    [InlineData("minatokenpo1", PasswordFault.Society)]
    [InlineData("m1nat0kenpo", PasswordFault.Society)]
    [InlineData("qwer1234", PasswordFault.Common)]
    [InlineData("1q2w3e4r", PasswordFault.Common)]
    [InlineData("zaq12wsx", PasswordFault.Common)]
    [InlineData("p@ssw0rd1", PasswordFault.Common)]
    [InlineData("d0raem0n2026", PasswordFault.Common)]
    [InlineData("arukas123", PasswordFault.Common)]
    [InlineData("s-a-k-u-r-a-1", PasswordFault.Common)]
    [InlineData("s1a2k3u4r5a6", PasswordFault.Common)]
    [InlineData("sakurasakura1", PasswordFault.Common)]
    [InlineData("yamadatarou1", PasswordFault.Common)]
    [InlineData("hanako19851123", PasswordFault.Pattern)]
    [InlineData("aishiteru5963", PasswordFault.Common)]
    [InlineData("arigatou1234", PasswordFault.Common)]
    [InlineData("iloveyou2026", PasswordFault.Common)]
    [InlineData("abcabc123", PasswordFault.Common)]
    [InlineData("a1b2c3d4", PasswordFault.Common)]
    [InlineData("aonagi1042", PasswordFault.Card)]
    [InlineData("aonagi0925", PasswordFault.BirthDate)]
    [InlineData("h270601haruto", PasswordFault.Pattern)]
    [InlineData("yuiR010512", PasswordFault.Pattern)]
    [InlineData("kekkon0601", PasswordFault.Common)]
    [InlineData("tsuyochan1", PasswordFault.Name)]
    [InlineData("tuyotyan1", PasswordFault.Name)]
    [InlineData("tenbinza0925", PasswordFault.BirthDate)]
    [InlineData("todaizaka1042", PasswordFault.Card)]
    [InlineData("hidamari1979", PasswordFault.BirthDate)]
    public void P2_S4_What_is_tried_first_is_refused_with_what_it_is_made_of(string password, PasswordFault fault) =>
        Assert.Equal(fault, PasswordPolicy.Judge(password, Kudo));

    [Fact]
    public void P2_S4_Hundreds_of_guesses_of_the_same_kinds_are_refused()
    {
        var guesses = GuessesOf(Kudo, "kudo", "pcx", "tsuyoshi").Concat(GuessesOfAnybody()).Distinct().ToList();
        var others = GuessesOf(Yoshino, "yoshino", "yudai", "yuudai").Distinct().ToList();
        Assert.InRange(guesses.Count + others.Count, 600, 5000);
        Assert.Equal("", string.Join(' ', TakenOf(guesses, Kudo).Concat(TakenOf(others, Yoshino))));
    }

    [Fact]
    public void P2_What_is_random_passes()
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + PasswordPolicy.Symbols;
        var (tried, refused) = (0, new List<string>());
        foreach (var (length, symbols) in new[] { (10, alphabet[..26] + "0123456789"), (10, alphabet), (12, alphabet), (16, alphabet), (12, ProvisionalPassword.Alphabet) })
        {
            for (var i = 0; i < 400; i++)
            {
                var password = RandomNumberGenerator.GetString(symbols, length);
                if (password.Any(char.IsAsciiLetterLower) && password.Any(char.IsAsciiDigit))
                {
                    tried++;
                    refused.AddRange(PasswordPolicy.Judge(password, Kudo) == PasswordFault.None ? [] : [password]);
                }
            }
        }

        Assert.InRange(tried, 1000, 2000);
        Assert.InRange(refused.Count, 0, 2);
    }

    [Fact]
    public void P2_Three_and_four_unrelated_words_with_a_digit_pass()
    {
        string[] words =
        [
            "enpitsu", "hashigo", "kitte", "mado", "rousoku", "kagami", "tobira", "nuno", "himo", "fude", "taru", "sakazuki", "hikidashi", "nagagutsu", "kasa", "boushi", "usagi", "ringo",
            "kumo", "denwa", "tanuki", "mikan", "yakiniku", "correct", "walrus", "battery", "staple", "lantern", "gravel", "oyster", "velvet", "copper", "marble", "anchor", "kettle", "trumpet",
        ];
        var refused = new List<string>();
        for (var i = 0; i < 600; i++)
        {
            var chosen = RandomNumberGenerator.GetItems<string>(words, 3 + (i % 2)).Distinct().ToList();
            var password = string.Join(i % 3 == 0 ? "" : "-", chosen) + RandomNumberGenerator.GetInt32(10).ToString(CultureInfo.InvariantCulture);
            if (chosen.Count >= 3 && PasswordPolicy.Judge(password, Kudo) != PasswordFault.None)
            {
                refused.Add(password);
            }
        }

        // "trumpet1" is itself among the commonest passwords: such a thing happens now and then.
        Assert.InRange(refused.Count, 0, 6);
    }

    [Theory]
    [InlineData("QKUcBEEE7")] // as the manual's picture of the mail shows one, with a digit
    [InlineData("kaze7yukiru")]
    [InlineData("yoake-7-kujira-oyogu")]
    [InlineData("atarashii-2027-umi")]
    [InlineData("Shiosai-2026-Kenpo")]
    [InlineData("minato-no-fune-7-yoru")]
    [InlineData("kudo-tanuki-mikan-rousoku-7")]
    [InlineData("19790925-kitte-rousoku-hashigo")]
    [InlineData("xk4vwtz9")]
    public void P2_What_is_long_or_odd_enough_passes_whatever_words_it_holds(string password) =>
        Assert.Equal(PasswordFault.None, PasswordPolicy.Judge(password, Kudo));

    [Fact]
    public void P2_Another_persons_words_count_for_nothing()
    {
        // Else a refusal would tell what belongs to whom.
        Assert.Equal(PasswordFault.LoginId, PasswordPolicy.Judge("kvqzwx71", Context("kvqzwx", null, null, null, "umi")));
        Assert.Equal(PasswordFault.None, PasswordPolicy.Judge("kvqzwx71", Kudo));
    }

    [Fact]
    public void P2_The_longest_passwords_are_judged_in_milliseconds()
    {
        PasswordPolicy.Judge("warms-up-7", Kudo);
        foreach (var hostile in new[]
        {
            new string('a', 127) + "1", string.Concat(Enumerable.Repeat("1!7|(@4$", 16))[..127].Replace('|', 'l').Replace('(', 'c').Replace('$', 's') + "a",
            string.Concat(Enumerable.Repeat("19790925kudo", 11))[..128], string.Concat(Enumerable.Repeat("qwertyuiop1", 12))[..128], RandomNumberGenerator.GetString("abcdefghij0123456789", 128),
        })
        {
            Assert.Equal(128, hostile.Length);
            var timer = Stopwatch.StartNew();
            for (var i = 0; i < 20; i++)
            {
                PasswordPolicy.Judge(hostile, Kudo);
            }

            // Far above what it takes: a search that grows with the square of the length would take minutes.
            Assert.InRange(timer.Elapsed.TotalMilliseconds / 20, 0, 1_000);
            TestContext.Current.TestOutputHelper?.WriteLine($"{timer.Elapsed.TotalMilliseconds / 20:F1} ms for {hostile[..12]}…");
        }
    }

    private static IEnumerable<string> TakenOf(IEnumerable<string> guesses, PasswordContext context) =>
        guesses.Where(guess => PasswordPolicy.Judge(guess, context) == PasswordFault.None);

    private static PasswordContext Context(string loginId, string? nickname, string? kana, DateOnly? birth, string key, params (string, string, string)[] cards) =>
        new(loginId, nickname, kana, birth, cards, [key, "健康マイポータル", "みなと港運健康保険組合", $"{key}.kenpo.example.jp", "06139992"]);

    /// <summary>Dates in each form with a letter before, behind and within, ID parts, key and name with tails.</summary>
    private static IEnumerable<string> GuessesOf(PasswordContext context, params string[] words)
    {
        var birth = context.BirthDate!.Value;
        var era = birth.Year >= 1989 ? (Letter: "h", Name: "heisei", Year: birth.Year - 1988) : (Letter: "s", Name: "showa", Year: birth.Year - 1925);
        string[] years = [$"{birth:yyyy}", $"{birth:yy}", $"{era.Letter}{era.Year}", $"{era.Name}{era.Year}"];
        foreach (var separator in new[] { "", "-", "/", "_" })
        {
            foreach (var year in years)
            {
                foreach (var (month, day) in new[] { ($"{birth:MM}", $"{birth:dd}"), ($"{birth.Month}", $"{birth.Day}") })
                {
                    foreach (var order in new[] { $"{year}{separator}{month}{separator}{day}", $"{month}{separator}{day}{separator}{year}", $"{day}{separator}{month}{separator}{year}" })
                    {
                        foreach (var guess in new[] { order + "a", "a" + order, order + "ab", "x" + order + "x", order.Insert(order.Length / 2, "k"), string.Concat(order.Reverse()) + "a", order + "a1" }.Where(IsAllowed))
                        {
                            yield return guess;
                        }
                    }
                }
            }
        }

        string[] tails = ["1", "12", "123", "1234", "01", "00", "77", "99", "2026", "2025", "1979", "0925", "!1", "_1", "1!", "-2026", "1a", "a1", "11", "111", "5963", "4649", "@1", "000"];
        foreach (var word in words.Concat(context.SocietyWords.Take(1)).Append("kenpo").Append("kenkou"))
        {
            foreach (var tail in tails)
            {
                foreach (var guess in new[] { word + tail, tail.Trim('-', '_') + word, Capital(word) + tail, word + word + tail, string.Concat(word.Reverse()) + tail, word.Replace('o', '0').Replace('i', '1') + tail, string.Join('-', word.ToCharArray()) + tail, word + $"{birth:yyyy}", word + $"{birth:MMdd}", word + $"{birth:yyyyMMdd}" }.Where(IsAllowed))
                {
                    yield return guess;
                }
            }
        }
    }

    private static IEnumerable<string> GuessesOfAnybody()
    {
        string[] words =
        [
            "sakura", "kenichi", "wataru", "doraemon", "pikachu", "totoro", "anpanman", "hello", "password", "welcome", "yokohama", "tigers", "hanshin", "giants", "koshien", "yamada", "tanaka", "sato",
            "suzuki", "takahashi", "hanako", "taro", "yuki", "misaki", "daisuke", "kazuya", "momoko", "chocolat", "shibainu", "nekoneko", "onigiri", "sushi", "ramen", "arigatou", "aishiteru", "ohayou",
            "samurai", "naruto", "luffy", "goku", "conan", "kitty", "himitsu", "pasuwado", "abcdefg", "qwerty", "asdfgh", "zxcvbn", "1qaz2wsx", "iloveyou", "dragon", "monkey", "baseball", "soccer",
        ];
        return words.SelectMany(word => new[] { word + "1", word + "123", word + "2026", word + "77", "1" + word, Capital(word) + "1!", word + word + "1", word + "_01", word.Replace('a', '@').Replace('o', '0') + "1", string.Concat(word.Reverse()) + "12" })
            .Concat(["aaaa1111", "aaaaaaa1", "12345678a", "a12345678", "1234abcd", "abcd1234", "asdf1234", "qwer4321", "1a2b3c4d", "112233aa", "123123aa", "98765432a", "zzzz0000", "1111aaaa", "poiuytre1", "0okm9ijn"])
            .Where(IsAllowed);
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static bool IsAllowed(string guess) => guess.Length >= 8 && guess.Any(char.IsAsciiLetterLower) && guess.Any(char.IsAsciiDigit);
}

using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Letters;

namespace KenkoPortal.Tests.Letters;

public sealed class ProvisionalReadingTests
{
    private const string Symbols = "0123456789abcdefghjkmnpqrstuvwxyz-";

    private static readonly Arbitrary<string> Credentials =
        Gen.Elements(Symbols.ToCharArray()).ListOf().Select(symbols => string.Concat(symbols)).ToArbitrary();

    [Theory]
    [InlineData("12345678", "イチ、ニ、サン、ヨン、ゴ、ロク、ナナ、ハチ")]
    [InlineData("90", "キュウ、ゼロ")]
    [InlineData("abcd-efgh-jkmn", "エー、ビー、シー、ディー、ハイフン、イー、エフ、ジー、エイチ、ハイフン、ジェイ、ケイ、エム、エヌ")]
    [InlineData("pqrs-tuvw-xyz2", "ピー、英字のキュー、アール、エス、ハイフン、ティー、ユー、ブイ、ダブリュー、ハイフン、エックス、ワイ、ゼット、ニ")]
    [InlineData("", "")]
    public void Each_character_is_read_in_katakana(string credential, string reading) =>
        Assert.Equal(reading, ProvisionalReading.Of(credential));

    [Fact]
    public void No_two_characters_sound_alike() =>
        Assert.Equal(Symbols.Length, Symbols.Select(symbol => Sound(ProvisionalReading.Of($"{symbol}"))).Distinct(StringComparer.Ordinal).Count());

    /// <summary>As the ear takes it: a long vowel is one, however it is written.</summary>
    private static string Sound(string reading) => reading.Replace("ュウ", "ュー", StringComparison.Ordinal).Replace("エイ", "エー", StringComparison.Ordinal);

    [Fact]
    public void A_reading_leads_back_to_the_credential()
    {
        var symbolOf = Symbols.ToDictionary(symbol => ProvisionalReading.Of($"{symbol}"), StringComparer.Ordinal);
        Prop.ForAll(Credentials, credential =>
                string.Concat(ProvisionalReading.Of(credential).Split('、', StringSplitOptions.RemoveEmptyEntries).Select(reading => symbolOf[reading]))
                    == credential)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_other_character_is_refused_and_not_repeated()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<char>().Filter(c => !Symbols.Contains(c)), Credentials, (other, credential) =>
        {
            var fault = Assert.Throws<ArgumentException>(() => ProvisionalReading.Of($"{credential}{other}7"));
            return !fault.Message.Contains($"{other}7", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
        Assert.All("lioLIO１ａ ー", other => Assert.Throws<ArgumentException>(() => ProvisionalReading.Of($"{other}")));
    }
}

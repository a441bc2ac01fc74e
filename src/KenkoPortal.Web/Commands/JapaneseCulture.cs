using System.Globalization;

namespace KenkoPortal.Web.Commands;

/// <summary>
/// ja-JP with the letter cases that all languages but a few share, Japanese among them. The framework finds that out by a comparison, for which ICU builds
/// a whole Japanese collator, kana and kanji, on each thread that asks: a quarter of a start was that.
/// </summary>
internal sealed class JapaneseCulture() : CultureInfo("ja-JP", useUserOverride: false)
{
    public override TextInfo TextInfo => InvariantCulture.TextInfo;
}

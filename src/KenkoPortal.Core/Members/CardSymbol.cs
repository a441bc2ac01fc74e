using System.Diagnostics.CodeAnalysis;

namespace KenkoPortal.Core.Members;

/// <summary>
/// 記号, the workplace's part of the card. Societies put hyphens, kanji and kana into it. Shown as listed, equal by <see cref="Key"/>.
/// </summary>
public sealed class CardSymbol : IEquatable<CardSymbol>
{
    /// <summary>Longest symbol, in UTF-16 code units.</summary>
    public const int MaxLength = 20;

    private CardSymbol(string text, string key) => (Text, Key) = (text, key);

    /// <summary>As listed.</summary>
    public string Text { get; }

    /// <summary>As compared: after NFKC, without blanks and leading zeros, small and large kana alike, hyphens as <c>-</c>.</summary>
    public string Key { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CardSymbol? symbol)
    {
        symbol = CardText.TryFold(text, MaxLength, out var shown, out var key) ? new CardSymbol(shown, key) : null;
        return symbol is not null;
    }

    public bool Equals(CardSymbol? other) => other is not null && string.Equals(Key, other.Key, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as CardSymbol);

    public override int GetHashCode() => string.GetHashCode(Key, StringComparison.Ordinal);

    public override string ToString() => Text;
}

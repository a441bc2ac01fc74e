using System.Diagnostics.CodeAnalysis;

namespace KenkoPortal.Core.Members;

/// <summary>番号, the insured person's part of the card: digits, in a few societies with Latin letters. Shown as listed, equal by <see cref="Key"/>.</summary>
public sealed class CardNumber : IEquatable<CardNumber>
{
    /// <summary>Longest number, in UTF-16 code units.</summary>
    public const int MaxLength = 20;

    private CardNumber(string text, string key) => (Text, Key) = (text, key);

    /// <summary>As listed.</summary>
    public string Text { get; }

    /// <summary>As compared: after NFKC, without blanks and leading zeros.</summary>
    public string Key { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CardNumber? number)
    {
        number = CardText.TryFold(text, MaxLength, out var shown, out var key) && key.All(char.IsAsciiLetterOrDigit)
            ? new CardNumber(shown, key)
            : null;
        return number is not null;
    }

    public bool Equals(CardNumber? other) => other is not null && string.Equals(Key, other.Key, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as CardNumber);

    public override int GetHashCode() => string.GetHashCode(Key, StringComparison.Ordinal);

    public override string ToString() => Text;
}

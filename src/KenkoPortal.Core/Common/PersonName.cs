using System.Diagnostics.CodeAnalysis;

namespace KenkoPortal.Core.Common;

/// <summary>
/// A person's name (氏名) as the society lists it. It is never normalised: NFC alone would turn the 神 and 塚 of some family registers
/// (U+FA19, U+FA10) into others. Variation selectors stay; see <see cref="PlainText"/> for what is refused.
/// </summary>
public sealed class PersonName : IEquatable<PersonName>
{
    /// <summary>Longest name, in UTF-16 code units. The longest foreign names on residence cards have about 70 letters.</summary>
    public const int MaxLength = 100;

    private PersonName(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PersonName? name)
    {
        name = null;
        if (string.IsNullOrWhiteSpace(text) || !PlainText.IsPlain(text))
        {
            return false;
        }

        var tidy = PlainText.Tidy(text);
        if (tidy.Length > MaxLength)
        {
            return false;
        }

        name = new PersonName(tidy);
        return true;
    }

    /// <summary>The same letters, whatever their width and the blanks between them.</summary>
    public static bool AreSame(string left, string right) =>
        string.Equals(left, right, StringComparison.Ordinal) || string.Equals(PlainText.Folded(left), PlainText.Folded(right), StringComparison.Ordinal);

    public bool Equals(PersonName? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as PersonName);

    public override int GetHashCode() => string.GetHashCode(Text, StringComparison.Ordinal);

    public override string ToString() => Text;
}

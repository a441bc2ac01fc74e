using System.Text;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members.Import;

/// <summary>Compares the names of two rows about what may be one person.</summary>
internal static class Names
{
    /// <summary>The same letters, whatever their width and the blanks between them.</summary>
    public static bool AreSame(string left, string right) =>
        string.Equals(left, right, StringComparison.Ordinal) || string.Equals(Fold(left), Fold(right), StringComparison.Ordinal);

    /// <summary>
    /// Whether a card's holder and the card's row are one person although not all of kana, birth date and sex agree: one of them was corrected,
    /// or the family name changed. A twin who is listed where the other was differs in the given name, in letters and in kana.
    /// </summary>
    public static bool MayBeCorrected(Person known, MemberListRow row)
    {
        var (sameBirth, sameSex) = (known.BirthDate == row.BirthDate, known.Sex == row.Sex);
        if (string.Equals(known.KanaKey, row.Kana.Key, StringComparison.Ordinal))
        {
            return sameBirth || sameSex;
        }

        return sameBirth && sameSex
            && (AreSame(known.Name, row.Name.Text)
                || SharesGivenName(known.Kana, row.Kana.Text)
                || SharesGivenName(known.Name, row.Name.Text));
    }

    /// <summary>
    /// Whether two people with one birth date and sex have the same given name, so that they may be one person whose family name changed. Where a reading has no blank
    /// nobody knows where the given name begins: both names must then end alike and begin unlike, or part into the same given name in letters. Twins begin alike.
    /// </summary>
    public static bool HaveSameGivenName(Person one, Person other)
    {
        if (string.Equals(one.KanaKey, other.KanaKey, StringComparison.Ordinal))
        {
            return true;
        }

        var (left, right) = (GivenKey(one.Kana), GivenKey(other.Kana));
        if (left is not null && right is not null)
        {
            return string.Equals(left, right, StringComparison.Ordinal);
        }

        if ((left ?? right) is { } given)
        {
            var whole = left is null ? one.KanaKey : other.KanaKey;
            return given.Length > 1 && whole.Length > given.Length && whole.EndsWith(given, StringComparison.Ordinal) && !StartAlike(one, other);
        }

        var (a, b) = (Words(one.Name), Words(other.Name));
        var alike = CommonEnd(one.KanaKey, other.KanaKey);
        return !StartAlike(one, other)
            && (alike > 2 || (alike > 1 && a.Length > 1 && b.Length > 1 && string.Equals(Fold(a[^1]), Fold(b[^1]), StringComparison.Ordinal)));
    }

    private static bool StartAlike(Person one, Person other) => one.KanaKey.Length > 1 && other.KanaKey.Length > 1 && one.KanaKey[..2] == other.KanaKey[..2];

    private static int CommonEnd(string left, string right)
    {
        var length = 0;
        while (length < left.Length && length < right.Length && left[^(length + 1)] == right[^(length + 1)])
        {
            length++;
        }

        return length;
    }

    /// <summary>What is behind the first blank, folded; null where there is none.</summary>
    private static string? GivenKey(string kana) => Words(kana) is [_, .. var given] && given.Length > 0 && KanaName.TryParse(string.Concat(given), out var name) ? name.Key : null;

    private static bool SharesGivenName(string left, string right)
    {
        var (a, b) = (Words(left), Words(right));
        if (a.Length > 1 && b.Length > 1)
        {
            return string.Equals(Fold(a[^1]), Fold(b[^1]), StringComparison.Ordinal);
        }

        // Without a blank the given name has no beginning: another family name is another start with the same end.
        var (x, y) = (Fold(left), Fold(right));
        return x.Length > 2 && y.Length > 2 && x[..2] != y[..2] && x[^2..] == y[^2..];
    }

    private static string[] Words(string name) => name.Split([' ', '\u3000', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);

    private static string Fold(string name) =>
        string.Concat(name.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
}

using System.Text;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Core.Imports.MemberList;

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

using System.Text;

namespace KenkoPortal.Core.Sharing;

/// <summary>
/// An institution as a claim names it, or the prescriber of a pharmacy's claim. Two claims may name one institution by different keys: a pharmacy leaves columns blank, a
/// hospital bills 医科 and 歯科 apart, and a clinic that changes its owner gets another code. What may be the same counts as the same, for it serves to hide.
/// </summary>
/// <param name="Key">都道府県, 点数表 and 医療機関コード: ten digits. Null where the claim has no code.</param>
/// <param name="Name">名称 as written; null or empty where the claim has none.</param>
public sealed record InstitutionIdentity(string? Key, string? Name)
{
    /// <summary>In a key: 都道府県 was blank. It fits every prefecture.</summary>
    public const string UnknownPrefecture = "00";

    /// <summary>In a key: 点数表 was blank.</summary>
    public const string UnknownPointTable = "0";

    private const int CodeAt = 3;

    /// <summary>A shorter name, at the end of another, tells nothing.</summary>
    private const int LeastName = 3;

    private string Folded { get; } = Fold(Name);

    /// <summary>Neither a code nor a name.</summary>
    public bool IsUnknown => Key is null && Folded.Length == 0;

    /// <summary>Whether both may be one institution. One of which nothing is known may be any.</summary>
    public bool MayBe(InstitutionIdentity other)
    {
        if (IsUnknown || other.IsUnknown)
        {
            return true;
        }

        if (Key is { } one && other.Key is { } two)
        {
            return one.AsSpan(..2) is var first && two.AsSpan(..2) is var second
                && (first.SequenceEqual(second) || first is UnknownPrefecture || second is UnknownPrefecture)
                && (one.AsSpan(CodeAt).SequenceEqual(two.AsSpan(CodeAt))
                    || (Folded.Length > 0 && Folded == other.Folded) || IsIncorporated(Folded, other.Folded) || IsIncorporated(other.Folded, Folded));
        }

        // One has no code: 医療法人 and the like may stand before the name.
        return Folded.Length == 0 || other.Folded.Length == 0 || Folded == other.Folded
            || (Folded.Length >= LeastName && other.Folded.EndsWith(Folded, StringComparison.Ordinal))
            || (other.Folded.Length >= LeastName && Folded.EndsWith(other.Folded, StringComparison.Ordinal));
    }

    /// <summary>
    /// The hidden among these and, of the others, each that may be one of them under another code or name. A clinic that changes its name first and its code later is
    /// known by what stands between.
    /// </summary>
    public static IReadOnlyList<InstitutionIdentity> Under(IEnumerable<InstitutionIdentity> hidden, IEnumerable<InstitutionIdentity> seen)
    {
        List<InstitutionIdentity> known = [.. hidden];
        if (known.Count == 0)
        {
            return known;
        }

        var others = seen.Distinct().ToList();
        for (var at = 0; at < known.Count; at++)
        {
            known.AddRange(others.FindAll(known[at].MayBe));
            others.RemoveAll(known[at].MayBe);
        }

        return known;
    }

    /// <summary>Whether the longer name is the shorter one after the name of a 医療法人: a clinic that becomes one gets another code too.</summary>
    private static bool IsIncorporated(string longer, string shorter) =>
        shorter.Length >= LeastName && longer.Length > shorter.Length && longer.EndsWith(shorter, StringComparison.Ordinal)
        && longer.AsSpan(..^shorter.Length) is var before && (before.Contains("法人", StringComparison.Ordinal) || before[0] == '医' || before[^1] == '会');

    /// <summary>Letters and digits alone, full and half width, capitals, hiragana and katakana alike.</summary>
    private static string Fold(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "";
        }

        var folded = new StringBuilder(name.Length);
        foreach (var letter in name.Normalize(NormalizationForm.FormKC).ToUpperInvariant())
        {
            if (char.IsLetterOrDigit(letter) || char.IsSurrogate(letter))
            {
                folded.Append(letter is >= 'ぁ' and <= 'ゖ' ? (char)(letter + ('ァ' - 'ぁ')) : letter);
            }
        }

        return folded.ToString();
    }
}

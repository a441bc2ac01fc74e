using System.Globalization;
using System.Text;

namespace KenkoPortal.Core.Accounts;

/// <summary>Why a nickname was refused.</summary>
public enum NicknameFault
{
    None,
    Empty,
    TooLong,
    Characters,
}

/// <summary>
/// ニックネーム: shown in place of the real name. At most 20 visible characters (grapheme clusters), none of them a control,
/// bidirectional or zero-width one (row N4).
/// </summary>
public static class Nickname
{
    public const int Longest = 20;

    /// <summary>No cluster of an honest name has more code units than this.</summary>
    private const int LongestInUnits = Longest * 8;

    public static NicknameFault TryParse(string? typed, out string nickname)
    {
        nickname = "";
        var value = (typed ?? "").Trim();
        if (value.Length == 0)
        {
            return NicknameFault.Empty;
        }

        if (value.Length > LongestInUnits)
        {
            return NicknameFault.TooLong;
        }

        if (value.EnumerateRunes().Any(IsForbidden) || !IsWellFormed(value))
        {
            return NicknameFault.Characters;
        }

        value = value.Normalize(NormalizationForm.FormC);
        if (new StringInfo(value).LengthInTextElements > Longest)
        {
            return NicknameFault.TooLong;
        }

        nickname = value;
        return NicknameFault.None;
    }

    private static bool IsWellFormed(string value) => !value.EnumerateRunes().Contains(Rune.ReplacementChar);

    private static bool IsForbidden(Rune rune) => rune.Value switch
    {
        >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF => false, // variation selectors: names need them
        0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 => true, // letters that show nothing
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned,
    };
}

using System.Globalization;
using System.Text;
using KenkoPortal.Core.Common;

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

        if (PlainText.FirstFault(value, out _) != TextFault.None)
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
}

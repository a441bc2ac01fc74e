using System.Globalization;
using System.Text;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>
/// The 薬価 is for what the 規格 ends with (５ｍｇ１錠, １０ｍＬ), a claim counts in the 単位 of the 医薬品マスター (錠, ｍＬ). For most drugs both are one; a
/// syrup priced per 10 mL is claimed in mL.
/// </summary>
public static class PriceUnit
{
    /// <summary>How many units of the claim the price is for; null if the 規格 does not end with a number of them.</summary>
    public static decimal? In(string specification, string unit)
    {
        var (whole, end) = (specification.Normalize(NormalizationForm.FormKC).Trim(), unit.Normalize(NormalizationForm.FormKC).Trim());
        if (end.Length == 0 || !whole.EndsWith(end, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = whole.AsSpan(0, whole.Length - end.Length).TrimEnd();
        var start = rest.Length;
        while (start > 0 && (char.IsAsciiDigit(rest[start - 1]) || rest[start - 1] is '.' or ','))
        {
            start--;
        }

        return decimal.TryParse(rest[start..], NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
    }
}

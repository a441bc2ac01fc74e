using System.Text.RegularExpressions;

namespace KenkoPortal.Claims;

/// <summary>
/// The files of a delivery folder (<c>請求年月/保険者番号/0_COMMON001/</c>): <c>11_RECODEINFO_MED.CSV</c>, <c>12_…_DPC</c>, <c>13_…_DEN</c>,
/// <c>14_…_PHA</c>, <c>15_…_NUR</c>, and institutions' own files (<c>RECEIPT….UKE</c>). Others are no claims.
/// </summary>
/// <param name="Claims">The files with claims, in the order of their paths.</param>
/// <param name="Ignored">The files that are left out for their names, in the same order.</param>
public sealed partial record ClaimDelivery(IReadOnlyList<string> Claims, IReadOnlyList<string> Ignored)
{
    /// <summary>Looks through a folder and the folders in it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ClaimDelivery Find(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToLookup(file => IsClaimFile(Path.GetFileName(file)));
        return new ClaimDelivery([.. files[true]], [.. files[false]]);
    }

    /// <summary>Whether a file of that name has claims in it. What is really in it only its records tell.</summary>
    public static bool IsClaimFile(string name) => ClaimName().IsMatch(name);

    [GeneratedRegex(@"^(\d{2}_RECODEINFO_(MED|DPC|DEN|PHA|NUR)\.CSV|.+\.UKE)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClaimName();
}

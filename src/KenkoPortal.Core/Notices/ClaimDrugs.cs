using System.Globalization;
using System.Text;
using KenkoPortal.Claims;

namespace KenkoPortal.Core.Notices;

/// <summary>The drugs of a claim as one text: <c>620000001 3 28;620000002 1.5 14</c>. Invariant culture; quantity as claimed.</summary>
public static class ClaimDrugs
{
    public static string Write(IReadOnlyList<ClaimDrug> drugs)
    {
        if (drugs.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder(drugs.Count * 16);
        foreach (var drug in drugs)
        {
            text.Append(text.Length > 0 ? ";" : "").Append(CultureInfo.InvariantCulture, $"{drug.Code} {drug.Quantity} {drug.Times}");
        }

        return text.ToString();
    }

    /// <exception cref="FormatException">It is no text of <see cref="Write"/>.</exception>
    public static IEnumerable<(string Code, decimal Quantity, int Times)> Read(string text)
    {
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = part.Split(' ');
            yield return fields.Length == 3
                ? (fields[0], decimal.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture))
                : throw new FormatException($"'{part.Length}' characters are no drug.");
        }
    }
}

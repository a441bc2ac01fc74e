using System.Globalization;
using System.Text;
using KenkoPortal.Claims;

namespace KenkoPortal.Core.ReceivedClaims;

/// <summary>The drugs of a claim as one text: <c>620000001 3 28;620000002 1.5 14</c>. Invariant culture; quantity as claimed.</summary>
public static class ClaimDrugs
{
    private const char Between = ';';

    public static string Write(IReadOnlyList<ClaimDrug> drugs)
    {
        if (drugs.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder(drugs.Count * 16);
        foreach (var drug in drugs)
        {
            if (text.Length > 0)
            {
                text.Append(Between);
            }

            text.Append(CultureInfo.InvariantCulture, $"{drug.Code} {drug.Quantity} {drug.Times}");
        }

        return text.ToString();
    }

    /// <exception cref="FormatException">It is no text of <see cref="Write"/>.</exception>
    public static IEnumerable<(string Code, decimal Quantity, int Times)> Read(string text)
    {
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = text.IndexOf(Between, start);
            end = end < 0 ? text.Length : end;
            yield return ReadOne(text.AsSpan(start, end - start));
        }
    }

    private static (string Code, decimal Quantity, int Times) ReadOne(ReadOnlySpan<char> part)
    {
        Span<Range> fields = stackalloc Range[4];
        return part.Split(fields, ' ') == 3
            ? (part[fields[0]].ToString(), decimal.Parse(part[fields[1]], CultureInfo.InvariantCulture), int.Parse(part[fields[2]], CultureInfo.InvariantCulture))
            : throw new FormatException($"'{part.Length}' characters are no drug.");
    }
}

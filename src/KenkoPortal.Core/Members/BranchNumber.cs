using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>
/// 枝番: two digits that tell the people of one card apart, printed on cards since 2021. A missing one is unknown, not 00. A spreadsheet
/// turns 01 into 1; one digit is therefore read as the two that it can only have been.
/// </summary>
public sealed record BranchNumber
{
    private static readonly BranchNumber[] All =
        [.. Enumerable.Range(0, 100).Select(n => new BranchNumber(n.ToString("00", CultureInfo.InvariantCulture)))];

    private BranchNumber(string value) => Value = value;

    /// <summary>Two half-width digits.</summary>
    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out BranchNumber? branch)
    {
        branch = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 20 || !PlainText.IsPlain(text))
        {
            return false;
        }

        var digits = text.Normalize(NormalizationForm.FormKC).AsSpan().Trim();
        if (digits.Length is not (1 or 2) || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        branch = All[int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)];
        return true;
    }

    public override string ToString() => Value;
}

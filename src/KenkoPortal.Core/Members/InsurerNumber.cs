using System.Diagnostics.CodeAnalysis;
using System.Text;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>
/// 保険者番号: 法別番号 (2 digits), 都道府県番号 (2), the insurer's own number (3) and a check digit, as the ministry's 保険者番号等の設定について (昭和51年保発第45号・
/// 庁保発第34号) lays down. Whether the prefecture exists is not judged.
/// </summary>
public sealed record InsurerNumber
{
    private InsurerNumber(string value) => Value = value;

    /// <summary>Eight half-width digits.</summary>
    public string Value { get; }

    /// <summary>Eight digits, half or full width, blanks around them allowed, with a right check digit.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out InsurerNumber? number)
    {
        number = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 40 || !PlainText.IsPlain(text))
        {
            return false;
        }

        var digits = text.Normalize(NormalizationForm.FormKC).Trim();
        if (digits.Length != 8 || digits.AsSpan().ContainsAnyExceptInRange('0', '9') || digits[7] - '0' != CheckDigit(digits.AsSpan(0, 7)))
        {
            return false;
        }

        number = new InsurerNumber(digits);
        return true;
    }

    /// <summary>
    /// The check digit of seven digits: from the right weights 2, 1, 2, …, the digits of the products summed, and what is missing to the
    /// next ten.
    /// </summary>
    public static int CheckDigit(ReadOnlySpan<char> sevenDigits)
    {
        var sum = 0;
        for (var i = 0; i < sevenDigits.Length; i++)
        {
            var product = (sevenDigits[^(i + 1)] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += (product / 10) + (product % 10);
        }

        return (10 - (sum % 10)) % 10;
    }

    public override string ToString() => Value;
}

using System.Globalization;
using KenkoPortal.Core.Accounts;

namespace KenkoPortal.Core.Letters;

/// <summary>
/// 仮ログインID: 8 digits, the last a check digit over the first seven and the society, so that a typing slip is told apart from a
/// wrong ID without a look-up.
/// </summary>
public sealed class ProvisionalId
{
    private ProvisionalId(string value) => Value = value;

    public string Value { get; }

    /// <summary>Whether something has the form of a 仮ログインID: 8 digits after folding. No member's own ID has.</summary>
    public static bool HasForm(string? typed) => Digits(typed) is not null;

    /// <summary>Null when what was typed is no 8 digits, or when the check digit shows a slip.</summary>
    public static ProvisionalId? TryParse(string? typed, string insurerNumber) =>
        Digits(typed) is { } digits && digits[7] == CheckDigit(digits.AsSpan(0, 7), insurerNumber) ? new ProvisionalId(digits) : null;

    /// <summary>The ID of a serial from 0 to 9,999,999.</summary>
    public static ProvisionalId FromSerial(int serial, string insurerNumber)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(serial);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(serial, 9_999_999);
        var digits = serial.ToString("D7", CultureInfo.InvariantCulture);
        return new ProvisionalId(digits + CheckDigit(digits, insurerNumber));
    }

    /// <summary>
    /// Weights 7 3 9 1 from the right over 保険者番号 and the seven digits, sum modulo 10. All four are prime to 10, so that every
    /// single wrong digit changes the sum; neighbours differ by weights whose difference catches most swaps.
    /// </summary>
    private static char CheckDigit(ReadOnlySpan<char> seven, string insurerNumber)
    {
        ReadOnlySpan<int> weights = [7, 3, 9, 1];
        var sum = 0;
        for (var i = 0; i < seven.Length; i++)
        {
            sum += (seven[i] - '0') * weights[(seven.Length - 1 - i) % 4];
        }

        foreach (var (index, digit) in insurerNumber.Where(char.IsAsciiDigit).Index())
        {
            sum += (digit - '0') * weights[index % 4];
        }

        return (char)('0' + (sum % 10));
    }

    private static string? Digits(string? typed)
    {
        var folded = LoginId.Fold(typed).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return folded.Length == 8 && folded.All(char.IsAsciiDigit) ? folded : null;
    }
}

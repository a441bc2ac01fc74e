using System.Globalization;
using System.Text.RegularExpressions;

namespace KenkoPortal.Core.Letters;

/// <summary>How words and numbers are written in letters.</summary>
internal static partial class LetterWords
{
    private static readonly CultureInfo Era = EraCulture();

    public static string Format(string format, params ReadOnlySpan<object?> arguments) =>
        string.Format(CultureInfo.InvariantCulture, format, arguments);

    /// <summary>
    /// Spaces out runs of eight and more digits, also full width ones: on the sheet such a run is a 仮ログインID and nothing else.
    /// </summary>
    public static string Clean(string text) => LongNumber().Replace(text, match =>
    {
        var digits = match.Value;
        var first = ((digits.Length - 1) % 4) + 1;
        return digits[..first] + string.Concat(digits[first..].Chunk(4).Select(group => " " + new string(group)));
    });

    /// <summary>A postal code with its mark and hyphen: 〒123-4567. Another form is left as it is.</summary>
    public static string PostalCode(string code) =>
        Format(LetterText.PostalMark, code.Length == 7 && code.All(char.IsAsciiDigit) ? $"{code[..3]}-{code[3..]}" : Clean(code));

    /// <summary>A date as 2026年（令和8年）11月22日.</summary>
    public static string Date(DateOnly date)
    {
        var (era, year) = EraOf(date);
        return Format(LetterText.Date, date.Year, era, year, date.Month, date.Day);
    }

    /// <summary>The era of a date and the year in it: 令和 and 8; the first year is 元.</summary>
    public static (string Era, string Year) EraOf(DateOnly date)
    {
        var day = date.ToDateTime(TimeOnly.MinValue);
        var calendar = Era.DateTimeFormat.Calendar;
        var year = calendar.GetYear(day);
        return (Era.DateTimeFormat.GetEraName(calendar.GetEra(day)), year == 1 ? LetterText.FirstYear : Format("{0}", year));
    }

    private static CultureInfo EraCulture()
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("ja-JP").Clone();
        culture.DateTimeFormat.Calendar = new JapaneseCalendar();
        return CultureInfo.ReadOnly(culture);
    }

    [GeneratedRegex(@"\d{8,}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LongNumber();
}

using System.Globalization;
using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>Why a text is no date.</summary>
public enum JapaneseDateFault
{
    /// <summary>It is a date.</summary>
    None,

    /// <summary>None of the known forms.</summary>
    Unreadable,

    /// <summary>A known form, but the calendar has no such day.</summary>
    NoSuchDay,

    /// <summary>The day exists, but in another era: 昭和64年1月8日 was 平成元年1月8日.</summary>
    OtherEra,

    /// <summary>Before 1873-01-01 (明治6年), until when months were lunar and a date cannot be converted by counting.</summary>
    TooEarly,
}

/// <summary>
/// Dates as Japanese files write them: <c>YYYYMMDD</c>, <c>YYYY-MM-DD</c>, <c>YYYY/MM/DD</c>, <c>YYYY.MM.DD</c>, <c>YYYY年M月D日</c>, and with the
/// era <c>S60.4.1</c> (also / and -), <c>S600401</c>, <c>昭和60年4月1日</c>, <c>昭60.4.1</c>, <c>令和元年5月1日</c>, <c>㍼60年4月1日</c>; full width, lower
/// case and inner blanks are folded. Nothing is guessed: two-digit years without an era are no date.
/// </summary>
/// <remarks>
/// Eras begin on the day that their edict or ordinance names and end on the day before the next: 大正 1912-07-30, 昭和 1926-12-25, 平成
/// 1989-01-08 (昭和64年政令第1号), 令和 2019-05-01 (平成31年政令第143号). Japan counts by the Gregorian calendar since 明治6年1月1日 (太政官布告第337号).
/// </remarks>
public static class JapaneseDate
{
    /// <summary>The first day that the Gregorian calendar held in Japan.</summary>
    public static readonly DateOnly Earliest = new(1873, 1, 1);

    // The first year of 明治 began before the Gregorian calendar; only its number is needed to count from.
    private static readonly Era[] Eras =
    [
        new("明治", '明', 'M', 1868, Earliest),
        new("大正", '大', 'T', 1912, new DateOnly(1912, 7, 30)),
        new("昭和", '昭', 'S', 1926, new DateOnly(1926, 12, 25)),
        new("平成", '平', 'H', 1989, new DateOnly(1989, 1, 8)),
        new("令和", '令', 'R', 2019, new DateOnly(2019, 5, 1)),
    ];

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse(string? text, out DateOnly date) => Parse(text, out date) == JapaneseDateFault.None;

    /// <summary>Reads a date in any of the forms; <paramref name="date"/> counts only when the answer is <see cref="JapaneseDateFault.None"/>.</summary>
    public static JapaneseDateFault Parse(string? text, out DateOnly date)
    {
        date = default;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 40)
        {
            return JapaneseDateFault.Unreadable;
        }

        if (text.Length == 8 && Digits(text, out var compact))
        {
            return Judge(compact / 10000, compact / 100 % 100, compact % 100, out date);
        }

        if (!TryFold(text, out var folded))
        {
            return JapaneseDateFault.Unreadable;
        }

        var rest = folded.AsSpan();
        if (TryTakeEra(ref rest, out var era))
        {
            return ParseInEra(era, rest, out date);
        }

        if (rest.Length == 8 && Digits(rest, out compact))
        {
            return Judge(compact / 10000, compact / 100 % 100, compact % 100, out date);
        }

        return TryTakeParts(rest, minYearDigits: 4, maxYearDigits: 4, out var year, out var month, out var day)
            ? Judge(year, month, day, out date)
            : JapaneseDateFault.Unreadable;
    }

    /// <summary>The date by its era, as forms write it: <c>令和8年4月1日</c>, <c>令和元年5月1日</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The date is before <see cref="Earliest"/>.</exception>
    public static string InEra(DateOnly date)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(date, Earliest);
        var era = Eras.Last(e => e.FirstDay <= date);
        var year = date.Year - era.FirstYear + 1;
        var number = year == 1 ? "元" : year.ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{era.Name}{number}年{date.Month}月{date.Day}日");
    }

    private static JapaneseDateFault ParseInEra(int index, ReadOnlySpan<char> rest, out DateOnly date)
    {
        date = default;
        int year, month, day;
        if (rest.Length == 6 && Digits(rest, out var compact))
        {
            (year, month, day) = (compact / 10000, compact / 100 % 100, compact % 100);
        }
        else if (!TryTakeParts(rest, minYearDigits: 1, maxYearDigits: 2, out year, out month, out day))
        {
            return JapaneseDateFault.Unreadable;
        }

        if (year == 0)
        {
            return JapaneseDateFault.NoSuchDay;
        }

        var fault = Judge(Eras[index].FirstYear + year - 1, month, day, out date);
        if (fault != JapaneseDateFault.None)
        {
            return fault;
        }

        var belongs = date >= Eras[index].FirstDay && (index == Eras.Length - 1 || date < Eras[index + 1].FirstDay);
        return belongs ? JapaneseDateFault.None : JapaneseDateFault.OtherEra;
    }

    private static JapaneseDateFault Judge(int year, int month, int day, out DateOnly date)
    {
        date = default;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return JapaneseDateFault.NoSuchDay;
        }

        date = new DateOnly(year, month, day);
        return date < Earliest ? JapaneseDateFault.TooEarly : JapaneseDateFault.None;
    }

    private static bool TryFold(string text, out string folded)
    {
        folded = string.Empty;
        if (PlainText.FirstFault(text, out _) != TextFault.None)
        {
            return false;
        }

        var builder = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
        {
            if (!char.IsWhiteSpace(c))
            {
                builder.Append(PlainText.FoldHyphen(c));
            }
        }

        folded = builder.ToString();
        return true;
    }

    private static bool TryTakeEra(ref ReadOnlySpan<char> rest, out int index)
    {
        for (index = 0; index < Eras.Length; index++)
        {
            var era = Eras[index];
            var length = rest.StartsWith(era.Name, StringComparison.Ordinal) ? 2
                : rest.Length > 0 && (rest[0] == era.Kanji || char.ToUpperInvariant(rest[0]) == era.Letter) ? 1
                : 0;
            if (length > 0)
            {
                rest = rest[length..];
                return true;
            }
        }

        return false;
    }

    /// <summary>Year, month and day with one kind of separator; all of the text must be used.</summary>
    private static bool TryTakeParts(
        ReadOnlySpan<char> rest, int minYearDigits, int maxYearDigits, out int year, out int month, out int day)
    {
        month = day = 0;
        if (rest.Length > 0 && rest[0] == '元' && minYearDigits == 1)
        {
            year = 1;
            rest = rest[1..];
        }
        else if (!TryTakeNumber(ref rest, minYearDigits, maxYearDigits, out year))
        {
            return false;
        }

        if (rest.Length == 0 || rest[0] is not ('-' or '/' or '.' or '年'))
        {
            return false;
        }

        var inWords = rest[0] == '年';
        var separator = inWords ? '月' : rest[0];
        rest = rest[1..];
        if (!TryTakeNumber(ref rest, 1, 2, out month) || rest.Length == 0 || rest[0] != separator)
        {
            return false;
        }

        rest = rest[1..];
        return TryTakeNumber(ref rest, 1, 2, out day) && (inWords ? rest is "日" : rest.Length == 0);
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> rest, int minDigits, int maxDigits, out int number)
    {
        number = 0;
        var length = 0;
        while (length < rest.Length && char.IsAsciiDigit(rest[length]))
        {
            if (length == maxDigits)
            {
                return false;
            }

            number = (number * 10) + rest[length++] - '0';
        }

        rest = rest[length..];
        return length >= minDigits;
    }

    private static bool Digits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            number = (number * 10) + c - '0';
        }

        return true;
    }

    /// <param name="Name">Both characters.</param>
    /// <param name="Kanji">The first of them, used alone on forms.</param>
    /// <param name="Letter">The Latin initial.</param>
    /// <param name="FirstYear">The western year of its year 1.</param>
    /// <param name="FirstDay">The first day that is written with it.</param>
    private sealed record Era(string Name, char Kanji, char Letter, int FirstYear, DateOnly FirstDay);
}

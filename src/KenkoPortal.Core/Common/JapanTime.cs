using System.Globalization;

namespace KenkoPortal.Core.Common;

/// <summary>Dates and clock times as members read them: in Tokyo, whatever zone the machine is in.</summary>
public static class JapanTime
{
    /// <summary>Of Tokyo from UTC.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(9);

    /// <summary>The calendar date in Tokyo. Japan has had no summer time since 1951, so the offset is fixed.</summary>
    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);

    /// <summary>A date as pages write it: <c>2026年4月1日</c>.</summary>
    public static string Date(DateTimeOffset instant) => Date(DateOf(instant));

    /// <inheritdoc cref="Date(DateTimeOffset)"/>
    public static string Date(DateOnly date) => date.ToString("yyyy'年'M'月'd'日'", CultureInfo.InvariantCulture);

    /// <summary>A date without its year: <c>4月1日</c>.</summary>
    public static string MonthAndDay(DateOnly date) => date.ToString("M'月'd'日'", CultureInfo.InvariantCulture);

    /// <summary>A moment as pages write it: <c>4月1日 9時05分</c>.</summary>
    public static string Clock(DateTimeOffset instant) =>
        instant.ToOffset(Offset).ToString("M'月'd'日' H'時'mm'分'", CultureInfo.InvariantCulture);

    /// <summary>A moment with its year: <c>2026年4月1日 9時05分</c>.</summary>
    public static string DateAndClock(DateTimeOffset instant) =>
        instant.ToOffset(Offset).ToString("yyyy'年'M'月'd'日' H'時'mm'分'", CultureInfo.InvariantCulture);
}

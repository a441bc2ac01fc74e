using System.Globalization;

namespace KenkoPortal.Demo;

/// <summary>A month: of treatment (診療年月), or of billing (請求年月), which is the one after it.</summary>
public readonly record struct DemoMonth : IComparable<DemoMonth>
{
    private readonly int _months;

    private DemoMonth(int months) => _months = months;

    /// <param name="year">Western year.</param>
    /// <param name="month">1 to 12.</param>
    public DemoMonth(int year, int month)
        : this((year * 12) + month - 1)
    {
    }

    public int Year => _months / 12;

    /// <summary>1 to 12.</summary>
    public int Number => (_months % 12) + 1;

    public DateOnly FirstDay => new(Year, Number, 1);

    public DateOnly LastDay => FirstDay.AddMonths(1).AddDays(-1);

    public static DemoMonth Of(DateOnly day) => new(day.Year, day.Month);

    /// <param name="text"><c>YYYY-MM</c>.</param>
    /// <param name="month">The month.</param>
    public static bool TryParse(string text, out DemoMonth month)
    {
        var isDate = DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        month = isDate ? Of(day) : default;
        return isDate && day.Year >= 2000;
    }

    public DemoMonth Add(int months) => new(_months + months);

    public static int operator -(DemoMonth left, DemoMonth right) => left._months - right._months;

    public static bool operator <(DemoMonth left, DemoMonth right) => left._months < right._months;

    public static bool operator >(DemoMonth left, DemoMonth right) => left._months > right._months;

    public static bool operator <=(DemoMonth left, DemoMonth right) => left._months <= right._months;

    public static bool operator >=(DemoMonth left, DemoMonth right) => left._months >= right._months;

    public int CompareTo(DemoMonth other) => _months.CompareTo(other._months);

    /// <summary><c>YYYYMM</c>, as files and folders write it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:D4}{Number:D2}");
}

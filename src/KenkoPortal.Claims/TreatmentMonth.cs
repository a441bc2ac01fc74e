using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KenkoPortal.Claims;

/// <summary>診療年月: the calendar month of treatment. Ordered by time; <see cref="ToString"/> gives <c>YYYY-MM</c>.</summary>
public readonly record struct TreatmentMonth : IComparable<TreatmentMonth>
{
    /// <param name="year">The western year, 1 to 9999.</param>
    /// <param name="month">1 to 12.</param>
    /// <exception cref="ArgumentOutOfRangeException">The calendar has no such month.</exception>
    public TreatmentMonth(int year, int month) => FirstDay = new DateOnly(year, month, 1);

    /// <summary>The first day of the month.</summary>
    public DateOnly FirstDay { get; }

    /// <summary>The western year.</summary>
    public int Year => FirstDay.Year;

    /// <summary>1 to 12.</summary>
    public int Month => FirstDay.Month;

    /// <summary>The month of a day.</summary>
    public static TreatmentMonth Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>Reads <c>YYYY-MM</c>, half-width digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TreatmentMonth month)
    {
        var isMonth = DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first);
        month = isMonth ? Of(first) : default;
        return isMonth;
    }

    /// <summary>So many months later; earlier, where it is negative.</summary>
    public TreatmentMonth AddMonths(int months) => Of(FirstDay.AddMonths(months));

    /// <inheritdoc/>
    public int CompareTo(TreatmentMonth other) => FirstDay.CompareTo(other.FirstDay);

    /// <summary>Earlier.</summary>
    public static bool operator <(TreatmentMonth left, TreatmentMonth right) => left.FirstDay < right.FirstDay;

    /// <summary>Later.</summary>
    public static bool operator >(TreatmentMonth left, TreatmentMonth right) => left.FirstDay > right.FirstDay;

    /// <summary>Not later.</summary>
    public static bool operator <=(TreatmentMonth left, TreatmentMonth right) => left.FirstDay <= right.FirstDay;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(TreatmentMonth left, TreatmentMonth right) => left.FirstDay >= right.FirstDay;

    /// <summary><c>YYYY-MM</c>.</summary>
    public override string ToString() => FirstDay.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}

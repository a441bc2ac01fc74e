using KenkoPortal.Claims;

namespace KenkoPortal.Core.Publication;

/// <summary>A month whose notices are published, or will be on a day that is fixed.</summary>
/// <param name="PublicationId">The computation that members see.</param>
/// <param name="Month">診療年月.</param>
/// <param name="PublishOn">The first day (Tokyo) on which members see it.</param>
public sealed record ReadableMonth(Guid PublicationId, TreatmentMonth Month, DateOnly PublishOn);

/// <summary>Why a month of a year is not in its notice.</summary>
public enum MissingReason
{
    /// <summary>Its day is still to come.</summary>
    Coming,

    /// <summary>Its day has passed; it comes on the day of a later month.</summary>
    Late,

    /// <summary>It lies before the first month that this portal holds.</summary>
    NotKept,
}

/// <summary>A month of a year that is not in its notice.</summary>
/// <param name="Month">診療年月.</param>
/// <param name="Reason">Why.</param>
/// <param name="On">The day on which it is expected; null for a month that is not kept.</param>
public sealed record MissingMonth(TreatmentMonth Month, MissingReason Reason, DateOnly? On);

/// <summary>
/// Which months a member can read on a day, and when the next one comes. A claim reaches the insurer about two months after the treatment,
/// so a month is published on the society's day of the second month after it; a publication that is
/// already fixed for a later day names that day.
/// </summary>
public sealed class NoticeCalendar
{
    /// <summary>Months from the treatment to its notice.</summary>
    public const int MonthsUntilNotice = 2;

    private readonly Dictionary<TreatmentMonth, DateOnly> _fixed;
    private readonly DateOnly _today;
    private readonly int _noticeDay;

    /// <param name="published">Months in the state Published, visible already or on a later day.</param>
    /// <param name="today">In Tokyo.</param>
    /// <param name="noticeDay">The day of the month on which notices are published; the last day of a month that has no such day.</param>
    public NoticeCalendar(IEnumerable<ReadableMonth> published, DateOnly today, int noticeDay)
    {
        (_today, _noticeDay) = (today, noticeDay);
        var all = published.ToList();
        Months = [.. all.Where(p => p.PublishOn <= today).GroupBy(p => p.Month).Select(g => g.MaxBy(p => p.PublishOn)!).OrderByDescending(p => p.Month)];
        _fixed = all.Where(p => p.PublishOn > today && Find(p.Month) is null).GroupBy(p => p.Month).ToDictionary(g => g.Key, g => g.Min(p => p.PublishOn));
    }

    /// <summary>The months that can be read, newest first.</summary>
    public IReadOnlyList<ReadableMonth> Months { get; }

    public ReadableMonth? Newest => Months.Count > 0 ? Months[0] : null;

    /// <summary>The years that have a month, newest first.</summary>
    public IEnumerable<int> Years => Months.Select(p => p.Month.Year).Distinct();

    public ReadableMonth? Find(TreatmentMonth month) => Months.FirstOrDefault(p => p.Month == month);

    /// <summary>The next older month that can be read.</summary>
    public ReadableMonth? Before(TreatmentMonth month) => Months.FirstOrDefault(p => p.Month < month);

    /// <summary>The next newer month that can be read.</summary>
    public ReadableMonth? After(TreatmentMonth month) => Months.LastOrDefault(p => p.Month > month);

    /// <summary>The months of a year that can be read, oldest first.</summary>
    public IReadOnlyList<ReadableMonth> Covered(int year) => [.. Months.Where(p => p.Month.Year == year).Reverse()];

    /// <summary>The months of a year that cannot be read, oldest first.</summary>
    public IReadOnlyList<MissingMonth> Missing(int year) =>
    [
        .. from number in Enumerable.Range(1, 12)
           let month = new TreatmentMonth(year, number)
           where Find(month) is null
           select Months.Count > 0 && month < Months[^1].Month
               ? new MissingMonth(month, MissingReason.NotKept, null)
               : ExpectedOn(month) is var day && day > _today
                   ? new MissingMonth(month, MissingReason.Coming, day)
                   : new MissingMonth(month, MissingReason.Late, StillAhead(month)),
    ];

    /// <summary>The next month to come and its day: today at the earliest, where its day passed already the same day of the next month.</summary>
    public (TreatmentMonth Month, DateOnly On) Next()
    {
        if (_fixed.Count > 0)
        {
            var first = _fixed.MinBy(f => f.Value);
            return (first.Key, first.Value);
        }

        var month = Months.Count > 0 ? Months[0].Month.AddMonths(1) : TreatmentMonth.Of(_today).AddMonths(-MonthsUntilNotice);
        return (month, StillAhead(month));
    }

    /// <summary>The day on which a month's notice is expected.</summary>
    public DateOnly ExpectedOn(TreatmentMonth month) => _fixed.TryGetValue(month, out var day) ? day : UsualDay(month, _noticeDay);

    /// <summary>A month's day, or where that has passed the same day of the first later month that it has not.</summary>
    private DateOnly StillAhead(TreatmentMonth month)
    {
        var day = ExpectedOn(month);
        for (var later = 1; day < _today; later++)
        {
            day = ExpectedOn(month.AddMonths(later));
        }

        return day;
    }

    /// <summary>The society's usual day for a month's notice.</summary>
    public static DateOnly UsualDay(TreatmentMonth month, int noticeDay)
    {
        var first = month.AddMonths(MonthsUntilNotice).FirstDay;
        return first.AddDays(Math.Min(noticeDay, DateTime.DaysInMonth(first.Year, first.Month)) - 1);
    }
}

using KenkoPortal.Claims;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Publication;

/// <summary>Says which months a yearly notice covers, which are not in yet, and when they will be.</summary>
public static class NoticeCover
{
    /// <summary>The months that the year covers: <c>2026年1月〜9月</c>.</summary>
    public static string MonthsOf(IEnumerable<ReadableMonth> months) => Join(months.Select(m => m.Month));

    /// <summary>The months before the first one that the portal holds; null where there are none. They never come.</summary>
    public static string? NotKept(NoticeCalendar calendar, int year) =>
        calendar.Missing(year).Where(m => m.Reason == MissingReason.NotKept).Select(m => m.Month).ToList() is { Count: > 0 } months ? Join(months) : null;

    /// <summary>One sentence a line.</summary>
    public static IReadOnlyList<string> Of(NoticeCalendar calendar, int year)
    {
        var lines = new List<string> { NoticeText.Covered.With(Join(calendar.Covered(year).Select(m => m.Month))) };
        foreach (var group in calendar.Missing(year).GroupBy(m => (m.Reason, m.On)))
        {
            var months = Join(group.Select(m => m.Month));
            lines.Add(group.Key.Reason switch
            {
                MissingReason.Coming => NoticeText.Coming.With(months, JapanTime.Date(group.Key.On!.Value)),
                MissingReason.Late => NoticeText.Late.With(months, JapanTime.Date(group.Key.On!.Value)),
                _ => NoticeText.NotKept.With(months),
            });
        }

        return lines;
    }

    /// <summary>Months of one year, runs drawn together: <c>2026年1月〜4月、2026年6月</c>.</summary>
    private static string Join(IEnumerable<TreatmentMonth> months)
    {
        var runs = new List<(TreatmentMonth First, TreatmentMonth Last)>();
        foreach (var month in months)
        {
            if (runs.Count > 0 && runs[^1].Last.Month + 1 == month.Month)
            {
                runs[^1] = (runs[^1].First, month);
            }
            else
            {
                runs.Add((month, month));
            }
        }

        return string.Join(NoticeText.MonthSeparator, runs.Select(r =>
            r.First == r.Last ? NoticeWords.Of(r.First) : NoticeText.MonthsFromTo.With(NoticeWords.Of(r.First), r.Last.Month)));
    }
}

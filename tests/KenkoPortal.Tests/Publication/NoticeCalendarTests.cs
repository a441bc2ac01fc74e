using KenkoPortal.Claims;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Societies;

namespace KenkoPortal.Tests.Publication;

/// <summary>Which months can be read on a day, and when the next one comes.</summary>
public sealed class NoticeCalendarTests
{
    private static readonly DateOnly Today = new(2026, 10, 5);

    [Fact]
    public void A_month_comes_on_the_societys_day_of_the_second_month_after_it()
    {
        var calendar = Of("2026-05", "2026-06", "2026-07");
        Assert.Equal((new TreatmentMonth(2026, 8), new DateOnly(2026, 10, 20)), calendar.Next());
        Assert.Equal(new DateOnly(2027, 2, 20), calendar.ExpectedOn(new TreatmentMonth(2026, 12)));
        Assert.Equal(new DateOnly(2027, 2, 28), new NoticeCalendar([], Today, noticeDay: 31).ExpectedOn(new TreatmentMonth(2026, 12)));
    }

    [Fact]
    public void A_late_month_is_expected_on_the_next_such_day_and_the_first_one_in_time()
    {
        Assert.Equal((new TreatmentMonth(2026, 6), new DateOnly(2026, 10, 20)), Of("2026-04", "2026-05").Next());
        Assert.Equal((new TreatmentMonth(2026, 8), new DateOnly(2026, 10, 20)), Of().Next());
    }

    [Fact]
    public void A_publication_for_a_later_day_cannot_be_read_yet_and_names_its_day()
    {
        var calendar = new NoticeCalendar([Published("2026-07"), Published("2026-08") with { PublishOn = new DateOnly(2026, 10, 9) }], Today, 20);
        Assert.Null(calendar.Find(new TreatmentMonth(2026, 8)));
        Assert.Equal((new TreatmentMonth(2026, 8), new DateOnly(2026, 10, 9)), calendar.Next());
        Assert.Contains(calendar.Missing(2026), m => m.Month.Month == 8 && m.On == new DateOnly(2026, 10, 9));
    }

    [Fact]
    public void A_year_says_what_it_covers_what_is_to_come_what_is_late_and_what_was_never_here()
    {
        var calendar = Of("2026-03", "2026-04", "2026-06");
        Assert.Equal(
            [
                "対象：2026年3月〜4月、2026年6月診療分",
                "2026年1月〜2月診療分は、このポータルには掲載していません。",
                "2026年5月、2026年7月診療分は、準備中です。2026年10月20日ごろに掲載する予定です。",
                "2026年8月診療分は、2026年10月20日ごろに掲載する予定です。",
                "2026年9月診療分は、2026年11月20日ごろに掲載する予定です。",
                "2026年10月診療分は、2026年12月20日ごろに掲載する予定です。",
                "2026年11月診療分は、2027年1月20日ごろに掲載する予定です。",
                "2026年12月診療分は、2027年2月20日ごろに掲載する予定です。",
            ],
            NoticeCover.Of(calendar, 2026));
    }

    [Fact]
    public void Months_lie_in_order_with_a_way_to_the_one_before_and_after()
    {
        var calendar = Of("2025-12", "2026-03", "2026-04");
        Assert.Equal([2026, 2025], calendar.Years);
        Assert.Equal(new TreatmentMonth(2025, 12), calendar.Before(new TreatmentMonth(2026, 3))!.Month);
        Assert.Equal(new TreatmentMonth(2026, 4), calendar.After(new TreatmentMonth(2026, 3))!.Month);
        Assert.Null(calendar.Before(new TreatmentMonth(2025, 12)));
        Assert.Null(calendar.After(new TreatmentMonth(2026, 4)));
        Assert.Equal(new TreatmentMonth(2021, 1), Society.OldestMonth(Today, years: 5));
    }

    private static NoticeCalendar Of(params string[] months) => new(months.Select(Published), Today, noticeDay: 20);

    private static ReadableMonth Published(string month) => new(Guid.CreateVersion7(), MonthOf(month), MonthOf(month).FirstDay.AddMonths(2).AddDays(19));

    private static TreatmentMonth MonthOf(string month) => new(int.Parse(month.AsSpan(0, 4), provider: null), int.Parse(month.AsSpan(5), provider: null));
}

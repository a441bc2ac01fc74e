using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

public sealed class JapaneseDateTests
{
    [Theory]
    [InlineData("19850401")]
    [InlineData("1985-04-01")]
    [InlineData("1985/04/01")]
    [InlineData("1985/4/1")]
    [InlineData("1985.4.1")]
    [InlineData("1985年4月1日")]
    [InlineData("S60.4.1")]
    [InlineData("s60.04.01")]
    [InlineData("S60/4/1")]
    [InlineData("S600401")]
    [InlineData("昭和60年4月1日")]
    [InlineData("昭和６０年　４月　１日")]
    [InlineData("昭60.4.1")]
    [InlineData("㍼60年4月1日")]
    [InlineData("１９８５０４０１")]
    [InlineData("１９８５／０４／０１")]
    [InlineData("Ｓ６０．４．１")]
    [InlineData(" 1985-04-01 ")]
    public void Every_form_of_a_date_is_read(string text)
    {
        Assert.True(JapaneseDate.TryParse(text, out var date));
        Assert.Equal(new DateOnly(1985, 4, 1), date);
    }

    [Theory]
    [InlineData("M6.1.1", "1873-01-01")]
    [InlineData("明治45年7月29日", "1912-07-29")]
    [InlineData("大正元年7月30日", "1912-07-30")]
    [InlineData("T15.12.24", "1926-12-24")]
    [InlineData("昭和1年12月25日", "1926-12-25")]
    [InlineData("S64.1.7", "1989-01-07")]
    [InlineData("H1.1.8", "1989-01-08")]
    [InlineData("平成31年4月30日", "2019-04-30")]
    [InlineData("令和元年5月1日", "2019-05-01")]
    [InlineData("R1.5.1", "2019-05-01")]
    [InlineData("R元.5.1", "2019-05-01")]
    public void An_era_begins_and_ends_on_its_own_day(string text, string expected)
    {
        Assert.True(JapaneseDate.TryParse(text, out var date));
        Assert.Equal(expected, date.ToString("yyyy-MM-dd", null));
    }

    [Theory]
    [InlineData("明治45年7月30日")]
    [InlineData("T1.7.29")]
    [InlineData("大正15年12月25日")]
    [InlineData("昭和1年12月24日")]
    [InlineData("昭和64年1月8日")]
    [InlineData("H1.1.7")]
    [InlineData("平成31年5月1日")]
    [InlineData("R1.4.30")]
    public void A_day_outside_its_era_is_no_date(string text) =>
        Assert.Equal(JapaneseDateFault.OtherEra, JapaneseDate.Parse(text, out _));

    [Theory]
    [InlineData("20260229")]
    [InlineData("2026-02-30")]
    [InlineData("2026/13/01")]
    [InlineData("2026/00/10")]
    [InlineData("20260100")]
    [InlineData("S60.4.31")]
    [InlineData("S00.4.1")]
    [InlineData("99999999")]
    [InlineData("00000000")]
    public void A_day_that_no_calendar_has_is_refused(string text) =>
        Assert.Equal(JapaneseDateFault.NoSuchDay, JapaneseDate.Parse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("85-04-01")]
    [InlineData("60.4.1")]
    [InlineData("1985-04/01")]
    [InlineData("1985年4月1")]
    [InlineData("1985-4")]
    [InlineData("198541")]
    [InlineData("3600401")]
    [InlineData("X60.4.1")]
    [InlineData("昭和六十年四月一日")]
    [InlineData("2026-04-01T00:00:00")]
    [InlineData("1985-04-011")]
    [InlineData("\u202E1985-04-01")]
    public void Nothing_is_guessed(string text) => Assert.Equal(JapaneseDateFault.Unreadable, JapaneseDate.Parse(text, out _));

    [Theory]
    [InlineData("18721231")]
    [InlineData("M5.12.2")]
    public void Dates_of_the_lunar_calendar_are_not_converted(string text) =>
        Assert.Equal(JapaneseDateFault.TooEarly, JapaneseDate.Parse(text, out _));

    [Fact]
    public void Every_day_since_1873_reads_back_from_each_of_its_forms() => Prop.ForAll(
        Gen.Choose(JapaneseDate.Earliest.DayNumber, new DateOnly(2100, 12, 31).DayNumber).ToArbitrary(),
        dayNumber =>
        {
            var day = DateOnly.FromDayNumber(dayNumber);
            string[] forms = [$"{day:yyyyMMdd}", $"{day:yyyy-MM-dd}", $"{day:yyyy/M/d}", $"{day:yyyy年M月d日}", JapaneseDate.InEra(day)];
            return forms.All(form => JapaneseDate.TryParse(form, out var read) && read == day);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_makes_it_throw() => Prop.ForAll<string?>(text => JapaneseDate.TryParse(text, out var date) == (date >= JapaneseDate.Earliest)).QuickCheckThrowOnFailure();
}

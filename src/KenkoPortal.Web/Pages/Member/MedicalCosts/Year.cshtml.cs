using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Notices;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Web.Pages.Member.Notices;
using KenkoPortal.Web.TagHelpers;

namespace KenkoPortal.Web.Pages.Member.MedicalCosts;

/// <summary>医療費通知 of a year: the sums of its months as a picture and a table, what it covers, and the files for the tax return.</summary>
public sealed class YearModel(NoticeReading reading) : NoticeYearPage(reading, NoticeKind.MedicalCost)
{
    /// <summary>The months that it covers, oldest first.</summary>
    public IReadOnlyList<MonthSum> Months { get; private set; } = [];

    public IReadOnlyList<MissingMonth> Missing { get; private set; } = [];

    public CostSum Sum { get; private set; }

    /// <summary>The month in which the most was paid.</summary>
    public MonthSum Most => Months.MaxBy(m => m.Sum.PaidYen)!;

    /// <summary>When the last month of the year is expected; null once all is there.</summary>
    public DateOnly? CompleteOn => Missing.Any(m => m.Reason != MissingReason.NotKept) ? Calendar.ExpectedOn(new TreatmentMonth(Year, 12)) : null;

    protected override async Task ReadAsync(IReadOnlyList<ReadableMonth> covered)
    {
        var rows = await Reading.CostsAsync(Shelf, People, MonthRange.Year(Year), Aborted);
        Sum = CostSum.Of(rows);
        var byMonth = rows.ToLookup(r => r.Month);
        Months = [.. covered.Select(m => SumOf(m.Month, byMonth[m.Month]))];
        Missing = Calendar.Missing(Year);
    }

    /// <summary>The picture's rows: twelve months.</summary>
    public IReadOnlyList<ChartRow> ChartRows() =>
    [
        .. from number in Enumerable.Range(1, 12)
           let month = Months.FirstOrDefault(m => m.Month.Month == number)
           let label = NoticePageText.MonthNumber.With(number)
           select month is not null
               ? new ChartRow(label, month.PaidOf, NoticeWords.Yen(month.Sum.PaidYen))
               : new ChartRow(label, [], WordsOf(Missing.Single(m => m.Month.Month == number))),
    ];

    /// <summary>The picture in words.</summary>
    public string ChartWords() => MedicalCostText.ChartDescription.With(
        string.Concat(Months.Select(m => MedicalCostText.ChartPart.With(m.Month.Month, NoticeWords.Yen(m.Sum.PaidYen)))));

    private static string WordsOf(MissingMonth missing) => missing.Reason switch
    {
        MissingReason.Coming => MedicalCostText.ChartComing.With(JapanTime.MonthAndDay(missing.On!.Value)),
        MissingReason.Late => MedicalCostText.ChartLate,
        _ => MedicalCostText.ChartNotKept,
    };

    private MonthSum SumOf(TreatmentMonth month, IEnumerable<MedicalCostRow> rows)
    {
        var byPerson = rows.ToLookup(r => r.PersonId);
        return new MonthSum(month, CostSum.Of(byPerson.SelectMany(r => r)), [.. People.Select(p => CostSum.Of(byPerson[p.PersonId]).PaidYen)]);
    }
}

/// <summary>A month's sums.</summary>
/// <param name="Month">診療年月.</param>
/// <param name="Sum">Of all whom the page is about.</param>
/// <param name="PaidOf">What each of them paid, in their order.</param>
public sealed record MonthSum(TreatmentMonth Month, CostSum Sum, IReadOnlyList<long> PaidOf);

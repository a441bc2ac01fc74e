using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.MedicalCosts.Tax;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Members.Web.Pages.Member.Notices;

namespace KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

/// <summary>医療費通知 of a year: the sums of its months as a picture and a table, what it covers, and the files for the tax return.</summary>
public sealed class YearModel(NoticeReading reading, PortalContext db) : NoticeYearPage(reading, NoticeKind.MedicalCost)
{
    /// <summary>With fewer months than this, "the month with the most" says little about the year.</summary>
    private const int LeastMonthsToCompare = 6;

    /// <summary>The months that can be read, oldest first.</summary>
    public IReadOnlyList<ReadableMonth> Covered { get; private set; } = [];

    /// <summary>Their sums, in the same order.</summary>
    public IReadOnlyList<MonthSum> Months { get; private set; } = [];

    public IReadOnlyList<MissingMonth> Missing { get; private set; } = [];

    public CostSum Sum { get; private set; }

    /// <summary>The sum of each of the people, in their order.</summary>
    public IReadOnlyList<CostSum> SumOf { get; private set; } = [];

    /// <summary>The month in which the most was paid; null where there is no such month, few months are in, or what is unknown may make another the one.</summary>
    public MonthSum? Most => Months.Count >= LeastMonthsToCompare
        ? Months.FirstOrDefault(m => m.Sum.PaidYen > 0 && Months.All(other => other == m || other.Sum.MostPaidYen < m.Sum.PaidYen))
        : null;

    /// <summary>When the last month of the year is expected; null once all is there.</summary>
    public DateOnly? CompleteOn => Missing.Any(m => m.Reason != MissingReason.NotKept) ? Calendar.ExpectedOn(new TreatmentMonth(Year, 12)) : null;

    /// <summary>The months that the portal never held; null where there are none.</summary>
    public string? NotKept => NoticeCover.NotKept(Calendar, Year);

    /// <summary>What the society says about the print beside a tax return.</summary>
    public string TaxNote => TaxWords.NoteOf(db.Current.Society);

    protected override async Task ReadAsync(IReadOnlyList<ReadableMonth> covered)
    {
        Covered = covered;
        var rows = await Reading.CostsAsync(Shelf, People, MonthRange.Year(Year), Aborted);
        Sum = CostSum.Of(rows);
        var byMonth = rows.ToLookup(r => r.Month);
        Months = [.. covered.Select(m => new MonthSum(m.Month, CostSum.Of(byMonth[m.Month]), SumsOf(byMonth[m.Month])))];
        SumOf = SumsOf(rows);
        Missing = Calendar.Missing(Year);
    }

    /// <summary>The picture's rows: twelve months; what is unknown is drawn as its upper bound.</summary>
    public IReadOnlyList<ChartRow> ChartRows() =>
    [
        .. from number in Enumerable.Range(1, 12)
           let month = Months.FirstOrDefault(m => m.Month.Month == number)
           let label = NoticePageText.MonthNumber.With(number)
           select month is not null
               ? new ChartRow(label, [.. month.Of.Select(s => s.MostPaidYen)], CostWords.Paid(month.Sum))
               : new ChartRow(label, [], WordsOf(Missing.Single(m => m.Month.Month == number))),
    ];

    /// <summary>The picture in words.</summary>
    public string ChartWords() => MedicalCostText.ChartDescription.With(
        string.Concat(Months.Select(m => MedicalCostText.ChartPart.With(m.Month.Month, CostWords.Paid(m.Sum)))));

    private static string WordsOf(MissingMonth missing) => missing.Reason switch
    {
        MissingReason.Coming => MedicalCostText.ChartComing.With(JapanTime.MonthAndDay(missing.On!.Value)),
        MissingReason.Late => MedicalCostText.ChartLate,
        _ => MedicalCostText.ChartNotKept,
    };

    private List<CostSum> SumsOf(IEnumerable<MedicalCostRow> rows)
    {
        var byPerson = rows.ToLookup(r => r.PersonId);
        return [.. People.Select(p => CostSum.Of(byPerson[p.PersonId]))];
    }
}

/// <summary>A month's sums.</summary>
/// <param name="Month">診療年月.</param>
/// <param name="Sum">Of all whom the page is about.</param>
/// <param name="Of">Of each of them, in their order.</param>
public sealed record MonthSum(TreatmentMonth Month, CostSum Sum, IReadOnlyList<CostSum> Of);

using KenkoPortal.Claims;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Members.Web.Pages.Member.Notices;

namespace KenkoPortal.Members.Web.Pages.Member.GenericDrugs;

/// <summary>ジェネリック通知 of a year: the sums of its months.</summary>
public sealed class YearModel(NoticeReading reading) : NoticeYearPage(reading, NoticeKind.GenericDrug)
{
    /// <summary>The months that it covers, oldest first.</summary>
    public IReadOnlyList<(TreatmentMonth Month, SavingSum Sum)> Months { get; private set; } = [];

    public SavingSum Sum { get; private set; }

    protected override async Task ReadAsync(IReadOnlyList<ReadableMonth> covered)
    {
        var rows = await Reading.DrugsAsync(Shelf, People, MonthRange.Year(Year), Aborted);
        Sum = SavingSum.Of(rows);
        var byMonth = rows.ToLookup(r => r.Month);
        Months = [.. covered.Select(m => (m.Month, SavingSum.Of(byMonth[m.Month])))];
    }
}

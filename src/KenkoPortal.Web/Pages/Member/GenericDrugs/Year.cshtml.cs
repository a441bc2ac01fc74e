using KenkoPortal.Claims;
using KenkoPortal.Core.Notices;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Web.Pages.Member.Notices;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Web.Pages.Member.GenericDrugs;

/// <summary>ジェネリック通知 of a year: the sums of its months.</summary>
public sealed class YearModel(NoticeReading reading) : NoticePage(reading, NoticeKind.GenericDrug)
{
    public int Year { get; private set; }

    /// <summary>The months that it covers, oldest first.</summary>
    public IReadOnlyList<(TreatmentMonth Month, SavingSum Sum)> Months { get; private set; } = [];

    public SavingSum Sum { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        Year = NoticePeriods.Year(Part("year"))!.Value;
        if (!await OpenAsync(MonthRange.Year(Year)) || Calendar.Covered(Year) is not { Count: > 0 } covered)
        {
            return NotFound();
        }

        var rows = await Reading.DrugsAsync(Shelf, People, MonthRange.Year(Year), Aborted);
        Sum = SavingSum.Of(rows);
        var byMonth = rows.ToLookup(r => r.Month);
        Months = [.. covered.Select(m => (m.Month, SavingSum.Of(byMonth[m.Month])))];
        await Reading.SeeAsync(Shelf, People, covered, Aborted);
        return Page();
    }
}

using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.Notices;

/// <summary>The notices of a year that has a month which can be read.</summary>
public abstract class NoticeYearPage(NoticeReading reading, NoticeKind kind) : NoticePage(reading, kind)
{
    public int Year { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        Year = NoticePeriods.Year(Part("year"))!.Value;
        if (!await OpenAsync() || Calendar.Covered(Year) is not { Count: > 0 } covered)
        {
            return NotFound();
        }

        await ReadAsync(covered);
        await Reading.SeeAsync(Shelf, People, covered, Aborted);
        return Page();
    }

    /// <summary>Reads what the page shows.</summary>
    /// <param name="covered">The months of the year, oldest first.</param>
    protected abstract Task ReadAsync(IReadOnlyList<ReadableMonth> covered);
}

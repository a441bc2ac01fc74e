using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.Notices;

/// <summary>The notices of a month, the newest where the address names none.</summary>
public abstract class NoticeMonthPage(NoticeReading reading, NoticeKind kind) : NoticePage(reading, kind)
{
    /// <summary>Null where nothing is published yet.</summary>
    public ReadableMonth? Shown { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        var asked = NoticePeriods.Month(Part("month"));
        if (!await OpenAsync())
        {
            return NotFound();
        }

        Shown = asked is { } given ? Calendar.Find(given) : Calendar.Newest;
        if (Shown is null)
        {
            return asked is null ? Page() : NotFound();
        }

        await ReadAsync(MonthRange.Of(Shown.Month));
        await Reading.SeeAsync(Shelf, People, [Shown], Aborted);
        return Page();
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task ReadAsync(MonthRange month);
}

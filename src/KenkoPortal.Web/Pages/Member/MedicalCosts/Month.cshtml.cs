using KenkoPortal.Core.Notices;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Web.Pages.Member.Notices;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Web.Pages.Member.MedicalCosts;

/// <summary>医療費通知 of a month, the newest where the address names none.</summary>
public sealed class MonthModel(NoticeReading reading) : NoticePage(reading, NoticeKind.MedicalCost)
{
    /// <summary>Null where nothing is published yet.</summary>
    public ReadableMonth? Shown { get; private set; }

    public IReadOnlyList<MedicalCostRow> Rows { get; private set; } = [];

    public CostSum Sum { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        var asked = NoticePeriods.Month(Part("month"));
        if (!await OpenAsync(asked is { } month ? MonthRange.Of(month) : null))
        {
            return NotFound();
        }

        Shown = asked is { } given ? Calendar.Find(given) : Calendar.Newest;
        if (Shown is null)
        {
            return asked is null ? Page() : NotFound();
        }

        Rows = await Reading.CostsAsync(Shelf, People, MonthRange.Of(Shown.Month), Aborted);
        Sum = CostSum.Of(Rows);
        await Reading.SeeAsync(Shelf, People, [Shown], Aborted);
        return Page();
    }

    /// <summary>Whether the owner may keep the line from the household, and has anybody to keep it from.</summary>
    public bool MayHide(MedicalCostRow row) => Shelf.Subjects.HasHousehold && OwnerOf(row).IsOwn;

    public Subject OwnerOf(MedicalCostRow row) => People.Single(p => p.PersonId == row.PersonId);
}

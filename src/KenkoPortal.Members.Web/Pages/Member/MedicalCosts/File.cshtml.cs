using KenkoPortal.Core.Data;
using KenkoPortal.Core.MedicalCosts.Tax;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Members.Web.Limits;
using KenkoPortal.Members.Web.Pages.Member.Notices;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

/// <summary>The year's files for a tax return: <c>/medical-costs/2026.pdf</c>, <c>2026.csv</c>, <c>2026-form.tsv</c>, of another <c>/medical-costs/2026/PERSON.pdf</c> ….</summary>
public sealed class FileModel(NoticeReading reading, TaxPrint print, PortalContext db, Downloads downloads, TimeProvider clock) : NoticePage(reading, NoticeKind.MedicalCost)
{
    public async Task<IActionResult> OnGetAsync()
    {
        var name = NoticeFileName.Parse(Part("file"))!;
        var year = NoticePeriods.Year(Part("year") ?? name.Stem);
        var person = Part("year") is null ? null : name.PersonId;
        if (year is not { } asked || (Part("year") is not null && person is null))
        {
            return NotFound();
        }

        if (!await OpenAsync(person) || Calendar.Covered(asked) is not { Count: > 0 } covered)
        {
            return NotFound();
        }

        if (!downloads.TryBegin(HttpContext))
        {
            return StatusCode(StatusCodes.Status429TooManyRequests);
        }

        var rows = await Reading.CostsAsync(Shelf, People, MonthRange.Year(asked), Aborted);
        var pack = TaxPack.Of(Shelf, People, rows, asked);
        var (bytes, type) = name.Ending switch
        {
            NoticeFileName.Pdf => (print.Write(pack, db.Current.Society, clock.GetUtcNow()), "application/pdf"),
            NoticeFileName.Csv => (TaxCsv.Write(pack), "text/csv; charset=utf-8"),
            _ => (TaxForm.Write(pack), "text/tab-separated-values; charset=utf-8"),
        };
        await Reading.TakeAsync(Shelf, People, covered, $"file={name.Ending[1..]} year={asked}", Aborted);
        return File(bytes, type, $"medical-costs-{asked}{name.Ending}");
    }
}

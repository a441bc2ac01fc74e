using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.MedicalCosts.Tax;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Members.Web.MemberSessions;
using KenkoPortal.Members.Web.Pages.Member.Notices;
using KenkoPortal.Members.Web.Pages.Member.Profile;
using Microsoft.AspNetCore.Mvc;

namespace KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

/// <summary>
/// 「マイナポータル形式のCSV」: says that the file holds 記号・番号, asks for the current password, and hands the file out.
/// </summary>
public sealed class NationalModel(NoticeReading reading, NationalFiles files, CurrentPassword passwords, PortalCookies cookies)
    : NoticePage(reading, NoticeKind.MedicalCost)
{
    [BindProperty]
    public string? CurrentPassword { get; set; }

    public int Year { get; private set; }

    public CostSum Sum { get; private set; }

    private IReadOnlyList<ReadableMonth> Covered { get; set; } = [];

    private IReadOnlyList<MedicalCostRow> Rows { get; set; } = [];

    public async Task<IActionResult> OnGetAsync() => await ReadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await ReadAsync())
        {
            return NotFound();
        }

        if (string.IsNullOrEmpty(CurrentPassword))
        {
            Refuse(nameof(CurrentPassword), ProfileText.CurrentPasswordEmpty);
            return Page();
        }

        switch (await passwords.RefuseAsync(HttpContext.Member(), CurrentPassword, Aborted))
        {
            case null:
                break;
            case ProfileResult.SessionEnded:
                cookies.DropSession(Response);
                cookies.SetLoginReason(Response, LoginReason.WrongPasswords, Address.Of(Year));
                return SeeOther(PageRoutes.Login);
            default:
                Refuse(nameof(CurrentPassword), ProfileText.WrongPassword);
                return Page();
        }

        // Hashing takes its time: what was shared before it may be closed now.
        if (!await ReadAsync())
        {
            return NotFound();
        }

        var file = await files.WriteAsync(People, Rows, Covered, Aborted);
        await Reading.TakeAsync(Shelf, People, Covered, $"file=national year={Year}", Aborted);
        return File(file.Content, file.ContentType, file.Name);
    }

    private async Task<bool> ReadAsync()
    {
        Year = NoticePeriods.Year(Part("year"))!.Value;
        if (!await OpenAsync() || Calendar.Covered(Year) is not { Count: > 0 } covered)
        {
            return false;
        }

        Covered = covered;
        Rows = await Reading.CostsAsync(Shelf, People, MonthRange.Year(Year), Aborted);
        Sum = CostSum.Of(Rows);
        return true;
    }
}

using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Members.Web.Pages.Member.Notices;

namespace KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

/// <summary>医療費通知 of a month, the newest where the address names none.</summary>
public sealed class MonthModel(NoticeReading reading) : NoticeMonthPage(reading, NoticeKind.MedicalCost)
{
    public IReadOnlyList<MedicalCostRow> Rows { get; private set; } = [];

    public CostSum Sum { get; private set; }

    protected override async Task ReadAsync(MonthRange month)
    {
        Rows = await Reading.CostsAsync(Shelf, People, month, Aborted);
        Sum = CostSum.Of(Rows);
    }

    /// <summary>Whether the owner may keep the line from the household, and has anybody to keep it from.</summary>
    public bool MayHide(MedicalCostRow row) => Shelf.Subjects.HasHousehold && OwnerOf(row).IsOwn;

    /// <summary>Lines of the page may be kept from somebody.</summary>
    public bool HasOwn => Shelf.Subjects.HasHousehold && People.Any(p => p.IsOwn);

    /// <summary>The household sees none of the viewer's own lines on the page, whatever is hidden.</summary>
    public bool IsClosed => HasOwn && People.All(p => !p.IsSelf || !p.Shares) && People.Any(p => p.IsSelf);

    public Subject OwnerOf(MedicalCostRow row) => People.Single(p => p.PersonId == row.PersonId);
}

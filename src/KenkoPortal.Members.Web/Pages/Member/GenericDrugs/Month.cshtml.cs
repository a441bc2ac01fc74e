using KenkoPortal.Core.Common;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Members.Web.Pages.Member.Notices;

namespace KenkoPortal.Members.Web.Pages.Member.GenericDrugs;

/// <summary>ジェネリック通知 of a month, the newest where the address names none.</summary>
public sealed class MonthModel(NoticeReading reading) : NoticeMonthPage(reading, NoticeKind.GenericDrug)
{
    public IReadOnlyList<GenericDrugRow> Rows { get; private set; } = [];

    public SavingSum Sum { get; private set; }

    protected override async Task ReadAsync(MonthRange month)
    {
        Rows = await Reading.DrugsAsync(Shelf, People, month, Aborted);
        Sum = SavingSum.Of(Rows);
    }

    public string NicknameOf(GenericDrugRow row) => People.Single(p => p.PersonId == row.PersonId).Nickname;
}

/// <summary>Savings as members read them: a range, and about.</summary>
public static class SavingWords
{
    /// <summary><c>約1,200円〜2,400円</c>, or <c>約1,200円</c> where both ends are the same.</summary>
    public static string Range(long least, long most) => least == most
        ? GenericDrugText.About.With(NoticeWords.Yen(most))
        : GenericDrugText.AboutRange.With(NoticeWords.Yen(Math.Max(0, least)), NoticeWords.Yen(most));
}

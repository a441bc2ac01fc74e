using KenkoPortal.Core.Common;
using KenkoPortal.Core.Publication;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

namespace KenkoPortal.Members.Web.Pages.Member.Notices;

/// <summary>What was paid, in words: an amount that is unknown (公費) is told as an upper bound, and never looks like nothing.</summary>
public static class CostWords
{
    /// <summary>支払った医療費の額: <c>1,200円</c>, or <c>最大1,200円</c> where a line is unknown.</summary>
    public static string Paid(CostSum sum) => sum.Unknown == 0 ? NoticeWords.Yen(sum.PaidYen) : AtMost(sum.MostPaidYen);

    /// <summary>窓口相当負担額 of lines.</summary>
    public static string Patient(CostSum sum) => sum.UnknownPatient == 0 ? NoticeWords.Yen(sum.PatientYen) : AtMost(sum.MostPatientYen);

    /// <summary>窓口相当負担額 of a line.</summary>
    public static string Patient(MedicalCostRow row) => row.Amounts.PatientYen is { } known ? NoticeWords.Yen(known) : AtMost(row.Amounts.UpperBoundYen);

    /// <summary>食事・生活療養標準負担額 of a line.</summary>
    public static string Meal(MedicalCostRow row) => row.Amounts.IsMealUnknown ? AtMost(row.Amounts.MostMealYen)
        : row.Amounts.MealShareYen is { } known ? NoticeWords.Yen(known)
        : MedicalCostText.None;

    /// <summary>A part of the total; <c>一部不明</c> where a line does not tell it, for such a sum tells nothing.</summary>
    /// <param name="sum">Of how many lines.</param>
    /// <param name="unknown">How many of them do not tell it.</param>
    /// <param name="yen">What the others come to.</param>
    public static string Part(CostSum sum, int unknown, long yen) => unknown == 0 ? NoticeWords.Yen(yen)
        : unknown == sum.Lines ? MedicalCostText.Unknown
        : MedicalCostText.PartlyUnknown;

    private static string AtMost(long yen) => yen > 0 ? MedicalCostText.AtMost.With(NoticeWords.Yen(yen)) : MedicalCostText.Unknown;
}

using System.Runtime.InteropServices;
using KenkoPortal.Claims;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Core.Publication;

/// <summary>A line of a 医療費通知 as the viewer sees it.</summary>
public sealed record MedicalCostRow(
    Guid PublicationId, Guid ClaimId, Guid PersonId, TreatmentMonth Month, CareKind Care, string InstitutionName, int Days, ClaimAmounts Amounts);

/// <summary>What lines come to. What is unknown is in no sum but those of upper bounds.</summary>
/// <param name="Lines">How many.</param>
/// <param name="Unknown">Of them, those of which it is unknown what was paid.</param>
/// <param name="TotalYen">医療費の総額.</param>
/// <param name="InsurerYen">保険者の負担額.</param>
/// <param name="PublicFundsYen">その他の公費の負担額.</param>
/// <param name="PatientYen">窓口相当負担額.</param>
/// <param name="MealShareYen">食事・生活療養標準負担額.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CostSum(int Lines, int Unknown, long TotalYen, long InsurerYen, long PublicFundsYen, long PatientYen, long MealShareYen)
{
    /// <summary>支払った医療費の額 of the lines of which it is known.</summary>
    public long PaidYen { get; init; }

    /// <summary>支払った医療費の額 at most: with the upper bounds of those that are unknown.</summary>
    public long MostPaidYen { get; init; }

    /// <summary>窓口相当負担額 at most.</summary>
    public long MostPatientYen { get; init; }

    /// <summary>Lines whose 窓口相当負担額 is unknown.</summary>
    public int UnknownPatient { get; init; }

    /// <summary>Lines whose 食事・生活療養標準負担額 is unknown.</summary>
    public int UnknownMeals { get; init; }

    /// <summary>Lines whose 保険者の負担額 is unknown.</summary>
    public int UnknownInsurer { get; init; }

    /// <summary>Lines whose その他の公費の負担額 is unknown.</summary>
    public int UnknownPublicFunds { get; init; }

    public static CostSum Of(IEnumerable<MedicalCostRow> rows)
    {
        var sum = default(CostSum);
        foreach (var amounts in rows.Select(row => row.Amounts))
        {
            sum = new CostSum(
                sum.Lines + 1,
                sum.Unknown + (amounts.IsUnknown ? 1 : 0),
                sum.TotalYen + amounts.TotalYen,
                sum.InsurerYen + (amounts.InsurerYen ?? 0),
                sum.PublicFundsYen + (amounts.PublicFundsYen ?? 0),
                sum.PatientYen + (amounts.PatientYen ?? 0),
                sum.MealShareYen + (amounts.MealShareYen ?? 0))
            {
                PaidYen = sum.PaidYen + (amounts.PaidYen ?? 0),
                MostPaidYen = sum.MostPaidYen + amounts.MostPaidYen,
                MostPatientYen = sum.MostPatientYen + (amounts.PatientYen ?? amounts.UpperBoundYen),
                UnknownPatient = sum.UnknownPatient + (amounts.PatientYen is null ? 1 : 0),
                UnknownMeals = sum.UnknownMeals + (amounts.IsMealUnknown ? 1 : 0),
                UnknownInsurer = sum.UnknownInsurer + (amounts.InsurerYen is null ? 1 : 0),
                UnknownPublicFunds = sum.UnknownPublicFunds + (amounts.PublicFundsYen is null ? 1 : 0),
            };
        }

        return sum;
    }
}

/// <summary>A line of a ジェネリック通知 as the viewer sees it. Amounts in yen, approximate.</summary>
public sealed record GenericDrugRow(
    Guid PublicationId, Guid ClaimId, Guid PersonId, TreatmentMonth Month, string DrugName, decimal Quantity, string Unit, int CostYen,
    int LeastSavingYen, int MostSavingYen, IReadOnlyList<GenericCandidate> Candidates);

/// <summary>What could be saved, approximately, in yen.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SavingSum(int Lines, long CostYen, long LeastYen, long MostYen)
{
    public static SavingSum Of(IEnumerable<GenericDrugRow> rows) => rows.Aggregate(
        default(SavingSum),
        (sum, row) => new SavingSum(sum.Lines + 1, sum.CostYen + row.CostYen, sum.LeastYen + row.LeastSavingYen, sum.MostYen + row.MostSavingYen));
}

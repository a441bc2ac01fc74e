using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Core.MedicalCosts;

/// <summary>A line of a 医療費通知: one claim as it was when the month was computed. Amounts in yen.</summary>
public sealed class MedicalCostLine : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PublicationId { get; init; }

    /// <summary>The claim, by which a line stays the same line through computations (and stays hidden).</summary>
    public required Guid ClaimId { get; init; }

    public required Guid PersonId { get; init; }

    /// <summary>診療年月.</summary>
    public required TreatmentMonth Month { get; init; }

    /// <summary>診療区分.</summary>
    public required CareKind Care { get; init; }

    /// <summary>都道府県, 点数表 and 医療機関コード.</summary>
    public required string InstitutionKey { get; init; }

    /// <summary>医療機関名.</summary>
    public required string InstitutionName { get; init; }

    /// <summary>調剤: whose prescription it was.</summary>
    public string? PrescriberKey { get; init; }

    /// <summary>調剤: the prescriber's name as the pharmacy wrote it.</summary>
    public string? PrescriberName { get; init; }

    /// <summary>調剤: when the prescriptions were issued (<see cref="Sharing.PrescribedMonths"/>).</summary>
    public string? PrescribedMonths { get; init; }

    /// <summary>日数・回数.</summary>
    public required int Days { get; init; }

    /// <summary>医療費の総額.</summary>
    public required int TotalYen { get; init; }

    /// <summary>保険者の負担額; null if unknown.</summary>
    public int? InsurerYen { get; init; }

    /// <summary>その他の公費の負担額; null if unknown.</summary>
    public int? PublicFundsYen { get; init; }

    /// <summary>窓口相当負担額; null if unknown (公費): then <see cref="UpperBoundYen"/> is shown as an upper bound, and no sum holds it.</summary>
    public int? PatientYen { get; init; }

    /// <summary>What the patient pays at most.</summary>
    public required int UpperBoundYen { get; init; }

    /// <summary>食事・生活療養の合計金額; null or 0 without meals.</summary>
    public int? MealTotalYen { get; init; }

    /// <summary>食事・生活療養標準負担額; null without meals, and where the claim does not tell it.</summary>
    public int? MealShareYen { get; init; }

    /// <summary>What was paid is unknown: 公費 leaves the patient's amount open, or the claim does not tell the patient's part of the meals (歯科).</summary>
    public bool IsUnknown => PatientYen is null || IsMealUnknown(MealTotalYen, MealShareYen);

    /// <summary>査定: examined minus billed.</summary>
    public required int CorrectionYen { get; init; }

    /// <summary>公費あり.</summary>
    public required bool HasPublicFunds { get; init; }

    /// <summary>There were meals, and the claim does not tell what the patient paid of them.</summary>
    public static bool IsMealUnknown(int? mealTotalYen, int? mealShareYen) => mealTotalYen > 0 && mealShareYen is null;
}

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

    public required ClaimAmounts Amounts { get; init; }
}

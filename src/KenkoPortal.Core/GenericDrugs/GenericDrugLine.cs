using KenkoPortal.Claims;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>A line of a ジェネリック通知: one drug of one claim, with what could take its place. Amounts in yen, the patient's part, and approximate (約).</summary>
public sealed class GenericDrugLine : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PublicationId { get; init; }

    /// <summary>The claim: where its line is hidden, so is this.</summary>
    public required Guid ClaimId { get; init; }

    public required Guid PersonId { get; init; }

    /// <summary>診療年月.</summary>
    public required TreatmentMonth Month { get; init; }

    /// <summary>医薬品コード, nine digits, as claimed.</summary>
    public required string DrugCode { get; init; }

    /// <summary>薬価基準収載医薬品コード of what was given: claims may have several codes for one product. Null of a line of before this was noted.</summary>
    public string? ProductCode { get; init; }

    /// <summary>Days of supply in this claim; null where they do not count.</summary>
    public int? Days { get; init; }

    /// <summary>Why it is in no notice; null where it is in one.</summary>
    public GenericLineMark? Mark { get; init; }

    /// <summary>現在のお薬.</summary>
    public required string DrugName { get; init; }

    /// <summary>数量 in <see cref="Unit"/>: quantity × times, of all rows of the claim.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>錠, g, mL …; empty if the lists do not tell.</summary>
    public required string Unit { get; init; }

    /// <summary>お薬代 (自己負担相当).</summary>
    public required int CostYen { get; init; }

    /// <summary>軽減できる額 with the dearest candidate.</summary>
    public required int LeastSavingYen { get; init; }

    /// <summary>軽減できる額 with the cheapest candidate.</summary>
    public required int MostSavingYen { get; init; }

    /// <summary>切替後の候補: at most three, cheapest first.</summary>
    public required IReadOnlyList<GenericCandidate> Candidates { get; init; }
}

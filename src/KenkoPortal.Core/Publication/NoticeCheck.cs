using KenkoPortal.Claims;
using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Core.Publication;

/// <summary>Why a claim gets no line although it has its person.</summary>
public enum LineFault
{
    /// <summary>What patient, insurer and public funds pay does not come to the total, or is less than nothing.</summary>
    SumsDiffer,

    /// <summary>The patient pays more than total × rate (and ten yen of rounding), which neither a ceiling nor a reduction nor a public fund explains.</summary>
    ShareUnexplained,

    /// <summary>The patient's part of the meals is more than the meals.</summary>
    MealsDiffer,
}

/// <summary>A claim that is not published, and why.</summary>
public sealed record FaultyClaim(string Number, LineFault Fault);

/// <summary>How lines of this computation stand to those of the version that members see.</summary>
public enum LineDifference
{
    /// <summary>Not in the published version.</summary>
    Added,

    /// <summary>Other values than there.</summary>
    Changed,

    /// <summary>There, and no more.</summary>
    Gone,
}

/// <summary>What a computation came to, for staff to look at before they publish. Claim numbers, ids and counts; no personal value.</summary>
public sealed record NoticeCheck
{
    public required Guid PublicationId { get; init; }
    public required TreatmentMonth Month { get; init; }

    /// <summary>People with a line.</summary>
    public required int People { get; init; }

    public required int MedicalCostLines { get; init; }
    public required int GenericDrugLines { get; init; }

    /// <summary>From when the drug lists hold by which generic drugs were looked for; null: there were none.</summary>
    public DateOnly? DrugListsFrom { get; init; }

    /// <summary>Drug rows of outpatient claims that were looked at.</summary>
    public int DrugRows { get; init; }

    /// <summary>Of <see cref="DrugRows"/>, those whose code the lists link to no price.</summary>
    public int UnlinkedDrugRows { get; init; }

    /// <summary>Claims that found their person in this run, of any month.</summary>
    public required int MatchedNow { get; init; }

    /// <summary>Claims that are left out because they do not add up.</summary>
    public required IReadOnlyList<FaultyClaim> Faulty { get; init; }

    /// <summary>Lines of which it is unknown what was paid: because of 公費, or since the claim does not tell the patient's part of the meals.</summary>
    public required int UnknownShares { get; init; }

    /// <summary>記号-番号-枝番 of people with lines who left the society by now: they read their own, and nobody else does.</summary>
    public required IReadOnlyList<string> Left { get; init; }

    /// <summary>The month's claims that wait, by reason.</summary>
    public required IReadOnlyDictionary<ClaimMatch, int> Waiting { get; init; }

    /// <summary>All claims of the month that were not returned, waiting ones too.</summary>
    public required int Claims { get; init; }

    /// <summary>The median of the claims of the up to six months before; null where there are none.</summary>
    public required int? UsualClaims { get; init; }

    /// <summary>Whether the month has less than half of the usual claims: a delivery may be missing.</summary>
    public bool HasFewClaims => UsualClaims is { } usual && Claims * 2 < usual;

    /// <summary>Whether there is a published version to compare with.</summary>
    public required bool IsReplacement { get; init; }

    /// <summary>By difference to the published version: the numbers of the claims whose line of the 医療費通知 it is.</summary>
    public required IReadOnlyDictionary<LineDifference, IReadOnlyList<string>> MedicalCostDifferences { get; init; }

    /// <summary>By difference to the published version: the numbers of the claims whose lines of the ジェネリック通知 they are.</summary>
    public required IReadOnlyDictionary<LineDifference, IReadOnlyList<string>> GenericDrugDifferences { get; init; }
}

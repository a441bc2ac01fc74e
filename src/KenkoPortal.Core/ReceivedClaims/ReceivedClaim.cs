using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Core.ReceivedClaims;

/// <summary>Whose claim it is, or why it waits.</summary>
public enum ClaimMatch
{
    /// <summary>One person fits.</summary>
    Matched,

    /// <summary>Nobody has such a 記号・番号.</summary>
    NoCard,

    /// <summary>The card exists, but nobody of it fits 枝番, or birth date and sex.</summary>
    NoPerson,

    /// <summary>枝番 fits one whose birth date is another: an error on one side, and nothing is shown on a guess.</summary>
    BirthDateDiffers,

    /// <summary>The person was not a member in the month of treatment.</summary>
    NotMemberThen,

    /// <summary>Several fit (twins without 枝番): staff decide (<see cref="ReceivedClaim.ChosenPersonId"/>).</summary>
    Ambiguous,

    /// <summary>保険者番号 is another society's: of the time when such claims were kept.</summary>
    OtherInsurer,
}

/// <summary>
/// A claim as examined, as the society received it last; what a notice needs of it and no more (no diseases, no treatments). It is found again
/// by <see cref="SourceKey"/>, so that the same delivery changes nothing and a corrected one changes what differs.
/// </summary>
public sealed class ReceivedClaim : ITenantOwned
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }

    /// <summary>What stays the same when the claim comes again: the 17-character key, the レセプト管理番号, or institution, month, number and birth date of a provider's file.</summary>
    public required string SourceKey { get; init; }

    /// <summary>Hash of everything below, by which a change is known.</summary>
    public required long Fingerprint { get; set; }

    public required TreatmentMonth Month { get; set; }
    public required CareKind Care { get; set; }

    /// <summary>Control number or receipt number.</summary>
    public required string Number { get; set; }

    /// <summary>都道府県, 点数表 and 医療機関コード: ten digits.</summary>
    public required string InstitutionKey { get; set; }

    public required string InstitutionName { get; set; }

    /// <summary>調剤: the <see cref="InstitutionKey"/> whose prescription was dispensed.</summary>
    public string? PrescriberKey { get; set; }

    /// <summary>調剤: the prescriber's name as the pharmacy wrote it.</summary>
    public string? PrescriberName { get; set; }

    /// <summary>調剤: when the prescriptions were issued (<see cref="Sharing.PrescribedMonths"/>).</summary>
    public string? PrescribedMonths { get; set; }

    /// <summary>記号 folded for comparison (<see cref="CardSymbol"/>); empty where the claim has none.</summary>
    public required string SymbolKey { get; set; }

    /// <summary>番号 folded for comparison (<see cref="CardNumber"/>); empty where the claim has none.</summary>
    public required string NumberKey { get; set; }

    /// <summary>枝番, two digits; null means unknown.</summary>
    public string? Branch { get; set; }

    public required DateOnly BirthDate { get; set; }
    public required Sex Sex { get; set; }

    /// <summary>氏名 or カナ氏名 folded for comparison.</summary>
    public required string NameKey { get; set; }

    /// <summary>The person, once one fits.</summary>
    public Guid? PersonId { get; set; }

    /// <summary>Whom staff chose of several who fit; it counts as long as that person is one of them.</summary>
    public Guid? ChosenPersonId { get; set; }

    public required ClaimMatch Match { get; set; }

    /// <summary>日数・回数.</summary>
    public required int Days { get; set; }

    public required ClaimAmounts Amounts { get; set; }

    /// <summary>The patient's ordinary rate in percent, for savings.</summary>
    public required int PatientPercent { get; set; }

    /// <summary>Its drugs (<see cref="ClaimDrugs"/>): <c>code quantity times;…</c>. One text, since nothing ever looks for a row of it.</summary>
    public required string Drugs { get; set; }

    /// <summary>When its contents, whose it is or whether it counts changed last: a notice computed before does not know of it.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>請求年月 of the delivery it came with last, by its folder; null where the file lay elsewhere.</summary>
    public TreatmentMonth? DeliveredMonth { get; set; }

    /// <summary>請求年月 by the institution; null where its header leaves it blank.</summary>
    public TreatmentMonth? BilledMonth { get; set; }

    /// <summary>Re-examined (再審査): the original, should it come again, no longer replaces it.</summary>
    public bool IsReExamined { get; set; }

    /// <summary>When it was returned (返戻): it counts no more.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }
}

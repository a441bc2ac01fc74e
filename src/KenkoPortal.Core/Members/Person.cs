using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>An insured person (被保険者) or dependent (被扶養者). Outlives the card: a change of workplace changes 記号, not the person.</summary>
public sealed class Person : ITenantOwned
{
    /// <summary>How long one who left the society still reads their own notices.</summary>
    public const int MonthsAfterLeaving = 24;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid HouseholdId { get; set; }

    /// <summary>氏名 as listed.</summary>
    public required string Name { get; set; }

    /// <summary>氏名カナ as listed; compared through <see cref="KanaKey"/>.</summary>
    public required string Kana { get; set; }

    /// <summary>The kana folded for comparison.</summary>
    public required string KanaKey { get; set; }

    public required Sex Sex { get; set; }
    public required DateOnly BirthDate { get; set; }

    /// <summary>続柄 as listed; 本人 is the insured.</summary>
    public required string Relationship { get; set; }

    public required DateOnly AcquiredOn { get; set; }

    /// <summary>資格喪失年月日: the first day without eligibility.</summary>
    public DateOnly? LostOn { get; set; }

    public string? PostalCode { get; set; }
    public string? Address { get; set; }
    public string? Workplace { get; set; }

    /// <summary>非開示: leaves no trace with the household, whatever the switches say.</summary>
    public bool IsProtected { get; set; }

    /// <summary>Place of first appearance in the members' lists; orders letters.</summary>
    public required int ListOrder { get; init; }

    /// <summary>医療費通知更新メール通知.</summary>
    public bool MedicalCostMail { get; set; } = true;

    /// <summary>ジェネリック通知更新メール通知.</summary>
    public bool GenericDrugMail { get; set; } = true;

    /// <summary>Whether both are listed at the same postal address.</summary>
    public bool LivesWith(Person other) =>
        Address is not null && other.Address is not null && PlainText.Folded(Address) == PlainText.Folded(other.Address);

    public bool IsInsured => Relationship == Members.Relationship.Insured;

    /// <summary>仮ニックネーム of the letter: ご本人, or the relationship itself (妻, 長男 …).</summary>
    public string ProvisionalNickname => Members.Relationship.NicknameOf(Relationship);

    public bool IsMemberOn(DateOnly date) => IsMemberOn(LostOn, date);

    /// <summary>The same of somebody whose <see cref="LostOn"/> alone was read.</summary>
    public static bool IsMemberOn(DateOnly? lostOn, DateOnly date) => lostOn is not { } lost || date < lost;

    /// <summary>May still log in and read their own: members, and those who left less than 24 months ago.</summary>
    public bool MayUsePortalOn(DateOnly date) => MayUsePortalOn(LostOn, date);

    /// <summary>The same of somebody whose <see cref="LostOn"/> alone was read.</summary>
    public static bool MayUsePortalOn(DateOnly? lostOn, DateOnly date) => IsMemberOn(lostOn?.AddMonths(MonthsAfterLeaving), date);

    /// <summary>Age in whole years, reached on the birthday (one born on 29 February: on 1 March in common years).</summary>
    public int AgeOn(DateOnly date) => AgeOn(BirthDate, date);

    /// <inheritdoc cref="AgeOn(DateOnly)"/>
    public static int AgeOn(DateOnly birthDate, DateOnly date)
    {
        var years = date.Year - birthDate.Year;
        var reached = (date.Month, date.Day).CompareTo((birthDate.Month, birthDate.Day)) >= 0;
        return reached ? years : years - 1;
    }
}

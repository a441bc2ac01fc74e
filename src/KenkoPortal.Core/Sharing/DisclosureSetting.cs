using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Sharing;

/// <summary>The two kinds of notice that a person may disclose.</summary>
public enum NoticeKind
{
    /// <summary>医療費通知.</summary>
    MedicalCost,

    /// <summary>ジェネリック通知.</summary>
    GenericDrug,
}

/// <summary>Why a period of 世帯内への公開設定 began.</summary>
public enum DisclosureCause
{
    /// <summary>The person chose it, or the insured for a child.</summary>
    Chosen,

    /// <summary>The person registered, and the society's start value held.</summary>
    StartValue,

    /// <summary>The person told the society that they object to being shown: staff closed it (row Z9).</summary>
    Objection,

    /// <summary>What was open ended: another household, a loss of eligibility, protection, or a change of the account.</summary>
    Ended,
}

/// <summary>
/// One period of a person's 世帯内への公開設定 for one kind. The open period is the current setting, the closed ones are its history.
/// It counts only towards the household for which it was made, so that it ends by itself when the person leaves it.
/// </summary>
public sealed class DisclosureSetting : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }
    public required Guid HouseholdId { get; init; }
    public required NoticeKind Kind { get; init; }
    public required bool IsOpen { get; init; }
    public required DateTimeOffset From { get; init; }
    public DateTimeOffset? Until { get; set; }

    /// <summary>Who set it: the person, or the insured for a child.</summary>
    public required Guid SetByPersonId { get; init; }

    public DisclosureCause Cause { get; init; } = DisclosureCause.Chosen;

    /// <summary>Whether the period says already what is chosen now. A start value does not: who saves the same value has chosen it from then on.</summary>
    /// <param name="isOpen">What is chosen.</param>
    /// <param name="householdId">Where the person is now.</param>
    /// <param name="byPersonId">Who chooses.</param>
    public bool IsChoice(bool isOpen, Guid householdId, Guid byPersonId) =>
        Cause == DisclosureCause.Chosen && (IsOpen, HouseholdId, SetByPersonId) == (isOpen, householdId, byPersonId);

    /// <summary>Ends this period where nobody asked for it (the person left the household, or the account was taken away).</summary>
    /// <param name="now">When.</param>
    /// <param name="householdId">Where the person is now.</param>
    /// <returns>The closed period that follows.</returns>
    public DisclosureSetting CloseAt(DateTimeOffset now, Guid householdId)
    {
        Until = now;
        return new DisclosureSetting
        {
            SocietyId = SocietyId, PersonId = PersonId, HouseholdId = householdId, Kind = Kind, IsOpen = false, From = now, SetByPersonId = PersonId,
            Cause = DisclosureCause.Ended,
        };
    }
}

using KenkoPortal.Claims;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Publication;

/// <summary>Where a month's notices stand.</summary>
public enum PublicationState
{
    /// <summary>Computed; staff look at it.</summary>
    Computed,

    /// <summary>Members see it from <see cref="NoticeVersion.PublishOn"/>.</summary>
    Published,

    /// <summary>A newer one of the month took its place.</summary>
    Superseded,

    /// <summary>Taken back.</summary>
    Withdrawn,
}

/// <summary>
/// One computation of a treatment month's notices, 医療費通知 and ジェネリック通知 together. Its lines are a snapshot: what a later delivery corrects is seen
/// when the month is computed and published again. Computed → Published → Superseded or Withdrawn; at most one of a month is Published, and one Computed.
/// </summary>
public sealed class NoticeVersion : ITenantOwned, IKeptInMemory
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required TreatmentMonth Month { get; init; }
    public required PublicationState State { get; set; }
    public required DateTimeOffset ComputedAt { get; init; }

    /// <summary>The first day (Tokyo) on which members see it.</summary>
    public DateOnly? PublishOn { get; set; }

    /// <summary>When its mails were queued; null while they are not.</summary>
    public DateTimeOffset? MailedAt { get; set; }

    /// <summary>When another took its place or it was taken back.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public required int People { get; init; }
    public required int MedicalCostLines { get; init; }
    public required int GenericDrugLines { get; init; }

    /// <summary>The society's thresholds of ジェネリック通知 when it was computed; null of a version of before this was noted.</summary>
    public int? GenericLeastYen { get; init; }

    /// <inheritdoc cref="GenericLeastYen"/>
    public int? GenericLeastDays { get; init; }

    /// <summary>Whether members see it on a day.</summary>
    public bool IsVisibleOn(DateOnly today) => State == PublicationState.Published && PublishOn is { } from && from <= today;
}

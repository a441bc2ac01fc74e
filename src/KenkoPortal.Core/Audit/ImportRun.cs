using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Audit;

/// <summary>One applied import: counts only, no personal value. Of claims: new ones joined, re-examined ones moved, returned ones left.</summary>
public sealed class ImportRun : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }

    /// <summary>What was imported, <c>members</c> or <c>claims</c>.</summary>
    public required string Format { get; init; }

    public required bool IsDifference { get; init; }
    public required DateTimeOffset AppliedAt { get; init; }
    public required int Rows { get; init; }
    public required int Joined { get; init; }
    public required int Changed { get; init; }
    public required int Moved { get; init; }
    public required int Left { get; init; }

    /// <summary>Claims that could not be read.</summary>
    public int SetAside { get; init; }

    /// <summary>Of a members' list: the newest day of a beginning or a loss in it that was not ahead.</summary>
    public DateOnly? NewestOn { get; init; }

    /// <summary>Of a members' list: 基準日, where somebody named it.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Claims that waited for their person when it was over.</summary>
    public int Waiting { get; init; }
}

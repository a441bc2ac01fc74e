using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Imports;

/// <summary>One applied import: counts only, no personal value.</summary>
public sealed class ImportRun : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }

    /// <summary>What was imported, such as <c>members</c>.</summary>
    public required string Format { get; init; }

    public required bool IsDifference { get; init; }
    public required DateTimeOffset AppliedAt { get; init; }
    public required int Rows { get; init; }
    public required int Joined { get; init; }
    public required int Changed { get; init; }
    public required int Moved { get; init; }
    public required int Left { get; init; }
}

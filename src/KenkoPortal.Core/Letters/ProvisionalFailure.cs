using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Letters;

/// <summary>A failed provisional login, counted against the society's budget of an hour (row A7).</summary>
public sealed class ProvisionalFailure : ITenantOwned
{
    public const int BudgetPerHour = 200;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required DateTimeOffset At { get; init; }
}

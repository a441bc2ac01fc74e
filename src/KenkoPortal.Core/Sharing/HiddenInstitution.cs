using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Sharing;

/// <summary>
/// An institution that a person keeps from the household, whatever the switches say: its lines of every month, those that come later too, and the lines of pharmacies for its
/// prescriptions.
/// </summary>
public sealed class HiddenInstitution : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }

    /// <summary>都道府県, 点数表 and 医療機関コード of the line by which it was hidden.</summary>
    public required string InstitutionKey { get; init; }

    /// <summary>医療機関名: its lines may be deleted before it is shown again.</summary>
    public required string InstitutionName { get; init; }

    public required DateTimeOffset HiddenAt { get; init; }

    public InstitutionIdentity Identity => new(InstitutionKey, InstitutionName);
}

using KenkoPortal.Claims;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Sharing;

/// <summary>
/// A line that its owner keeps from the household, whatever the switches say. The pharmacy lines for its prescriptions go with
/// it, those that come months later too, so it holds by which they are known; and so does a claim of that institution and month which comes after it,
/// since one that is returned is billed anew under another number: publishing gives it a row of its own. A claim whose code or month a correction changed
/// has one for each, for its pharmacies' claims may name either.
/// </summary>
public sealed class HiddenClaim : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }
    public required Guid ClaimId { get; init; }

    /// <summary>診療年月 of the line.</summary>
    public required TreatmentMonth Month { get; init; }

    /// <summary>都道府県, 点数表 and 医療機関コード of the line.</summary>
    public required string InstitutionKey { get; init; }

    /// <summary>医療機関名 of the line; null of a line that was hidden before names were noted.</summary>
    public string? InstitutionName { get; init; }

    public InstitutionIdentity Identity => new(InstitutionKey, InstitutionName);

    public required DateTimeOffset HiddenAt { get; init; }
}

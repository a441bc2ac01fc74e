using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>A dated card of a person: 記号, 番号 and 枝番. The open one (no <see cref="ValidTo"/>) is the current.</summary>
public sealed class InsuranceCard : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required Guid PersonId { get; init; }

    /// <summary>記号 as listed.</summary>
    public required string Symbol { get; set; }

    /// <summary>番号 as listed.</summary>
    public required string Number { get; set; }

    /// <summary>記号 folded for comparison (<see cref="CardSymbol"/>).</summary>
    public required string SymbolKey { get; init; }

    /// <summary>番号 folded for comparison (<see cref="CardNumber"/>).</summary>
    public required string NumberKey { get; init; }

    /// <summary>枝番, two digits.</summary>
    public required string Branch { get; init; }

    public required DateOnly ValidFrom { get; init; }

    /// <summary>The first day on which it is no longer the person's card.</summary>
    public DateOnly? ValidTo { get; set; }
}

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>後発医薬品の有無に関する情報, the flag of a product.</summary>
public enum GenericFlag
{
    /// <summary>Not in the list.</summary>
    None,

    /// <summary>1: a brand without generic.</summary>
    BrandWithoutGeneric,

    /// <summary>2: a brand with a generic.</summary>
    BrandWithGeneric,

    /// <summary>3: a generic.</summary>
    Generic,

    /// <summary>☆: a brand not dearer than its generics.</summary>
    BrandNotDearer,

    /// <summary>★: a generic not cheaper than the brand.</summary>
    GenericNotCheaper,
}

/// <summary>A product of the 薬価基準収載品目リスト, with its flag.</summary>
public sealed class ListedDrug
{
    public required Guid EditionId { get; init; }

    /// <summary>薬価基準収載医薬品コード, twelve characters; the first nine are ingredient, route, form and strength.</summary>
    public required string Code { get; init; }

    /// <summary>成分名.</summary>
    public required string Ingredient { get; init; }

    /// <summary>規格.</summary>
    public required string Specification { get; init; }

    /// <summary>品名.</summary>
    public required string Name { get; init; }

    /// <summary>薬価 in yen for the unit of <see cref="Specification"/>.</summary>
    public required decimal Price { get; init; }

    public required GenericFlag Flag { get; init; }

    /// <summary>経過措置: the last day on which it may be used.</summary>
    public DateOnly? UsableUntil { get; init; }
}

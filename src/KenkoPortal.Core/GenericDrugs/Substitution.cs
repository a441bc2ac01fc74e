namespace KenkoPortal.Core.GenericDrugs;

/// <summary>Whether something can take a drug's place, or why not.</summary>
public enum SubstitutionVerdict
{
    /// <summary>Cheaper generics are there.</summary>
    Found,

    /// <summary>The 医薬品マスター does not have the code, or there is no master.</summary>
    UnknownCode,

    /// <summary>An entry of 選定療養 whose original the master does not have.</summary>
    UnknownOriginal,

    /// <summary>The product is not in the price list of the month.</summary>
    NotPriced,

    /// <summary>It is not a brand with generics (flag 2).</summary>
    NotBrandWithGeneric,

    /// <summary>Neither the first nine characters nor 成分名 and 規格 lead to a generic.</summary>
    NoGeneric,

    /// <summary>Its generics are not cheaper, or their 経過措置 is over.</summary>
    NoneCheaper,

    /// <summary>What the price is for and what the claim counts cannot be brought together.</summary>
    UnknownUnit,
}

/// <summary>What a claimed code is, and what could take its place in a month. The same for everybody who was given it.</summary>
/// <param name="Code">医薬品コード as claimed.</param>
/// <param name="Verdict">Whether there is something, or why not.</param>
public sealed record Substitution(string Code, SubstitutionVerdict Verdict)
{
    /// <summary>The master's row of the code.</summary>
    public MasterEntry? Entry { get; init; }

    /// <summary>The master's row of the drug that was given: the original where <see cref="Entry"/> is one of 選定療養.</summary>
    public MasterEntry? Original { get; init; }

    /// <summary>The product in the price list.</summary>
    public CataloguedDrug? Product { get; init; }

    /// <summary>How many units of the claim a price is for.</summary>
    public decimal UnitsPerPrice { get; init; } = 1;

    /// <summary>The candidates were found by 成分名 and 規格, since none has the same nine characters.</summary>
    public bool IsByName { get; init; }

    /// <summary>What could take its place, cheapest first; empty unless <see cref="SubstitutionVerdict.Found"/>.</summary>
    public IReadOnlyList<CataloguedDrug> Candidates { get; init; } = [];

    /// <summary>Generics of the same drug that are no candidates: not cheaper, or no longer usable.</summary>
    public IReadOnlyList<CataloguedDrug> PassedOver { get; init; } = [];

    /// <summary>Whether the claim's code leads to a priced product.</summary>
    public bool IsLinked => Product is not null;

    /// <summary>Drugs against HIV.</summary>
    public bool IsAntiHiv => Entry?.IsAntiHiv == true || Original?.IsAntiHiv == true;

    /// <summary>It was claimed as 選定療養.</summary>
    public bool IsSelectedCare => Entry?.OriginalCode is not null;
}

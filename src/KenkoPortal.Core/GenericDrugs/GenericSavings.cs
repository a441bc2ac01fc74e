using KenkoPortal.Claims;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>
/// What generics would have cost in a month, by the rules of 薬剤料 (診療報酬の算定方法, 使用薬剤の所定単位につき薬価を10円で除し五捨五超入した点数). Pure: a catalogue and a
/// month in, figures out. The real 薬剤料 rounds per 剤, a group of drugs; here each row is rounded alone, so that figures are approximate (約).
/// </summary>
public sealed class GenericSavings(DrugCatalogue catalogue, TreatmentMonth month)
{
    private const int YenPerPoint = 10;

    private readonly Dictionary<string, Substitution> _known = new(StringComparer.Ordinal);

    /// <summary>From when the lists hold.</summary>
    public DateOnly ListsFrom => catalogue.ValidFrom;

    /// <summary>五捨五超入: .5 goes down, more goes up; at least one point.</summary>
    public static decimal Points(decimal yen) => Math.Max(1, Math.Ceiling((yen / YenPerPoint) - 0.5m));

    /// <summary>What a row costs in yen, whole.</summary>
    /// <param name="price">薬価.</param>
    /// <param name="unitsPerPrice">How many of the claim's units it is for.</param>
    /// <param name="quantity">使用量; for 調剤 per unit (a day, a dose).</param>
    /// <param name="times">回数; for 調剤 the sum of 調剤数量.</param>
    public static decimal CostYen(decimal price, decimal unitsPerPrice, decimal quantity, int times) =>
        Points(price * quantity / unitsPerPrice) * times * YenPerPoint;

    /// <summary>The patient's part of an amount, to the nearest yen.</summary>
    public static int Share(decimal yen, int percent) => (int)Math.Round(yen * percent / 100, MidpointRounding.AwayFromZero);

    /// <summary>What the claimed code is and what could take its place.</summary>
    public Substitution Of(string code)
    {
        if (!_known.TryGetValue(code, out var substitution))
        {
            _known[code] = substitution = Find(code);
        }

        return substitution;
    }

    private Substitution Find(string code)
    {
        if (catalogue.Entry(code) is not { } entry)
        {
            return new Substitution(code, SubstitutionVerdict.UnknownCode);
        }

        if ((entry.OriginalCode is { } original ? catalogue.Entry(original) : entry) is not { } given)
        {
            return new Substitution(code, SubstitutionVerdict.UnknownOriginal) { Entry = entry };
        }

        var found = new Substitution(code, SubstitutionVerdict.NotPriced) { Entry = entry, Original = given, Product = catalogue.Product(given.PriceCode) };
        if (found.Product is not { } product)
        {
            return found;
        }

        if (product.Flag != GenericFlag.BrandWithGeneric)
        {
            return found with { Verdict = SubstitutionVerdict.NotBrandWithGeneric };
        }

        var byCode = catalogue.GenericsByCode(product).ToList();
        var isByName = !byCode.Exists(IsCandidate);
        var generics = (isByName ? byCode.Union(catalogue.GenericsByName(product)) : byCode).ToLookup(IsCandidate);
        found = found with { IsByName = isByName, PassedOver = [.. generics[false]] };
        var candidates = generics[true].ToList();
        if (candidates.Count == 0)
        {
            return found with { Verdict = found.PassedOver.Count == 0 ? SubstitutionVerdict.NoGeneric : SubstitutionVerdict.NoneCheaper };
        }

        return UnitsPerPrice(product, given) is { } units
            ? found with { Verdict = SubstitutionVerdict.Found, UnitsPerPrice = units, Candidates = candidates }
            : found with { Verdict = SubstitutionVerdict.UnknownUnit };

        bool IsCandidate(CataloguedDrug generic) => generic.Price < product.Price && generic.IsUsableIn(month);
    }

    /// <summary>
    /// Candidates have the brand's 規格, so one number serves all. Where the 規格 does not end with the unit, equal prices of list and master show that
    /// both are for one.
    /// </summary>
    private static decimal? UnitsPerPrice(CataloguedDrug product, MasterEntry entry) =>
        PriceUnit.In(product.Specification, entry.Unit) ?? (entry.Price == product.Price ? 1 : null);
}

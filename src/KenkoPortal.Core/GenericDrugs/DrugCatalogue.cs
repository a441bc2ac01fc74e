using System.Collections.Frozen;
using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>One edition of the drug lists in memory; never changed, shared by everybody.</summary>
public sealed class DrugCatalogue
{
    /// <summary>Characters of the 薬価基準コード that ingredient, route, form and strength take.</summary>
    private const int SameDrugLength = 9;

    private readonly FrozenDictionary<string, CataloguedDrug> _products;
    private readonly FrozenDictionary<string, MasterEntry> _master;
    private readonly ILookup<string, CataloguedDrug> _genericsByCode;
    private readonly ILookup<(string Ingredient, string Specification), CataloguedDrug> _genericsByName;

    /// <param name="editionId">Which edition it is.</param>
    /// <param name="validFrom">From when it holds.</param>
    /// <param name="products">The price list with its flags.</param>
    /// <param name="master">The 医薬品マスター; empty where none was imported.</param>
    public DrugCatalogue(Guid editionId, DateOnly validFrom, IReadOnlyCollection<CataloguedDrug> products, IReadOnlyCollection<MasterEntry> master)
    {
        (EditionId, ValidFrom) = (editionId, validFrom);
        _products = products.ToFrozenDictionary(p => p.Code, StringComparer.Ordinal);
        _master = master.ToFrozenDictionary(m => m.Code, StringComparer.Ordinal);
        var generics = products.Where(p => p.Flag == GenericFlag.Generic).OrderBy(p => p.Price).ThenBy(p => p.Code, StringComparer.Ordinal).ToList();
        _genericsByCode = generics.ToLookup(p => p.Code[..SameDrugLength], StringComparer.Ordinal);
        _genericsByName = generics.ToLookup(p => (p.Ingredient, p.Specification));
    }

    public Guid EditionId { get; }

    public DateOnly ValidFrom { get; }

    /// <summary>Whether a claim's nine-digit codes can be linked to products at all.</summary>
    public bool HasMaster => _master.Count > 0;

    /// <summary>The products, in no order.</summary>
    public IReadOnlyCollection<CataloguedDrug> Products => _products.Values;

    /// <summary>The entry of a nine-digit 医薬品コード.</summary>
    public MasterEntry? Entry(string code) => _master.GetValueOrDefault(code);

    /// <summary>The product of a twelve-character 薬価基準コード.</summary>
    public CataloguedDrug? Product(string priceCode) => _products.GetValueOrDefault(priceCode);

    /// <summary>The generics (flag 3) with the same first nine characters, cheapest first. Their prices and transition dates are not judged here.</summary>
    public IEnumerable<CataloguedDrug> GenericsByCode(CataloguedDrug brand) => _genericsByCode[brand.Code[..SameDrugLength]];

    /// <summary>The generics (flag 3) with the same 成分名 and 規格, likewise.</summary>
    public IEnumerable<CataloguedDrug> GenericsByName(CataloguedDrug brand) => _genericsByName[(brand.Ingredient, brand.Specification)];

    internal static async Task<DrugCatalogue> LoadAsync(PortalContext db, Guid editionId, DateOnly validFrom, CancellationToken cancellationToken)
    {
        var products = await db.ListedDrugs.AsNoTracking().Where(d => d.EditionId == editionId)
            .Select(d => new CataloguedDrug(d.Code, d.Ingredient, d.Specification, d.Name, d.Price, d.Flag, d.UsableUntil))
            .ToListAsync(cancellationToken);
        var master = await db.MasterDrugs.AsNoTracking().Where(d => d.EditionId == editionId)
            .Select(d => new MasterEntry(d.Code, d.PriceCode, d.Name, d.Unit, d.Price, d.OriginalCode, d.IsAntiHiv))
            .ToListAsync(cancellationToken);
        return new DrugCatalogue(editionId, validFrom, products, master);
    }
}

/// <summary>A product of the price list (<see cref="ListedDrug"/>).</summary>
public sealed record CataloguedDrug(
    string Code, string Ingredient, string Specification, string Name, decimal Price, GenericFlag Flag, DateOnly? UsableUntil)
{
    /// <summary>内用薬: characters five to seven of the code are below 400 (注射 400–699, 外用 700–999).</summary>
    public bool IsOral => Code.Length > 4 && Code[4] is >= '0' and <= '3';

    /// <summary>Whether its 経過措置 had not ended when the month began.</summary>
    public bool IsUsableIn(TreatmentMonth month) => UsableUntil is not { } last || last >= month.FirstDay;
}

/// <summary>A row of the 医薬品マスター (<see cref="MasterDrug"/>).</summary>
public sealed record MasterEntry(string Code, string PriceCode, string Name, string Unit, decimal Price, string? OriginalCode, bool IsAntiHiv);

using KenkoPortal.Core.GenericDrugs;

namespace KenkoPortal.Tests.GenericDrugs;

/// <summary>A small catalogue as tests write it. The codes' first nine characters are made of a number, the last three of a product.</summary>
internal sealed class DrugText
{
    private readonly List<CataloguedDrug> _products = [];
    private readonly List<MasterEntry> _master = [];

    public DateOnly From { get; init; } = new(2025, 4, 1);

    /// <summary>Adds a product and its row of the master. <paramref name="code"/> is the nine-digit one.</summary>
    public DrugText Drug(
        string code, string priceCode, decimal price, GenericFlag flag, string specification = "５ｍｇ１錠", string unit = "錠", string ingredient = "成分",
        DateOnly? until = null, decimal? masterPrice = null, bool isHiv = false)
    {
        _products.Add(new CataloguedDrug(priceCode, ingredient, specification, $"品名{code}", price, flag, until));
        _master.Add(new MasterEntry(code, priceCode, $"品名{code}", unit, masterPrice ?? price, null, isHiv));
        return this;
    }

    /// <summary>Adds an entry of 選定療養 that stands for an original.</summary>
    public DrugText SelectedCare(string code, string original)
    {
        var priceCode = _master.Find(m => m.Code == original)?.PriceCode ?? "9999999F9999";
        _master.Add(new MasterEntry(code, priceCode, $"品名{original}（選）", "錠", 1, original, IsAntiHiv: false));
        return this;
    }

    public DrugCatalogue Catalogue() => new(Guid.CreateVersion7(), From, _products, _master);
}

using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.GenericDrugs.Import;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.GenericDrugs.Import;

/// <summary>The ministry's own lists of 2025-07-16, whole.</summary>
public sealed class PublicDrugListTests
{
    [Fact]
    public void The_ministrys_lists_give_the_known_counts()
    {
        var folder = Path.Combine(Repository.Root, "../shared/data/drugs");
        Assert.SkipUnless(Directory.Exists(folder), "The ministry's lists are not at hand.");
        var (prices, availability) = Read(Path.Combine(folder, "mhlw_price_20250716.csv"), Path.Combine(folder, "mhlw_ge_20250716.csv"));
        Assert.Empty(prices.Errors);
        Assert.Empty(availability.Errors);
        var flags = availability.Rows.ToDictionary(r => r.Code, r => r.Flag, StringComparer.Ordinal);
        var groups = prices.Rows.GroupBy(r => r.Code[..9], StringComparer.Ordinal)
            .Select(g => g.Select(r => (r.Price, Flag: flags.GetValueOrDefault(r.Code))).ToList()).ToList();

        Assert.Equal(12_434, prices.Rows.Count);
        Assert.Equal(6_803, groups.Count);
        Assert.Equal(1_133, groups.Count(g => g.Exists(d => IsBrand(d.Flag)) && g.Exists(d => IsGeneric(d.Flag))));
        Assert.Equal(177, groups.Count(g => g.Exists(d => IsBrand(d.Flag)) && !g.Exists(d => IsGeneric(d.Flag))));
        Assert.Equal(5, groups.Sum(g => (
            from brand in g.Where(d => d.Flag == GenericFlag.BrandWithGeneric)
            from generic in g.Where(d => d.Flag == GenericFlag.Generic)
            where generic.Price >= brand.Price
            select 1).Count()));

        // What the computation makes of them: each brand with a flag 2 has its candidates, or a reason.
        var month = new KenkoPortal.Claims.TreatmentMonth(2025, 7);
        var products = prices.Rows.Select(r => new CataloguedDrug(r.Code, r.Ingredient, r.Specification, r.Name, r.Price, flags[r.Code], r.UsableUntil)).ToList();
        var master = products.Select((p, i) => new MasterEntry($"{620_000_000 + i}", p.Code, p.Name, "", p.Price, null, IsAntiHiv: false)).ToList();
        var savings = new GenericSavings(new DrugCatalogue(Guid.CreateVersion7(), new DateOnly(2025, 7, 16), products, master), month);
        var brands = master.Select(m => savings.Of(m.Code)).Where(s => s.Product!.Flag == GenericFlag.BrandWithGeneric).ToList();
        Assert.Equal(1_216, brands.Count);
        Assert.All(brands, b => Assert.True(b.Verdict is SubstitutionVerdict.Found or SubstitutionVerdict.NoGeneric or SubstitutionVerdict.NoneCheaper, b.Code));
        Assert.All(brands.SelectMany(b => b.Candidates.Select(c => (b, c))), pair =>
        {
            Assert.Equal(pair.b.Product!.Specification, pair.c.Specification);
            Assert.True(pair.c.Price < pair.b.Product.Price);
        });
    }

    [Fact]
    public void The_demos_excerpt_reads_whole_and_its_selected_care_prices_are_what_the_rule_gives()
    {
        var (catalogue, master) = DemosExcerpt();
        var savings = new GenericSavings(catalogue, new KenkoPortal.Claims.TreatmentMonth(2025, 7));

        Assert.All(master, m => Assert.True(savings.Of(m.Code).IsLinked, m.Code));
        var entries = master.Where(m => m.OriginalCode is not null).ToList();
        Assert.Equal(12, entries.Count);
        Assert.All(entries, m =>
        {
            // The master drops what is below a hundredth of a yen.
            var found = savings.Of(m.Code);
            var charge = SelectedCareCharge.Of(found.Product!.Price, found.Candidates[^1].Price, new DateOnly(2025, 7, 16))!;
            Assert.Equal(m.Price, Math.Floor(charge.InsuredYen * 100) / 100);
        });
    }

    /// <summary>The lists of <c>demo/drugs</c>, read without an error.</summary>
    internal static (DrugCatalogue Catalogue, IReadOnlyList<MasterRow> Master) DemosExcerpt()
    {
        var folder = Path.Combine(Repository.Root, "demo/drugs");
        var (prices, availability) = Read(Path.Combine(folder, "price.csv"), Path.Combine(folder, "availability.csv"));
        using var file = File.OpenRead(Path.Combine(folder, "master.csv"));
        var master = DrugListReader.ReadMaster(file, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, 0), (prices.ErrorCount, availability.ErrorCount, master.ErrorCount));
        var flags = availability.Rows.ToDictionary(r => r.Code, r => r.Flag, StringComparer.Ordinal);
        var catalogue = new DrugCatalogue(
            Guid.CreateVersion7(),
            new DateOnly(2025, 7, 16),
            [.. prices.Rows.Select(r => new CataloguedDrug(r.Code, r.Ingredient, r.Specification, r.Name, r.Price, flags[r.Code], r.UsableUntil))],
            [.. master.Rows.Select(m => new MasterEntry(m.Code, m.PriceCode, m.Name, m.Unit, m.Price, m.OriginalCode, m.IsAntiHiv))]);
        return (catalogue, master.Rows);
    }

    private static bool IsBrand(GenericFlag flag) => flag is GenericFlag.BrandWithGeneric or GenericFlag.BrandNotDearer;

    private static bool IsGeneric(GenericFlag flag) => flag is GenericFlag.Generic or GenericFlag.GenericNotCheaper;

    private static (DrugListFile<PriceRow> Prices, DrugListFile<AvailabilityRow> Availability) Read(string price, string availability)
    {
        using var prices = File.OpenRead(price);
        using var flags = File.OpenRead(availability);
        return (DrugListReader.ReadPrices(prices, TestContext.Current.CancellationToken), DrugListReader.ReadAvailability(flags, TestContext.Current.CancellationToken));
    }
}

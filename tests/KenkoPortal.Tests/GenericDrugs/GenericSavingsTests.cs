using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Claims;
using KenkoPortal.Core.GenericDrugs;

namespace KenkoPortal.Tests.GenericDrugs;

public sealed class GenericSavingsTests
{
    private static readonly TreatmentMonth April = new(2026, 4);

    /// <summary>五捨五超入: 薬剤 of 15 円 or less are one point; a fraction over .5 goes up, .5 and less down.</summary>
    [Theory]
    [InlineData("0.1", 1)]
    [InlineData("15", 1)]
    [InlineData("15.1", 2)]
    [InlineData("25", 2)]
    [InlineData("25.01", 3)]
    [InlineData("40", 4)]
    [InlineData("2243", 224)]
    [InlineData("2245", 224)]
    [InlineData("2246", 225)]
    public void Half_a_point_goes_down_and_more_goes_up_and_nothing_is_free(string yen, int points) =>
        Assert.Equal(points, GenericSavings.Points(decimal.Parse(yen, CultureInfo.InvariantCulture)));

    [Fact]
    public void Points_differ_from_the_price_by_half_a_point_at_most_and_never_fall_when_it_rises() => Prop.ForAll<uint, uint>((one, other) =>
    {
        var (low, high) = (Math.Min(one, other) % 1_000_000 / 100m, Math.Max(one % 1_000_000, other % 1_000_000) / 100m);
        var points = GenericSavings.Points(high);
        return points >= 1 && (high <= 15 || Math.Abs(points - (high / 10)) <= 0.5m) && (low > high || GenericSavings.Points(low) <= points);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_row_costs_its_points_by_the_times_by_ten() =>
        Assert.Equal(840m, GenericSavings.CostYen(31.9m, 1, 1, 28));

    [Fact]
    public void A_price_for_ten_millilitres_is_divided()
    {
        Assert.Equal(GenericSavings.CostYen(1.79m, 1, 30, 7), GenericSavings.CostYen(17.9m, 10, 30, 7));
        Assert.Equal(350m, GenericSavings.CostYen(17.9m, 10, 30, 7));
    }

    [Theory]
    [InlineData("５ｍｇ１錠", "錠", 1)]
    [InlineData("１０ｍＬ", "ｍＬ", 10)]
    [InlineData("０．０５％１ｍＬ", "ｍＬ", 1)]
    [InlineData("１０ｃｍ×１４ｃｍ１枚", "枚", 1)]
    [InlineData("１０ｍｇ０．５ｇ１シリンジ", "シリンジ", 1)]
    [InlineData("１ｇ", "ｇ", 1)]
    [InlineData("１０ｇ", "g", 10)]
    public void The_specification_ends_with_what_the_price_is_for(string specification, string unit, int units) =>
        Assert.Equal(units, PriceUnit.In(specification, unit));

    [Theory]
    [InlineData("５ｍｇ１錠", "ｍＬ")]
    [InlineData("錠", "錠")]
    [InlineData("５ｍｇ０錠", "錠")]
    [InlineData("", "")]
    public void Where_it_does_not_nothing_is_guessed(string specification, string unit) => Assert.Null(PriceUnit.In(specification, unit));

    [Fact]
    public void No_text_makes_the_unit_throw() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>((specification, unit) => PriceUnit.In(Sound(specification.Get), Sound(unit.Get)) is null or > 0).QuickCheckThrowOnFailure();

    [Fact]
    public void A_brand_with_generics_is_compared_with_the_cheaper_generics_of_the_same_nine_characters()
    {
        var found = Savings(new DrugText()
            .Drug("620000001", "2149044F6026", 31.9m, GenericFlag.BrandWithGeneric)
            .Drug("620000002", "2149044F6034", 20.2m, GenericFlag.Generic)
            .Drug("620000003", "2149044F6042", 10.4m, GenericFlag.Generic)
            .Drug("620000004", "2149044F6050", 31.9m, GenericFlag.Generic)
            .Drug("620000005", "2149044F6069", 9.9m, GenericFlag.GenericNotCheaper)
            .Drug("620000006", "2149044F7022", 5m, GenericFlag.Generic)).Of("620000001");

        Assert.Equal(SubstitutionVerdict.Found, found.Verdict);
        Assert.Equal([10.4m, 20.2m], found.Candidates.Select(c => c.Price));
        Assert.Equal("2149044F6050", Assert.Single(found.PassedOver).Code);
        Assert.False(found.IsByName);
    }

    [Theory]
    [InlineData(GenericFlag.None)]
    [InlineData(GenericFlag.BrandWithoutGeneric)]
    [InlineData(GenericFlag.Generic)]
    [InlineData(GenericFlag.BrandNotDearer)]
    [InlineData(GenericFlag.GenericNotCheaper)]
    public void Only_flag_2_is_compared(GenericFlag flag)
    {
        var found = Savings(new DrugText().Drug("620000001", "2149044F6026", 31.9m, flag).Drug("620000002", "2149044F6034", 20.2m, GenericFlag.Generic)).Of("620000001");

        Assert.Equal(SubstitutionVerdict.NotBrandWithGeneric, found.Verdict);
        Assert.Empty(found.Candidates);
    }

    [Fact]
    public void Without_a_generic_at_nine_characters_ingredient_and_specification_decide()
    {
        var drugs = new DrugText()
            .Drug("620000001", "2149044F6026", 31.9m, GenericFlag.BrandWithGeneric, ingredient: "甲")
            .Drug("620000002", "2149099F1010", 20.2m, GenericFlag.Generic, ingredient: "甲")
            .Drug("620000003", "2149098F1010", 10.2m, GenericFlag.Generic, ingredient: "甲", specification: "１０ｍｇ１錠")
            .Drug("620000004", "2149044F9026", 31.9m, GenericFlag.BrandWithGeneric, ingredient: "乙");

        var found = Savings(drugs).Of("620000001");

        Assert.True(found.IsByName);
        Assert.Equal("2149099F1010", Assert.Single(found.Candidates).Code);
        Assert.Equal(SubstitutionVerdict.NoGeneric, Savings(drugs).Of("620000004").Verdict);
    }

    [Fact]
    public void Where_no_generic_at_nine_characters_is_cheaper_and_usable_ingredient_and_specification_decide()
    {
        var found = Savings(new DrugText()
            .Drug("620000001", "2149044F6026", 31.9m, GenericFlag.BrandWithGeneric, ingredient: "甲")
            .Drug("620000002", "2149044F6034", 40.2m, GenericFlag.Generic, ingredient: "甲")
            .Drug("620000003", "2149044F6042", 20.2m, GenericFlag.Generic, ingredient: "甲", until: new DateOnly(2020, 3, 31))
            .Drug("620000004", "2149099F1010", 15.2m, GenericFlag.Generic, ingredient: "甲")).Of("620000001");

        Assert.True(found.IsByName);
        Assert.Equal("2149099F1010", Assert.Single(found.Candidates).Code);
        Assert.Equal(["2149044F6034", "2149044F6042"], found.PassedOver.Select(p => p.Code).Order());
    }

    [Fact]
    public void A_generic_counts_until_the_month_of_its_last_day()
    {
        var drugs = new DrugText()
            .Drug("620000001", "2149044F6026", 31.9m, GenericFlag.BrandWithGeneric)
            .Drug("620000002", "2149044F6034", 20.2m, GenericFlag.Generic, until: new DateOnly(2026, 3, 31));

        Assert.Equal(SubstitutionVerdict.Found, Savings(drugs, new TreatmentMonth(2026, 3)).Of("620000001").Verdict);
        Assert.Equal(SubstitutionVerdict.NoneCheaper, Savings(drugs, April).Of("620000001").Verdict);
    }

    [Fact]
    public void An_entry_of_selected_care_stands_for_its_original()
    {
        var savings = Savings(new DrugText()
            .Drug("620000001", "2149044F6026", 31.9m, GenericFlag.BrandWithGeneric)
            .Drug("620000002", "2149044F6034", 20.2m, GenericFlag.Generic)
            .SelectedCare("670000001", "620000001")
            .SelectedCare("670000009", "620000009"));

        var found = savings.Of("670000001");

        Assert.Equal((SubstitutionVerdict.Found, "620000001", true), (found.Verdict, found.Original?.Code, found.IsSelectedCare));
        Assert.Equal(SubstitutionVerdict.UnknownOriginal, savings.Of("670000009").Verdict);
    }

    [Fact]
    public void A_code_that_the_master_does_not_link_is_not_guessed()
    {
        var catalogue = new DrugCatalogue(
            Guid.CreateVersion7(),
            new DateOnly(2025, 4, 1),
            [],
            [new MasterEntry("620000001", "2149044F6026", "品名", "錠", 10, null, IsAntiHiv: false)]);
        var savings = new GenericSavings(catalogue, April);

        Assert.Equal(SubstitutionVerdict.NotPriced, savings.Of("620000001").Verdict);
        Assert.Equal(SubstitutionVerdict.UnknownCode, savings.Of("620000002").Verdict);
    }

    [Fact]
    public void A_unit_that_does_not_fit_is_known_by_equal_prices_only()
    {
        var drugs = new DrugText()
            .Drug("620000001", "2149044F6026", 31.9m, GenericFlag.BrandWithGeneric, unit: "丸")
            .Drug("620000002", "2149044F6034", 20.2m, GenericFlag.Generic)
            .Drug("620000003", "2149044F6050", 40m, GenericFlag.BrandWithGeneric, unit: "丸", masterPrice: 4m);

        Assert.Equal(SubstitutionVerdict.Found, Savings(drugs).Of("620000001").Verdict);
        Assert.Equal(SubstitutionVerdict.UnknownUnit, Savings(drugs).Of("620000003").Verdict);
    }

    [Fact]
    public void The_selected_care_charge_of_the_ministrys_example()
    {
        var charge = SelectedCareCharge.Of(400, 200, new DateOnly(2025, 4, 1))!;

        Assert.Equal((50m, 5m, 350m), (charge.Yen, charge.Tax, charge.InsuredYen));
        Assert.Equal(105, GenericSavings.Share(charge.InsuredYen, 30));
    }

    [Theory]
    [InlineData("2024-09-30", null)]
    [InlineData("2024-10-01", 25)]
    [InlineData("2026-05-31", 25)]
    [InlineData("2026-06-01", 50)]
    public void The_fraction_of_selected_care_goes_by_the_day(string day, int? percent) =>
        Assert.Equal(percent / 100m, SelectedCareCharge.FractionOn(DateOnly.Parse(day, CultureInfo.InvariantCulture)));

    [Fact]
    public void A_brand_that_is_not_dearer_has_no_charge() => Assert.Null(SelectedCareCharge.Of(200, 200, new DateOnly(2025, 4, 1)));

    [Fact]
    public void The_share_goes_to_the_nearest_yen()
    {
        Assert.Equal(252, GenericSavings.Share(840, 30));
        Assert.Equal(3, GenericSavings.Share(10, 25));
        Assert.Equal(0, GenericSavings.Share(840, 0));
    }

    private static GenericSavings Savings(DrugText drugs, TreatmentMonth? month = null) => new(drugs.Catalogue(), month ?? April);

    private static string Sound(string text) => string.Concat(text.Where(c => !char.IsSurrogate(c)));
}

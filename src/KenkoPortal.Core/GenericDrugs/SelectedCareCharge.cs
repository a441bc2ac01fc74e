namespace KenkoPortal.Core.GenericDrugs;

/// <summary>
/// 長期収載品の選定療養: who chooses the brand without medical need pays a part of what it costs more than its dearest generic outside insurance, with consumption
/// tax on it; the insured price shrinks by the same (保険外併用療養費の額の算定方法, 令和6年10月1日適用).
/// </summary>
/// <param name="Yen">特別の料金 for a unit of the price, without tax.</param>
/// <param name="Tax">消費税 on it.</param>
/// <param name="InsuredYen">What stays insured of the price.</param>
public sealed record SelectedCareCharge(decimal Yen, decimal Tax, decimal InsuredYen)
{
    private const decimal TaxRate = 0.10m;

    /// <summary>A quarter from the beginning, a half as announced for the revision of 2026.</summary>
    private static readonly (DateOnly From, decimal Fraction)[] Fractions =
    [
        (new DateOnly(2026, 6, 1), 1m / 2),
        (new DateOnly(2024, 10, 1), 1m / 4),
    ];

    /// <summary>The part of the difference that is charged on a day; null before there was such a charge.</summary>
    public static decimal? FractionOn(DateOnly day)
    {
        foreach (var (from, fraction) in Fractions)
        {
            if (day >= from)
            {
                return fraction;
            }
        }

        return null;
    }

    /// <param name="brand">薬価 of the brand.</param>
    /// <param name="dearestGeneric">薬価 of its dearest generic.</param>
    /// <param name="day">When it is handed out.</param>
    /// <returns>Null where nothing is charged: too early, or the brand is not dearer.</returns>
    public static SelectedCareCharge? Of(decimal brand, decimal dearestGeneric, DateOnly day)
    {
        if (FractionOn(day) is not { } fraction || brand <= dearestGeneric)
        {
            return null;
        }

        var yen = (brand - dearestGeneric) * fraction;
        return new SelectedCareCharge(yen, yen * TaxRate, brand - yen);
    }
}

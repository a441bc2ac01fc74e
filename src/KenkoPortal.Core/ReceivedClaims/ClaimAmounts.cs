namespace KenkoPortal.Core.ReceivedClaims;

/// <summary>The amounts of a claim in yen: the same for the claim as received, for its line of a 医療費通知 and for the row of a page.</summary>
public sealed record ClaimAmounts
{
    /// <summary>医療費の総額.</summary>
    public required int TotalYen { get; init; }

    /// <summary>窓口相当負担額; null if unknown (公費): then <see cref="UpperBoundYen"/> is shown as an upper bound, and no sum holds it.</summary>
    public int? PatientYen { get; init; }

    /// <summary>What the patient pays at most.</summary>
    public required int UpperBoundYen { get; init; }

    /// <summary>その他の公費の負担額; null if unknown.</summary>
    public int? PublicFundsYen { get; init; }

    /// <summary>保険者の負担額; null if unknown.</summary>
    public int? InsurerYen { get; init; }

    /// <summary>食事・生活療養の合計金額; null or 0 without meals.</summary>
    public int? MealTotalYen { get; init; }

    /// <summary>食事・生活療養標準負担額; null without meals, and where the claim does not tell it.</summary>
    public int? MealShareYen { get; init; }

    /// <summary>査定: examined minus billed.</summary>
    public required int CorrectionYen { get; init; }

    /// <summary>公費あり.</summary>
    public required bool HasPublicFunds { get; init; }

    /// <summary>
    /// Every amount, for all that compares claims. The fingerprint hashes the values in this order: another order or a further amount changes the fingerprint of
    /// every claim, and the next delivery of a claim then counts as a change.
    /// </summary>
    public static IReadOnlyList<(string Name, Func<ClaimAmounts, int?> Value)> Fields { get; } =
    [
        (nameof(TotalYen), a => a.TotalYen),
        (nameof(PatientYen), a => a.PatientYen),
        (nameof(UpperBoundYen), a => a.UpperBoundYen),
        (nameof(PublicFundsYen), a => a.PublicFundsYen),
        (nameof(InsurerYen), a => a.InsurerYen),
        (nameof(MealTotalYen), a => a.MealTotalYen),
        (nameof(MealShareYen), a => a.MealShareYen),
        (nameof(CorrectionYen), a => a.CorrectionYen),
        (nameof(HasPublicFunds), a => a.HasPublicFunds ? 1 : 0),
    ];

    /// <summary>What was paid is unknown: 公費 leaves the patient's amount open, or the claim does not tell the patient's part of the meals (歯科).</summary>
    public bool IsUnknown => PatientYen is null || IsMealUnknown;

    /// <summary>There were meals, and the claim does not tell what the patient paid of them.</summary>
    public bool IsMealUnknown => MealTotalYen > 0 && MealShareYen is null;

    /// <summary>支払った医療費の額: 窓口相当負担額 and the patient's part of meals; null where it is unknown.</summary>
    public int? PaidYen => IsUnknown ? null : PatientYen + (MealShareYen ?? 0);

    /// <summary>The same, with the upper bound in the place of what is unknown.</summary>
    public int MostPaidYen => (PatientYen ?? UpperBoundYen) + MostMealYen;

    /// <summary>食事・生活療養標準負担額 at most: all that the meals cost.</summary>
    public int MostMealYen => MealShareYen ?? MealTotalYen ?? 0;
}

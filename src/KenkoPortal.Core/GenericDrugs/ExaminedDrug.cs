using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>Why a drug is not told.</summary>
public enum NotTold
{
    /// <summary>It is.</summary>
    Told,

    /// <summary>Nothing can take its place (<see cref="Substitution.Verdict"/>).</summary>
    NoSubstitute,

    /// <summary>Quantity or times are none that anybody is given: a slip of the claim, not computed.</summary>
    OddQuantity,

    /// <summary>The person is younger than the society's least age.</summary>
    TooYoung,

    /// <summary>A drug against HIV.</summary>
    AntiHiv,

    /// <summary>A class that the society never tells.</summary>
    ExcludedClass,

    /// <summary>Given for fewer days than the society's least.</summary>
    TooFewDays,

    /// <summary>It saves less than the society's least, or nothing.</summary>
    SavesTooLittle,
}

/// <summary>One row of a drug in a claim.</summary>
public readonly record struct ExaminedRow(ReceivedClaim Claim, string Code, decimal Quantity, int Times)
{
    private const decimal MostQuantity = 1_000_000;
    private const int MostTimes = 1000;

    /// <summary>Whether anybody is given that.</summary>
    public bool IsSound => Quantity is > 0 and <= MostQuantity && Times is > 0 and <= MostTimes;
}

/// <summary>A drug of one person and month, of all the claims that have it: what it is, what it comes to, and whether it is told.</summary>
public sealed class ExaminedDrug
{
    private readonly List<ExaminedRow> _rows = [];

    internal ExaminedDrug(Substitution substitution) => Substitution = substitution;

    public Substitution Substitution { get; }

    public IReadOnlyList<ExaminedRow> Rows => _rows;

    /// <summary>
    /// Days of supply, of 内服薬: the sum of times of all rows. Null where the lists do not tell that it is one; drops taken when needed (頓服) count a
    /// dose as a day, since a claim's rows do not tell them apart.
    /// </summary>
    public int? Days => DaysOf(Substitution, _rows);

    /// <summary>The same of some of the rows.</summary>
    internal static int? DaysOf(Substitution substitution, IEnumerable<ExaminedRow> rows) =>
        substitution.Product is { IsOral: true } ? (int)Math.Min(int.MaxValue, rows.Sum(r => (long)r.Times)) : null;

    /// <summary>What the rows of one claim cost with a drug, in yen: with the one that was given, or a candidate.</summary>
    public static decimal CostYen(Substitution substitution, IEnumerable<ExaminedRow> rows, CataloguedDrug drug) =>
        rows.Sum(r => GenericSavings.CostYen(drug.Price, substitution.UnitsPerPrice, r.Quantity, r.Times));

    /// <summary>What the patient would have saved in one claim with a candidate.</summary>
    public static int SavingYen(Substitution substitution, IReadOnlyList<ExaminedRow> rowsOfOneClaim, CataloguedDrug candidate) => GenericSavings.Share(
        CostYen(substitution, rowsOfOneClaim, substitution.Product!) - CostYen(substitution, rowsOfOneClaim, candidate),
        rowsOfOneClaim[0].Claim.PatientPercent);

    public NotTold NotTold { get; internal set; }

    /// <summary>軽減できる額 of the month with the cheapest candidate: what the society's threshold is compared with.</summary>
    public int MostSavingYen { get; internal set; }

    /// <summary>軽減できる額 of the month with the dearest candidate.</summary>
    public int LeastSavingYen { get; internal set; }

    internal void Add(ExaminedRow row) => _rows.Add(row);
}

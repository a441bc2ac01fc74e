using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.GenericDrugs.Import;

/// <summary>What one of the lists said. Nothing of it may be used while there are errors.</summary>
/// <param name="Rows">The rows that can be read, in the file's order.</param>
/// <param name="Errors">What is wrong; at most <see cref="MaxErrors"/> of them.</param>
/// <param name="ErrorCount">How many errors there are in all.</param>
/// <param name="PassedOver">Rows that say nothing which the portal needs: of the master, those without 薬価基準コード.</param>
public sealed record DrugListFile<TRow>(IReadOnlyList<TRow> Rows, IReadOnlyList<RowError> Errors, int ErrorCount, int PassedOver)
{
    /// <summary>More are counted, but not kept.</summary>
    public const int MaxErrors = 1000;

    public bool IsValid => ErrorCount == 0;
}

/// <summary>A row of the 薬価基準収載品目リスト.</summary>
public sealed record PriceRow(int Line, string Code, string Ingredient, string Specification, string Name, decimal Price, DateOnly? UsableUntil);

/// <summary>A row of 各先発医薬品の後発医薬品の有無に関する情報.</summary>
public sealed record AvailabilityRow(int Line, string Code, GenericFlag Flag);

/// <summary>A row of the 医薬品マスター.</summary>
public sealed record MasterRow(int Line, string Code, string PriceCode, string Name, string Unit, decimal Price, string? OriginalCode, bool IsAntiHiv);

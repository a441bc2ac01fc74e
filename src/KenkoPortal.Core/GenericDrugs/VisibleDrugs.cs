using System.Runtime.InteropServices;
using KenkoPortal.Core.Publication;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>A line of a drug with what decides whether it is told without some of the others.</summary>
/// <param name="Row">The line.</param>
/// <param name="ProductCode">The product that was given; null of a line of before this was noted.</param>
/// <param name="Days">Days of supply; null where they do not count.</param>
/// <param name="Mark">Why it is in no notice; null where it is in one.</param>
public sealed record JudgedDrug(GenericDrugRow Row, string? ProductCode, int? Days, GenericLineMark? Mark);

/// <summary>The society's thresholds when a version was computed.</summary>
/// <param name="LeastYen">Least saving; null of a version of before this was noted.</param>
/// <param name="LeastDays">Least days of supply; null likewise.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GenericThresholds(int? LeastYen, int? LeastDays);

/// <summary>Makes the lines of ジェネリック通知 that a viewer sees from whom some claims are hidden, as if these had never been.</summary>
public static class VisibleDrugs
{
    /// <param name="drugs">Every line of the people, those with a mark too.</param>
    /// <param name="isHidden">Whether a line is hidden from the viewer.</param>
    /// <param name="thresholds">Of each version.</param>
    public static IEnumerable<GenericDrugRow> Of(
        IEnumerable<JudgedDrug> drugs, Func<GenericDrugRow, bool> isHidden, IReadOnlyDictionary<Guid, GenericThresholds> thresholds) => drugs
        .GroupBy(d => (d.Row.PublicationId, d.Row.PersonId, d.ProductCode ?? d.Row.DrugName))
        .SelectMany(drug => Told([.. drug.Where(d => !isHidden(d.Row))], drug.Any(d => isHidden(d.Row)), thresholds.GetValueOrDefault(drug.Key.PublicationId)))
        .Select(d => d.Row);

    private static IEnumerable<JudgedDrug> Told(IReadOnlyList<JudgedDrug> visible, bool isPartHidden, GenericThresholds thresholds)
    {
        if (!isPartHidden)
        {
            return visible.Where(d => d.Mark is null);
        }

        // Where it is not known what the others come to alone, nothing is told.
        return visible.All(d => d.ProductCode is not null && d.Mark != GenericLineMark.Odd) && thresholds is { LeastYen: { } leastYen, LeastDays: { } leastDays }
            && GenericNoticeBatch.IsReached(visible.Sum(d => (long)d.Row.MostSavingYen), visible.All(d => d.Days is null) ? null : visible.Sum(d => (long)(d.Days ?? 0)), leastYen, leastDays)
            ? visible
            : [];
    }
}

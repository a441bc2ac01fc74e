using KenkoPortal.Claims;

namespace KenkoPortal.Core.Sharing;

/// <summary>
/// The months in which a pharmacy's prescriptions were issued, as one text: <c>2026-08 2026-09</c>, and <c>?</c> where a day is blank or cannot be. Without a text
/// nothing is known. リフィル and 分割調剤 keep the day of the first, so that the visit is found months later.
/// </summary>
public static class PrescribedMonths
{
    /// <summary>A リフィル comes at most twice more, each after at most some 90 days. A day before that is a slip, and would show what its owner hides.</summary>
    public const int MostMonthsLater = 12;

    private const string Unknown = "?";

    /// <param name="days">Of each prescription; null where the pharmacy left it blank.</param>
    /// <param name="dispensed">調剤年月.</param>
    public static string Write(IReadOnlyList<DateOnly?> days, TreatmentMonth dispensed) => days.Count == 0
        ? Unknown
        : string.Join(' ', days.Select(day => Month(day, dispensed)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>Whether one of the prescriptions may come from a visit of that month.</summary>
    /// <param name="text">Of <see cref="Write"/>; null of a claim that was read before prescriptions were.</param>
    /// <param name="dispensed">調剤年月.</param>
    /// <param name="visited">診療年月 of the visit.</param>
    public static bool MayBeOf(string? text, TreatmentMonth dispensed, TreatmentMonth visited) =>
        text is null || text.Contains(Unknown, StringComparison.Ordinal)
            ? (dispensed >= visited && dispensed <= visited.AddMonths(MostMonthsLater)) || text?.Contains(visited.ToString(), StringComparison.Ordinal) == true
            : text.Contains(visited.ToString(), StringComparison.Ordinal);

    private static string Month(DateOnly? day, TreatmentMonth dispensed) =>
        day is { } known && TreatmentMonth.Of(known) is var month && month <= dispensed && month >= dispensed.AddMonths(-MostMonthsLater) ? month.ToString() : Unknown;
}

using KenkoPortal.Core.Societies;

namespace KenkoPortal.Core.MedicalCosts.Tax;

/// <summary>What a page and a print say about a tax return.</summary>
public static class TaxWords
{
    /// <summary>
    /// The society's own sentence about attaching the print to a return, or ours. Ours promises nothing: whether a tax office takes a notice
    /// that the member printed is not settled (National Tax Agency, Tax Answer 1119 names a notice issued by the insurer).
    /// </summary>
    public static string NoteOf(Society society) => society.TaxNote ?? TaxText.Purpose;
}

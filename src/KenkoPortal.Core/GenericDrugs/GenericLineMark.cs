namespace KenkoPortal.Core.GenericDrugs;

/// <summary>
/// Why a line of a drug is in no notice and is kept all the same: the society's thresholds count all claims of a month together. A viewer from whom some of them are hidden
/// may see what the others alone come to, so that neither a line nor a missing one tells of a hidden claim.
/// </summary>
public enum GenericLineMark
{
    /// <summary>All claims together do not reach the thresholds; some alone may.</summary>
    NotReached,

    /// <summary>Its quantity or times are a slip of the claim: the drug is not told where this claim is seen.</summary>
    Odd,
}

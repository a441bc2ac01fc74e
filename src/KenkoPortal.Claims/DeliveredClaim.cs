namespace KenkoPortal.Claims;

/// <summary>What the examiner did at one place (JY).</summary>
public enum ClaimCorrectionKind
{
    /// <summary>1: a line was inserted after the target.</summary>
    Added = 1,

    /// <summary>2: a line took the target's place.</summary>
    Replaced = 2,

    /// <summary>3: the target was removed.</summary>
    Removed = 3,
}

/// <summary>One correction, in the order in which the examiner made them.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Reason">The letter of the reason as the examiner gives it (A–D), null where there is none.</param>
/// <param name="Record">The record name of the target, say <c>HO</c>.</param>
/// <param name="Row">行番号 of the target.</param>
/// <param name="Branch">枝番号 of the target.</param>
/// <param name="NewRow">行番号 of the line that came in, null for a removal.</param>
/// <param name="NewBranch">枝番号 of the line that came in.</param>
public sealed record ClaimCorrection(ClaimCorrectionKind Kind, char? Reason, string Record, int Row, int Branch, int? NewRow, int? NewBranch);

/// <summary>A claim in both versions.</summary>
public sealed record DeliveredClaim
{
    /// <summary>As the institution billed it.</summary>
    public required Claim AsBilled { get; init; }

    /// <summary>As it stands after the examiner's corrections; the same object where there are none.</summary>
    public required Claim AsExamined { get; init; }

    /// <summary>The corrections that lead from one to the other.</summary>
    public IReadOnlyList<ClaimCorrection> Corrections { get; init; } = [];

    /// <summary>The line of the file on which the claim begins, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>再審査 (MK): it replaces the earlier claim of the same <see cref="Claim.Key"/>.</summary>
    public bool IsReExamined { get; init; }

    /// <summary>返戻 (HI): it went back to the institution, and the earlier claim of the same <see cref="Claim.Key"/> is withdrawn.</summary>
    public bool IsReturned { get; init; }

    /// <summary>査定: points after examination minus points billed (yen for 訪問看護); usually not above 0.</summary>
    public int PointsDifference => AsExamined.Points - AsBilled.Points;

    /// <summary>The number alone: whatever logs a claim shall not log a person.</summary>
    public override string ToString() => AsExamined.Number;
}

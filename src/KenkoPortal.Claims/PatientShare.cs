namespace KenkoPortal.Claims;

/// <summary>By which rule the patient's share is known.</summary>
public enum PatientShareRule
{
    /// <summary>1: HO 負担金額 tells it.</summary>
    InsuranceAmount,

    /// <summary>2: KO 負担金額 tells it.</summary>
    PublicFundAmount,

    /// <summary>3: the total × the rate.</summary>
    Rate,

    /// <summary>4: a public fund pays and the claim does not tell how much is left to the patient.</summary>
    Unknown,
}

/// <summary>Why a share is unknown.</summary>
public enum UnknownShareReason
{
    /// <summary>公費: a public fund with a blank 負担金額 or for a part of the points only, or several that each leave something to the patient.</summary>
    PublicFund,
}

/// <summary>
/// Who pays what of a claim, in yen, meals not counted. The window rounds to ten yen, so what was paid there may differ by some yen.
/// </summary>
/// <param name="Rule">By which rule.</param>
/// <param name="Patient">窓口相当負担額; null if it is unknown.</param>
/// <param name="UpperBound">What the patient pays at most: <paramref name="Patient"/>, or the ordinary share where that is unknown.</param>
/// <param name="PublicFunds">その他の公費の負担額; null if unknown.</param>
/// <param name="Insurer">保険者の負担額: the total − public funds − patient; null if unknown.</param>
public sealed record PatientShare(PatientShareRule Rule, int? Patient, int UpperBound, int? PublicFunds, int? Insurer)
{
    private const int Remission = 2;

    /// <summary>Null unless <see cref="Patient"/> is.</summary>
    public UnknownShareReason? Unknown => Patient is null ? UnknownShareReason.PublicFund : null;

    /// <summary>
    /// Computes the share. 1. HO 負担金額, if present; with public funds beside it, or where it is more than the total, what
    /// they and the insurer pay is not known. 2. KO 負担金額, if present:
    /// the patient pays that. 3. Otherwise the total × the rate (20 % for 未就学者 and 高齢一般, 30 % else, or what 給付割合 leaves), less 減額. 4. With a public
    /// fund whose 負担金額 is blank no number is invented, nor with one that covers a part of the points only: of the rest the claim does not tell.
    /// </summary>
    public static PatientShare Of(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var total = claim.TotalYen;
        if (claim.PatientAmount is { } amount)
        {
            return claim.PublicFunds.Count == 0 && amount <= total
                ? new PatientShare(PatientShareRule.InsuranceAmount, amount, amount, 0, total - amount)
                : new PatientShare(PatientShareRule.InsuranceAmount, amount, amount, null, null);
        }

        var ordinary = Ordinary(claim);
        if (claim.PublicFunds.Count == 0)
        {
            return new PatientShare(PatientShareRule.Rate, ordinary, ordinary, 0, total - ordinary);
        }

        if (OfFunds(claim) is not { } left)
        {
            return new PatientShare(PatientShareRule.Unknown, null, ordinary, null, null);
        }

        // Without insurance the funds pay everything that the patient does not.
        var covered = claim.InsurerNumber is null ? total : ordinary;
        if (left > total)
        {
            return new PatientShare(PatientShareRule.PublicFundAmount, left, left, null, null);
        }

        var funds = Math.Max(0, covered - left);
        return new PatientShare(PatientShareRule.PublicFundAmount, left, left, funds, total - funds - left);
    }

    /// <summary>What is left by one fund, or by several of which at most one leaves something, each covering all the points.</summary>
    private static int? OfFunds(Claim claim)
    {
        var left = 0;
        foreach (var fund in claim.PublicFunds)
        {
            if (fund.PatientAmount is not { } amount || fund.Points < claim.Points || (amount > 0 && left > 0))
            {
                return null;
            }

            left += amount;
        }

        return left;
    }

    private static int Ordinary(Claim claim)
    {
        if (claim.ReductionClass == Remission)
        {
            return 0;
        }

        var percent = claim.BenefitPercent is { } benefit ? 100 - benefit : claim.Type.PatientPercent;
        var share = claim.TotalYen * percent / 100m;
        share = share * (100 - Math.Min(100, claim.ReductionPercent ?? 0)) / 100m;
        share -= claim.ReductionAmount ?? 0;
        return Math.Max(0, (int)Math.Round(share, MidpointRounding.AwayFromZero));
    }
}

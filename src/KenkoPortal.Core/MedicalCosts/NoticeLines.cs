using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Core.MedicalCosts;

/// <summary>Makes the lines of 医療費通知 from claims that have their person, by the table "From a claim to a notice line".</summary>
public static class NoticeLines
{
    /// <summary>一部負担金 is rounded to ten yen at the window, so an amount that the claim itself tells may be above total × rate by less.</summary>
    private const int Rounding = 10;

    /// <returns>Null where the claim's amounts explain one another.</returns>
    public static LineFault? Judge(ReceivedClaim claim)
    {
        var amounts = claim.Amounts;
        if (amounts is { PatientYen: { } patient, InsurerYen: { } insurer, PublicFundsYen: { } funds })
        {
            if (patient < 0 || insurer < 0 || funds < 0 || patient + insurer + funds != amounts.TotalYen)
            {
                return LineFault.SumsDiffer;
            }
        }
        else if (amounts.PatientYen > amounts.TotalYen)
        {
            return LineFault.SumsDiffer;
        }

        if (amounts.PatientYen >= ((long)amounts.TotalYen * claim.PatientPercent / 100m) + Rounding)
        {
            return LineFault.ShareUnexplained;
        }

        return amounts.MealShareYen > amounts.MealTotalYen ? LineFault.MealsDiffer : null;
    }

    public static MedicalCostLine Of(ReceivedClaim claim, Guid publicationId) => new()
    {
        SocietyId = claim.SocietyId,
        PublicationId = publicationId,
        ClaimId = claim.Id,
        PersonId = claim.PersonId!.Value,
        Month = claim.Month,
        Care = claim.Care,
        InstitutionKey = claim.InstitutionKey,
        InstitutionName = claim.InstitutionName,
        PrescriberKey = claim.PrescriberKey,
        PrescriberName = claim.PrescriberName,
        PrescribedMonths = claim.PrescribedMonths,
        Days = claim.Days,
        Amounts = claim.Amounts,
    };

    /// <summary>What members see of a line, in short, for comparison within one run.</summary>
    public static int Digest(MedicalCostLine line)
    {
        var hash = default(HashCode);
        hash.Add(line.PersonId);
        hash.Add(line.Care);
        hash.Add(line.InstitutionKey, StringComparer.Ordinal);
        hash.Add(line.InstitutionName, StringComparer.Ordinal);
        hash.Add(line.PrescriberKey, StringComparer.Ordinal);
        hash.Add(line.PrescriberName, StringComparer.Ordinal);
        hash.Add(line.PrescribedMonths, StringComparer.Ordinal);
        hash.Add(line.Days);
        hash.Add(line.Amounts);
        return hash.ToHashCode();
    }

    /// <inheritdoc cref="Digest(MedicalCostLine)"/>
    internal static int Digest(GenericDrugLine line)
    {
        var hash = default(HashCode);
        hash.Add(line.PersonId);
        hash.Add(line.DrugCode, StringComparer.Ordinal);
        hash.Add(line.ProductCode, StringComparer.Ordinal);
        hash.Add(line.Days);
        hash.Add(line.Mark);
        hash.Add(line.DrugName, StringComparer.Ordinal);
        hash.Add(line.Quantity);
        hash.Add(line.CostYen);
        hash.Add(line.LeastSavingYen);
        hash.Add(line.MostSavingYen);
        foreach (var candidate in line.Candidates)
        {
            hash.Add(candidate);
        }

        return hash.ToHashCode();
    }
}

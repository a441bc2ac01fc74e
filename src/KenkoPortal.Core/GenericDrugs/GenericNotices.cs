using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Societies;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>Opens the computation of a month's ジェネリック通知 for the current society: its settings, and the drug lists of that month.</summary>
public sealed class GenericNotices(PortalContext db, DrugCatalogues catalogues)
{
    public async Task<GenericNoticeBatch> OpenAsync(TreatmentMonth month, CancellationToken cancellationToken) =>
        new(db.Current.Society, month, await catalogues.AtAsync(db, month, cancellationToken));
}

/// <summary>One month's computation, in memory. Not for several threads at once: it counts.</summary>
public sealed class GenericNoticeBatch
{
    /// <summary>Candidates that a line shows.</summary>
    private const int MostCandidates = 3;

    private readonly Society _society;
    private readonly GenericSavings? _savings;
    private readonly string[] _excluded;

    /// <param name="society">Whose thresholds and exclusions hold.</param>
    /// <param name="month">診療年月.</param>
    /// <param name="catalogue">The lists of that month; null where there are none.</param>
    public GenericNoticeBatch(Society society, TreatmentMonth month, DrugCatalogue? catalogue)
    {
        (_society, Month) = (society, month);
        _savings = catalogue is null ? null : new GenericSavings(catalogue, month);
        _excluded = society.GenericExcluded.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        HasMaster = catalogue?.HasMaster == true;
    }

    public TreatmentMonth Month { get; }

    /// <summary>From when the lists hold that price this month; null where no lists are there: then there are no lines.</summary>
    public DateOnly? ListsFrom => _savings?.ListsFrom;

    /// <summary>Whether there is a 医薬品マスター: without one no claim's code can be linked, and there are no lines.</summary>
    public bool HasMaster { get; }

    /// <summary>Drug rows of outpatient claims so far.</summary>
    public int DrugRows { get; private set; }

    /// <summary>Of <see cref="DrugRows"/>, those whose code the 医薬品マスター does not link to a priced product. All of them, where no master was imported.</summary>
    public int UnlinkedDrugRows { get; private set; }

    /// <summary>
    /// The lines of one person and this month, thresholds and exclusions applied; those that save most first. A drug that some of its claims alone may tell
    /// has lines with a <see cref="GenericLineMark"/>.
    /// </summary>
    /// <param name="publicationId">The computation that they belong to.</param>
    /// <param name="claimsOfOnePerson">The person's claims of this month; kinds other than outpatient and pharmacy, and withdrawn ones, are passed over.</param>
    /// <param name="birthDate">When the person was born.</param>
    public IEnumerable<GenericDrugLine> Lines(Guid publicationId, IReadOnlyList<ReceivedClaim> claimsOfOnePerson, DateOnly birthDate) =>
        Examine(claimsOfOnePerson, birthDate)
            .Where(drug => drug.NotTold == NotTold.Told || MayBeToldInPart(drug, birthDate))
            .OrderByDescending(drug => drug.MostSavingYen)
            .SelectMany(drug => LinesOf(publicationId, drug))
            .ToList();

    /// <summary>Every drug of the person's month, told or not: what <see cref="Lines"/> is made of, and what the help desk is told.</summary>
    public IReadOnlyList<ExaminedDrug> Examine(IReadOnlyList<ReceivedClaim> claimsOfOnePerson, DateOnly birthDate)
    {
        if (_savings is null)
        {
            var rows = claimsOfOnePerson.Where(IsOutpatient).Sum(c => ClaimDrugs.Read(c.Drugs).Count());
            DrugRows += rows;
            UnlinkedDrugRows += rows;
            return [];
        }

        List<ExaminedDrug> drugs = [];
        foreach (var claim in claimsOfOnePerson.Where(IsOutpatient))
        {
            foreach (var (code, quantity, times) in ClaimDrugs.Read(claim.Drugs))
            {
                var substitution = _savings.Of(code);
                DrugRows++;
                UnlinkedDrugRows += substitution.IsLinked ? 0 : 1;
                var drug = drugs.Find(d => IsSame(d.Substitution, substitution));
                if (drug is null)
                {
                    drugs.Add(drug = new ExaminedDrug(substitution));
                }

                drug.Add(new ExaminedRow(claim, code, quantity, times));
            }
        }

        foreach (var drug in drugs)
        {
            Judge(drug, birthDate);
        }

        return drugs;
    }

    private static bool IsOutpatient(ReceivedClaim claim) =>
        claim.Care is CareKind.MedicalOutpatient or CareKind.DentalOutpatient or CareKind.Pharmacy && claim.WithdrawnAt is null && claim.Drugs.Length > 0;

    private static bool IsSame(Substitution one, Substitution other) =>
        one.Product is { } product ? product == other.Product : string.Equals(one.Code, other.Code, StringComparison.Ordinal);

    private void Judge(ExaminedDrug drug, DateOnly birthDate)
    {
        if (drug.Substitution.Verdict != SubstitutionVerdict.Found)
        {
            drug.NotTold = NotTold.NoSubstitute;
            return;
        }

        if (drug.Rows.Any(r => !r.IsSound))
        {
            drug.NotTold = NotTold.OddQuantity;
            return;
        }

        foreach (var rows in RowsByClaim(drug))
        {
            drug.LeastSavingYen += ExaminedDrug.SavingYen(drug.Substitution, rows, drug.Substitution.Candidates[^1]);
            drug.MostSavingYen += ExaminedDrug.SavingYen(drug.Substitution, rows, drug.Substitution.Candidates[0]);
        }

        drug.NotTold = NeverTold(drug, birthDate)
            ?? (drug.Days < _society.GenericLeastDays ? NotTold.TooFewDays
                : IsReached(drug.MostSavingYen, drug.Days, _society.GenericLeastYen, _society.GenericLeastDays) ? NotTold.Told
                : NotTold.SavesTooLittle);
    }

    /// <summary>Why a drug is told of no claim, whatever it comes to.</summary>
    private NotTold? NeverTold(ExaminedDrug drug, DateOnly birthDate) => drug.Substitution switch
    {
        { IsAntiHiv: true } => NotTold.AntiHiv,
        { Product: { } product } when Array.Exists(_excluded, e => product.Code.StartsWith(e, StringComparison.Ordinal)) => NotTold.ExcludedClass,
        _ when Person.AgeOn(birthDate, Month.FirstDay) < _society.GenericLeastAge => NotTold.TooYoung,
        _ => null,
    };

    /// <summary>Whether claims reach a society's thresholds.</summary>
    /// <param name="savingYen">What they save at most.</param>
    /// <param name="days">Days of supply; null where they do not count.</param>
    /// <param name="leastYen">Least saving.</param>
    /// <param name="leastDays">Least days.</param>
    internal static bool IsReached(long savingYen, long? days, int leastYen, int leastDays) => !(days < leastDays) && savingYen > 0 && savingYen >= leastYen;

    /// <summary>
    /// Whether a drug that is not told may be told of some of its claims alone: where one of them has a slip, or costs more with the candidate. Rare.
    /// </summary>
    private bool MayBeToldInPart(ExaminedDrug drug, DateOnly birthDate)
    {
        if (drug.NotTold is not (NotTold.OddQuantity or NotTold.SavesTooLittle) || NeverTold(drug, birthDate) is not null)
        {
            return false;
        }

        var sound = RowsByClaim(drug).Where(rows => rows.TrueForAll(r => r.IsSound)).ToList();
        return IsReached(
            sound.Sum(rows => (long)Math.Max(0, ExaminedDrug.SavingYen(drug.Substitution, rows, drug.Substitution.Candidates[0]))),
            ExaminedDrug.DaysOf(drug.Substitution, sound.SelectMany(rows => rows)),
            _society.GenericLeastYen,
            _society.GenericLeastDays);
    }

    private static IEnumerable<List<ExaminedRow>> RowsByClaim(ExaminedDrug drug) => drug.Rows.GroupBy(r => r.Claim).Select(rows => rows.ToList());

    private IEnumerable<GenericDrugLine> LinesOf(Guid publicationId, ExaminedDrug drug)
    {
        GenericLineMark? mark = drug.NotTold == NotTold.Told ? null : GenericLineMark.NotReached;
        foreach (var all in RowsByClaim(drug))
        {
            var (claim, substitution, isSound) = (all[0].Claim, drug.Substitution, all.TrueForAll(r => r.IsSound));
            yield return new GenericDrugLine
            {
                SocietyId = _society.Id,
                PublicationId = publicationId,
                ClaimId = claim.Id,
                PersonId = claim.PersonId!.Value,
                Month = Month,
                DrugCode = all[0].Code,
                ProductCode = substitution.Product!.Code,
                Days = isSound ? ExaminedDrug.DaysOf(substitution, all) : null,
                Mark = isSound ? mark : GenericLineMark.Odd,
                DrugName = substitution.Product.Name,
                Quantity = isSound ? all.Sum(r => r.Quantity * r.Times) : 0,
                Unit = substitution.Original!.Unit,
                CostYen = isSound ? GenericSavings.Share(ExaminedDrug.CostYen(substitution, all, substitution.Product), claim.PatientPercent) : 0,
                LeastSavingYen = isSound ? ExaminedDrug.SavingYen(substitution, all, substitution.Candidates[^1]) : 0,
                MostSavingYen = isSound ? ExaminedDrug.SavingYen(substitution, all, substitution.Candidates[0]) : 0,
                Candidates = isSound
                    ? [.. substitution.Candidates.Take(MostCandidates).Select(c => new GenericCandidate(c.Name, c.Price, ExaminedDrug.SavingYen(substitution, all, c)))]
                    : [],
            };
        }
    }
}

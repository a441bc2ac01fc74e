using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Societies;

namespace KenkoPortal.Tests.Support;

/// <summary>
/// Puts notices of a society into the database as a computation and a publication would leave them: months are published on the 20th of the
/// second month after the treatment.
/// </summary>
public sealed class NoticesOf(Residents residents, Society society, TimeProvider clock)
{
    private static int s_claims;

    private readonly Dictionary<TreatmentMonth, Guid> _publications = [];

    /// <summary>A month without lines, or where one begins.</summary>
    /// <param name="month"><c>2026-04</c>.</param>
    /// <param name="on">The first day on which members see it; null for the usual one.</param>
    public async Task<Guid> PublishAsync(string month, DateOnly? on = null)
    {
        var treatment = MonthOf(month);
        if (_publications.TryGetValue(treatment, out var id))
        {
            return id;
        }

        var publication = new NoticeVersion
        {
            SocietyId = society.Id,
            Month = treatment,
            State = PublicationState.Published,
            ComputedAt = clock.GetUtcNow(),
            PublishOn = on ?? treatment.FirstDay.AddMonths(2).AddDays(19),
            People = 1,
            MedicalCostLines = 1,
            GenericDrugLines = 1,
        };
        await residents.WriteAsync(db => db.Publications.Add(publication));
        return _publications[treatment] = publication.Id;
    }

    /// <summary>A month that is computed, and not published: further lines are the draft's.</summary>
    public async Task DraftAsync(string month)
    {
        var draft = new NoticeVersion
        {
            SocietyId = society.Id, Month = MonthOf(month), State = PublicationState.Computed, ComputedAt = clock.GetUtcNow(), People = 1, MedicalCostLines = 1, GenericDrugLines = 0,
        };
        await residents.WriteAsync(db => db.Publications.Add(draft));
        _publications[draft.Month] = draft.Id;
    }

    /// <summary>The line of a claim that an earlier version had.</summary>
    /// <param name="line">The line.</param>
    /// <param name="institution">Another institution, where its code was corrected.</param>
    public Task AgainAsync(MedicalCostLine line, string? institution = null) => residents.WriteAsync(db => db.MedicalCostLines.Add(new MedicalCostLine
    {
        SocietyId = society.Id, PublicationId = _publications[line.Month], ClaimId = line.ClaimId, PersonId = line.PersonId, Month = line.Month, Care = line.Care,
        InstitutionKey = institution is null ? line.InstitutionKey : KeyOf(institution), InstitutionName = institution ?? line.InstitutionName, PrescriberKey = line.PrescriberKey, PrescriberName = line.PrescriberName, PrescribedMonths = line.PrescribedMonths, Days = line.Days,
        Amounts = line.Amounts,
    }));

    /// <summary>A line of a 医療費通知 and its claim.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="month"><c>2026-04</c>.</param>
    /// <param name="institution">医療機関名; its key is made of it.</param>
    /// <param name="total">医療費の総額.</param>
    /// <param name="patient">窓口相当負担額; null is unknown.</param>
    /// <param name="care">診療区分.</param>
    /// <param name="prescriber">調剤: the name of the institution whose prescription it was.</param>
    /// <param name="meal">食事・生活療養標準負担額.</param>
    /// <param name="correction">査定.</param>
    /// <param name="days">日数・回数.</param>
    /// <param name="mealTotal">食事・生活療養の合計金額, where the patient's part is not all of it.</param>
    /// <param name="prescribed">調剤: the months of the prescriptions; the line's own where none is given.</param>
    public async Task<MedicalCostLine> CostAsync(
        Person person, string month, string institution = "みなと内科", int total = 10_000, int? patient = 3_000,
        CareKind care = CareKind.MedicalOutpatient, string? prescriber = null, int? meal = null, int correction = 0, int days = 2, int? mealTotal = null, string? prescribed = null)
    {
        var claim = ClaimOf(person, MonthOf(month), institution, care, prescriber, total, patient, days);
        var line = new MedicalCostLine
        {
            SocietyId = society.Id,
            PublicationId = await PublishAsync(month),
            ClaimId = claim.Id,
            PersonId = person.Id,
            Month = claim.Month,
            Care = care,
            InstitutionKey = claim.InstitutionKey,
            InstitutionName = institution,
            PrescriberKey = claim.PrescriberKey,
            PrescriberName = prescriber,
            PrescribedMonths = prescribed ?? (prescriber is null ? null : month),
            Days = days,
            Amounts = claim.Amounts with
            {
                InsurerYen = patient is { } known ? total - known : null,
                PublicFundsYen = patient is null ? null : 0,
                MealTotalYen = mealTotal ?? meal,
                MealShareYen = meal,
                CorrectionYen = correction,
            },
        };
        await residents.WriteAsync(db =>
        {
            db.ReceivedClaims.Add(claim);
            db.MedicalCostLines.Add(line);
        });
        return line;
    }

    /// <summary>A line of a ジェネリック通知.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="month"><c>2026-04</c>.</param>
    /// <param name="name">現在のお薬.</param>
    /// <param name="cost">お薬代.</param>
    /// <param name="least">軽減できる額 with the dearest candidate.</param>
    /// <param name="most">軽減できる額 with the cheapest candidate.</param>
    /// <param name="line">The 医療費通知 line of the same claim; a claim of its own where none is given.</param>
    public async Task<GenericDrugLine> DrugAsync(
        Person person, string month, string name = "ミナトール錠5mg", int cost = 2_000, int least = 600, int most = 1_200, MedicalCostLine? line = null)
    {
        var publication = await PublishAsync(month);
        var claim = line is null ? ClaimOf(person, MonthOf(month), "みなと薬局", CareKind.Pharmacy, null, cost, cost, 1) : null;
        var drug = new GenericDrugLine
        {
            SocietyId = society.Id,
            PublicationId = publication,
            ClaimId = line?.ClaimId ?? claim!.Id,
            PersonId = person.Id,
            Month = MonthOf(month),
            DrugCode = "620000001",
            DrugName = name,
            Quantity = 84,
            Unit = "錠",
            CostYen = cost,
            LeastSavingYen = least,
            MostSavingYen = most,
            Candidates = [new GenericCandidate(name + "「架空」", 10.1m, most), new GenericCandidate(name + "「見本」", 15.3m, least)],
        };
        await residents.WriteAsync(db =>
        {
            if (claim is not null)
            {
                db.ReceivedClaims.Add(claim);
            }

            db.GenericDrugLines.Add(drug);
        });
        return drug;
    }

    /// <summary>Takes a month back.</summary>
    public Task WithdrawAsync(string month)
    {
        var id = _publications[MonthOf(month)];
        return residents.WriteAsync(db => db.Publications.Single(p => p.Id == id).State = PublicationState.Withdrawn);
    }

    private static TreatmentMonth MonthOf(string month) =>
        new(int.Parse(month.AsSpan(0, 4), CultureInfo.InvariantCulture), int.Parse(month.AsSpan(5), CultureInfo.InvariantCulture));

    private static string KeyOf(string institution) => "131" + (1_000_000 + (Math.Abs(StringComparer.Ordinal.GetHashCode(institution)) % 9_000_000)).ToString(CultureInfo.InvariantCulture);

    private ReceivedClaim ClaimOf(Person person, TreatmentMonth month, string institution, CareKind care, string? prescriber, int total, int? patient, int days)
    {
        var number = Interlocked.Increment(ref s_claims).ToString(CultureInfo.InvariantCulture);
        return new ReceivedClaim
        {
            SocietyId = society.Id,
            SourceKey = "test-" + number,
            Fingerprint = 1,
            Month = month,
            Care = care,
            Number = number,
            InstitutionKey = KeyOf(institution),
            InstitutionName = institution,
            PrescriberKey = prescriber is null ? null : KeyOf(prescriber),
            SymbolKey = "港",
            NumberKey = "1",
            BirthDate = person.BirthDate,
            Sex = person.Sex,
            NameKey = person.KanaKey,
            PersonId = person.Id,
            Match = ClaimMatch.Matched,
            Days = days,
            Amounts = new ClaimAmounts
            {
                TotalYen = total,
                PatientYen = patient,
                UpperBoundYen = patient ?? (total * 3 / 10),
                CorrectionYen = 0,
                HasPublicFunds = patient is null,
            },
            PatientPercent = 30,
            Drugs = "",
            ChangedAt = clock.GetUtcNow(),
        };
    }
}

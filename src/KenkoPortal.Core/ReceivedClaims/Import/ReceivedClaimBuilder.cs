using System.Globalization;
using System.Runtime.InteropServices;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;

namespace KenkoPortal.Core.ReceivedClaims.Import;

/// <summary>A claim on its way into the database.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IncomingClaim(ReceivedClaim Claim, bool IsReExamined, bool IsReturned)
{
    public ClaimTime Time => new(Claim.DeliveredMonth, Claim.BilledMonth);

    public override string ToString() => Claim.Number;
}

/// <summary>Makes of a claim as delivered the row that the society keeps, by the table "From a claim to a notice line", and finds its person.</summary>
internal sealed class ReceivedClaimBuilder(Guid societyId, ClaimMatching matching, DateTimeOffset now)
{
    private const int MostSymbols = 20_000;

    private readonly ClaimFingerprint _fingerprint = new();
    private readonly TreatmentMonth _thisMonth = TreatmentMonth.Of(JapanTime.DateOf(now));
    private readonly Dictionary<string, string> _symbols = new(StringComparer.Ordinal);
    private Institution? _institution;
    private string _institutionKey = "";

    /// <param name="delivered">The claim.</param>
    /// <param name="side">Whose file it was in.</param>
    /// <param name="deliveredMonth">請求年月 by the folder of the delivery.</param>
    public IncomingClaim Build(DeliveredClaim delivered, ClaimSide side, TreatmentMonth? deliveredMonth)
    {
        var examined = delivered.AsExamined;
        var share = PatientShare.Of(examined);
        var institution = KeyOf(examined);
        var claim = new ReceivedClaim
        {
            SocietyId = societyId,
            SourceKey = SourceKey(examined, institution, side),
            Fingerprint = 0,
            Month = examined.Month,
            Care = CareOf(examined),
            Number = examined.Number,
            InstitutionKey = institution,
            InstitutionName = examined.Institution.Name ?? examined.Institution.Code,
            PrescriberKey = PrescriberKey(examined),
            PrescriberName = examined.Prescriber?.Name,
            PrescribedMonths = examined.Kind == ClaimKind.Pharmacy ? PrescribedMonths.Write(examined.PrescribedOn, examined.Month) : null,
            SymbolKey = SymbolKey(examined.CardSymbol),
            NumberKey = CardNumber.TryParse(examined.CardNumber, out var number) ? number.Key : "",
            Branch = examined.BranchNumber,
            BirthDate = examined.BirthDate,
            Sex = (Sex)examined.Sex,
            NameKey = ClaimPatient.FoldName(examined.Kana, examined.Name),
            Match = ClaimMatch.NoCard,
            Days = examined.Days,
            Amounts = new ClaimAmounts
            {
                TotalYen = examined.TotalYen,
                PatientYen = share.Patient,
                UpperBoundYen = share.UpperBound,
                PublicFundsYen = share.PublicFunds,
                InsurerYen = share.Insurer,
                MealTotalYen = examined.MealTotal,
                MealShareYen = examined.MealShare,
                CorrectionYen = examined.TotalYen - delivered.AsBilled.TotalYen,
                HasPublicFunds = examined.PublicFunds.Count > 0,
            },
            PatientPercent = examined.BenefitPercent is { } benefit ? 100 - benefit : examined.Type.PatientPercent,
            Drugs = ClaimDrugs.Write(examined.Drugs),
            ChangedAt = now,
            DeliveredMonth = Plausible(deliveredMonth, examined.Month),
            BilledMonth = Plausible(examined.BilledMonth, examined.Month),
            IsReExamined = delivered.IsReExamined,
        };
        (claim.Match, claim.PersonId) = matching.Find(ClaimPatient.Of(claim));
        claim.Fingerprint = _fingerprint.Of(claim);
        return new IncomingClaim(claim, delivered.IsReExamined, delivered.IsReturned);
    }

    /// <summary>A month of billing before the treatment or after today is a slip: by it every later delivery would be an earlier one for good.</summary>
    private TreatmentMonth? Plausible(TreatmentMonth? billed, TreatmentMonth treatment) => billed >= treatment && billed <= _thisMonth ? billed : null;

    private static string SourceKey(Claim claim, string institution, ClaimSide side) => (claim.Key, side) switch
    {
        ({ } key, _) => "K" + key,
        (null, ClaimSide.Insurer) => "N" + claim.Number,
        // A number of a provider's file begins anew each month: the birth date keeps two patients apart.
        _ => string.Create(CultureInfo.InvariantCulture, $"P{(int)claim.Kind}{institution}{claim.Month}-{claim.Number}-{claim.BirthDate:yyyyMMdd}"),
    };

    private static CareKind CareOf(Claim claim) => claim.Kind switch
    {
        ClaimKind.Dental => claim.IsInpatient ? CareKind.DentalInpatient : CareKind.DentalOutpatient,
        ClaimKind.Pharmacy => CareKind.Pharmacy,
        ClaimKind.Nursing => CareKind.HomeNursing,
        _ => claim.IsInpatient ? CareKind.MedicalInpatient : CareKind.MedicalOutpatient,
    };

    private string KeyOf(Claim claim)
    {
        if (!ReferenceEquals(claim.Institution, _institution))
        {
            _institution = claim.Institution;
            var pointTable = claim.Kind switch { ClaimKind.Dental => "3", ClaimKind.Pharmacy => "4", ClaimKind.Nursing => "6", _ => "1" };
            _institutionKey = KeyOf(claim.Institution, InstitutionIdentity.UnknownPrefecture, pointTable);
        }

        return _institutionKey;
    }

    /// <summary>
    /// What the pharmacy leaves blank is unknown and not its own: the key serves to hide lines together, and a guess would show what its owner hides. Codes of
    /// zeros or nines stand for none.
    /// </summary>
    private static string? PrescriberKey(Claim claim) => claim.Prescriber is { Code: not ("" or "0000000" or "9999999") } prescriber
        ? KeyOf(prescriber, InstitutionIdentity.UnknownPrefecture, InstitutionIdentity.UnknownPointTable)
        : null;

    private static string KeyOf(Institution institution, string prefecture, string pointTable) =>
        (institution.Prefecture ?? prefecture) + (institution.PointTable ?? pointTable) + institution.Code;

    /// <summary>記号 are few, and folding them is dear.</summary>
    private string SymbolKey(string? text)
    {
        if (text is null)
        {
            return "";
        }

        if (!_symbols.TryGetValue(text, out var key))
        {
            if (_symbols.Count == MostSymbols)
            {
                _symbols.Clear();
            }

            _symbols[text] = key = CardSymbol.TryParse(text, out var symbol) ? symbol.Key : "";
        }

        return key;
    }
}

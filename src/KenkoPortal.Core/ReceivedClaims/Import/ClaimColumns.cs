namespace KenkoPortal.Core.ReceivedClaims.Import;

/// <summary>The columns that a claim brings, by which a corrected one is told apart.</summary>
public static class ClaimColumns
{
    private static readonly (string Name, Func<ReceivedClaim, object?> Value)[] All =
    [
        (nameof(ReceivedClaim.Number), c => c.Number),
        (nameof(ReceivedClaim.Month), c => c.Month),
        (nameof(ReceivedClaim.Care), c => c.Care),
        (nameof(ReceivedClaim.InstitutionKey), c => c.InstitutionKey),
        (nameof(ReceivedClaim.InstitutionName), c => c.InstitutionName),
        (nameof(ReceivedClaim.PrescriberKey), c => c.PrescriberKey),
        (nameof(ReceivedClaim.PrescriberName), c => c.PrescriberName),
        (nameof(ReceivedClaim.PrescribedMonths), c => c.PrescribedMonths),
        (nameof(ReceivedClaim.SymbolKey), c => c.SymbolKey),
        (nameof(ReceivedClaim.NumberKey), c => c.NumberKey),
        (nameof(ReceivedClaim.Branch), c => c.Branch),
        (nameof(ReceivedClaim.BirthDate), c => c.BirthDate),
        (nameof(ReceivedClaim.Sex), c => c.Sex),
        (nameof(ReceivedClaim.NameKey), c => c.NameKey),
        (nameof(ReceivedClaim.Days), c => c.Days),
        (nameof(ReceivedClaim.TotalYen), c => c.TotalYen),
        (nameof(ReceivedClaim.PatientYen), c => c.PatientYen),
        (nameof(ReceivedClaim.UpperBoundYen), c => c.UpperBoundYen),
        (nameof(ReceivedClaim.PublicFundsYen), c => c.PublicFundsYen),
        (nameof(ReceivedClaim.InsurerYen), c => c.InsurerYen),
        (nameof(ReceivedClaim.MealTotalYen), c => c.MealTotalYen),
        (nameof(ReceivedClaim.MealShareYen), c => c.MealShareYen),
        (nameof(ReceivedClaim.CorrectionYen), c => c.CorrectionYen),
        (nameof(ReceivedClaim.HasPublicFunds), c => c.HasPublicFunds),
        (nameof(ReceivedClaim.PatientPercent), c => c.PatientPercent),
        (nameof(ReceivedClaim.Drugs), c => c.Drugs),
    ];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Select(column => column.Name);

    /// <summary>What a changed claim changes in its row.</summary>
    internal static IReadOnlyList<string> Written { get; } =
    [
        .. Names, nameof(ReceivedClaim.Fingerprint), nameof(ReceivedClaim.Match), nameof(ReceivedClaim.PersonId), nameof(ReceivedClaim.ChangedAt),
        nameof(ReceivedClaim.IsReExamined), nameof(ReceivedClaim.WithdrawnAt), nameof(ReceivedClaim.DeliveredMonth), nameof(ReceivedClaim.BilledMonth),
    ];

    internal static List<string> Differing(ReceivedClaim former, ReceivedClaim claim) =>
        [.. All.Where(column => !Equals(column.Value(former), column.Value(claim))).Select(column => column.Name)];
}

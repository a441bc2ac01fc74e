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
        .. ClaimAmounts.Fields.Select(field => (field.Name, Of(field.Value))),
        (nameof(ReceivedClaim.PatientPercent), c => c.PatientPercent),
        (nameof(ReceivedClaim.Drugs), c => c.Drugs),
    ];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Select(column => column.Name);

    /// <summary>What a changed claim changes in its row.</summary>
    public static IReadOnlyList<string> Written { get; } =
    [
        .. Names, nameof(ReceivedClaim.Fingerprint), nameof(ReceivedClaim.Match), nameof(ReceivedClaim.PersonId), nameof(ReceivedClaim.ChangedAt),
        nameof(ReceivedClaim.IsReExamined), nameof(ReceivedClaim.WithdrawnAt), nameof(ReceivedClaim.DeliveredMonth), nameof(ReceivedClaim.BilledMonth),
    ];

    private static Func<ReceivedClaim, object?> Of(Func<ClaimAmounts, int?> value) => claim => value(claim.Amounts);

    public static IReadOnlyList<string> Differing(ReceivedClaim former, ReceivedClaim claim) =>
        [.. All.Where(column => !Equals(column.Value(former), column.Value(claim))).Select(column => column.Name)];
}

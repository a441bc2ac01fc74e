using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>What a society's months of claims leave in the tables, in words that are the same on two databases: no key that was drawn, no time of day.</summary>
internal static class NoticeRows
{
    private static readonly string[] Notices =
    [
        """
        SELECT 'claim', c."SourceKey", c."Fingerprint", c."Month", c."Care", c."Number", c."InstitutionName", c."Match", c."Days", c."TotalYen", c."PatientYen", c."UpperBoundYen",
            c."PublicFundsYen", c."InsurerYen", c."MealTotalYen", c."MealShareYen", c."CorrectionYen", c."Drugs", c."DeliveredMonth", c."BilledMonth", c."IsReExamined",
            c."WithdrawnAt" IS NULL, k."Symbol", k."Number", k."Branch"
        FROM "ReceivedClaims" c LEFT JOIN "InsuranceCards" k ON k."PersonId" = c."PersonId"
        """,
        """
        SELECT 'publication', "Month", "State", "PublishOn", "EndedAt" IS NULL, "People", "MedicalCostLines", "GenericDrugLines" FROM "Publications"
        """,
        """
        SELECT 'cost', p."Month", p."State", c."SourceKey", k."Symbol", k."Number", k."Branch", l."InstitutionName", l."Days", l."TotalYen", l."InsurerYen", l."PublicFundsYen", l."PatientYen",
            l."UpperBoundYen", l."MealTotalYen", l."MealShareYen", l."CorrectionYen"
        FROM "MedicalCostLines" l JOIN "Publications" p ON p."Id" = l."PublicationId" JOIN "ReceivedClaims" c ON c."Id" = l."ClaimId" LEFT JOIN "InsuranceCards" k ON k."PersonId" = l."PersonId"
        """,
        """
        SELECT 'drug', p."Month", p."State", c."SourceKey", k."Symbol", k."Number", k."Branch", l."DrugCode", l."Quantity", l."CostYen", l."LeastSavingYen", l."MostSavingYen", l."Candidates"
        FROM "GenericDrugLines" l JOIN "Publications" p ON p."Id" = l."PublicationId" JOIN "ReceivedClaims" c ON c."Id" = l."ClaimId" LEFT JOIN "InsuranceCards" k ON k."PersonId" = l."PersonId"
        """,
    ];

    private static readonly string[] Traces =
    [
        """
        SELECT 'run', "Format", "Rows", "Joined", "Changed", "Moved", "Left", "SetAside", "Waiting" FROM "ImportRuns"
        """,
        """
        SELECT 'event', "Kind", COUNT(*) FROM "AuditEvents" GROUP BY "Kind"
        """,
    ];

    /// <summary>A checksum of claims, publications and lines, and of what tells of them: runs of imports and counts of events.</summary>
    /// <param name="store">The database.</param>
    /// <param name="isOfNotices">Leaves out what tells of them; every further run leaves its trace.</param>
    public static Task<string> DigestAsync(PortalStore store, bool isOfNotices = false) =>
        store.DigestAsync(isOfNotices ? Notices : [.. Notices, .. Traces]);
}

using System.Globalization;
using System.Linq.Expressions;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>
/// Computes a month's notices from the claims that the society has: a draft, and a report by which staff see whether it may be published. A
/// draft of before is replaced. What members see does not change.
/// </summary>
public sealed class NoticeComputation(
    PortalContext db, UnitOfWork work, BulkWrites bulk, ClaimOwners owners, GenericNotices generics, AuditTrail audit, TimeProvider clock)
{
    /// <summary>What one computation or publication of a society waits for another at.</summary>
    internal const string Queue = "notices";

    private const int ClaimsAtOnce = 10_000;
    private const int MonthsCompared = 6;

    public Task<NoticeCheck> ComputeAsync(TreatmentMonth month, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        work.CommitAsync(() => WriteAsync(month, progress, cancellationToken), cancellationToken);

    /// <summary>Deletes drafts of a month with their lines, inside the running transaction.</summary>
    internal static async Task DeleteDraftsAsync(PortalContext db, TreatmentMonth month, CancellationToken cancellationToken)
    {
        var drafts = await db.Publications.Where(p => p.Month == month && p.State == PublicationState.Computed).Select(p => p.Id).ToArrayAsync(cancellationToken);
        foreach (var draft in drafts)
        {
            await DeleteLinesAsync(db, draft, cancellationToken);
        }

        if (drafts.Length > 0)
        {
            await db.Publications.Where(p => drafts.Contains(p.Id)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static async Task DeleteLinesAsync(PortalContext db, Guid publicationId, CancellationToken cancellationToken)
    {
        await db.MedicalCostLines.Where(l => l.PublicationId == publicationId).ExecuteDeleteAsync(cancellationToken);
        await db.GenericDrugLines.Where(l => l.PublicationId == publicationId).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<NoticeCheck> WriteAsync(TreatmentMonth month, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        // An import in between would show one claim to two people: it is read in batches, and PostgreSQL lets each see what was committed before.
        await work.QueueUpAsync(ClaimOwners.Queue, cancellationToken);
        await work.QueueUpAsync(Queue, cancellationToken);
        await DeleteDraftsAsync(db, month, cancellationToken);
        var matching = await owners.LoadAsync(cancellationToken);
        var matchedNow = await owners.MatchAgainAsync(matching, verified: null, cancellationToken);
        var publishedId = await db.Publications.Where(p => p.Month == month && p.State == PublicationState.Published)
            .Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancellationToken);
        var run = await TryAddLinesAsync(month, matching, publishedId, progress, cancellationToken);
        if (run is null)
        {
            // A list of since then made somebody's claim another's: rare, and so looked for on the way.
            await owners.MatchAgainAsync(matching, month, cancellationToken);
            run = await TryAddLinesAsync(month, matching, publishedId, progress, cancellationToken)
                ?? throw new InvalidOperationException("Claims that were matched anew do not match.");
        }

        db.Publications.Add(new NoticeVersion
        {
            Id = run.PublicationId,
            SocietyId = db.SocietyId,
            Month = month,
            State = PublicationState.Computed,
            ComputedAt = clock.GetUtcNow(),
            People = run.People,
            MedicalCostLines = run.CostLines,
            GenericDrugLines = run.DrugLines,
            GenericLeastYen = db.Current.Society.GenericLeastYen,
            GenericLeastDays = db.Current.Society.GenericLeastDays,
        });
        var check = await CheckAsync(run, month, matchedNow, cancellationToken);
        audit.Add(AuditKind.NoticesComputed, run.PublicationId, string.Create(
            CultureInfo.InvariantCulture,
            $"month={month} people={run.People} costs={run.CostLines} drugs={run.DrugLines} faulty={run.Faulty.Count} waiting={check.Waiting.Values.Sum()}"));
        return check;
    }

    /// <returns>Null, with no line left, where a claim is no longer of the person that it was found to be of.</returns>
    private async Task<Run?> TryAddLinesAsync(
        TreatmentMonth month, ClaimMatching matching, Guid? publishedId, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var run = new Run
        {
            Generics = await generics.OpenAsync(month, cancellationToken),
            Matching = matching,
            Costs = publishedId is null ? null : new NoticeDifferences(await NoticeDifferences.DigestsAsync(
                db.MedicalCostLines.Where(l => l.PublicationId == publishedId), l => l.ClaimId, NoticeLines.Digest, cancellationToken)),
            Drugs = publishedId is null ? null : new NoticeDifferences(await NoticeDifferences.DigestsAsync(
                db.GenericDrugLines.Where(l => l.PublicationId == publishedId), l => l.ClaimId, NoticeLines.Digest, cancellationToken)),
            Today = JapanTime.DateOf(clock.GetUtcNow()),
        };
        var (last, done) = (Guid.Empty, 0);
        var making = Task.FromResult<Lines?>(new Lines([], []));
        while (await NextAsync(month, last, cancellationToken) is { Count: > 0 } claims && await making is { } made)
        {
            // The lines of these claims are made while those of the claims before are written and the next claims are read.
            making = Task.Run(() => TryMakeLines(run, claims), cancellationToken);
            await AddAsync(run, made, cancellationToken);
            last = claims[^1].PersonId!.Value;
            done += claims.Count;
            progress?.Report(done);
        }

        if (await making is { } rest)
        {
            await AddAsync(run, rest, cancellationToken);
            return run;
        }

        await DeleteLinesAsync(db, run.PublicationId, cancellationToken);
        return null;
    }

    /// <summary>The claims of the next people, in the order of the index by month and person: each person's together, and memory does not grow with the month.</summary>
    private async Task<List<ReceivedClaim>> NextAsync(TreatmentMonth month, Guid last, CancellationToken cancellationToken)
    {
        for (var most = ClaimsAtOnce; ; most *= 2)
        {
            // Only who was found has an id, so that it alone need be asked for.
            var claims = await db.ReceivedClaims.AsNoTracking().Where(c => c.Month == month && c.PersonId > last && c.WithdrawnAt == null)
                .OrderBy(c => c.PersonId).Take(most).Select(ForLines).ToListAsync(cancellationToken);
            if (claims.Count < most)
            {
                return claims;
            }

            // The last person may have more.
            var cut = claims[^1].PersonId;
            claims.RemoveAll(c => c.PersonId == cut);
            if (claims.Count > 0)
            {
                return claims;
            }
        }
    }

    /// <summary>What lines are made of and owners verified by; how a claim came is not read.</summary>
    private static readonly Expression<Func<ReceivedClaim, ReceivedClaim>> ForLines = c => new ReceivedClaim
    {
        Id = c.Id,
        SocietyId = c.SocietyId,
        SourceKey = "",
        Fingerprint = 0,
        Month = c.Month,
        Care = c.Care,
        Number = c.Number,
        InstitutionKey = c.InstitutionKey,
        InstitutionName = c.InstitutionName,
        PrescriberKey = c.PrescriberKey,
        PrescriberName = c.PrescriberName,
        PrescribedMonths = c.PrescribedMonths,
        SymbolKey = c.SymbolKey,
        NumberKey = c.NumberKey,
        Branch = c.Branch,
        BirthDate = c.BirthDate,
        Sex = c.Sex,
        NameKey = c.NameKey,
        PersonId = c.PersonId,
        ChosenPersonId = c.ChosenPersonId,
        Match = ClaimMatch.Matched,
        Days = c.Days,
        Amounts = c.Amounts,
        PatientPercent = c.PatientPercent,
        Drugs = c.Drugs,
        ChangedAt = default,
    };

    private async Task AddAsync(Run run, Lines lines, CancellationToken cancellationToken)
    {
        await bulk.InsertAsync(lines.Costs, cancellationToken);
        await bulk.InsertAsync(lines.Drugs, cancellationToken);
        run.CostLines += lines.Costs.Count;
        run.DrugLines += lines.Drugs.Count(l => l.Mark is null);
    }

    /// <returns>Null where a claim is no longer of the person that it was found to be of.</returns>
    private static Lines? TryMakeLines(Run run, List<ReceivedClaim> claims)
    {
        if (claims.Exists(claim => run.Matching.Find(ClaimPatient.Of(claim)) != new ClaimOwner(ClaimMatch.Matched, claim.PersonId)))
        {
            return null;
        }

        var lines = new Lines(new List<MedicalCostLine>(claims.Count), []);
        foreach (var ofPerson in claims.GroupBy(c => c.PersonId!.Value))
        {
            AddLines(run, run.Matching.PersonOf(ofPerson.Key), [.. ofPerson.OrderBy(c => c.Care).ThenBy(c => c.Number, StringComparer.Ordinal)], lines.Costs, lines.Drugs);
        }

        return lines;
    }

    private static void AddLines(Run run, CardHolder person, List<ReceivedClaim> claims, List<MedicalCostLine> costs, List<GenericDrugLine> drugs)
    {
        var good = new List<ReceivedClaim>(claims.Count);
        foreach (var claim in claims)
        {
            if (NoticeLines.Judge(claim) is { } fault)
            {
                run.Faulty.Add(new FaultyClaim(claim.Number, fault));
                continue;
            }

            var line = NoticeLines.Of(claim, run.PublicationId);
            run.UnknownShares += line.Amounts.IsUnknown ? 1 : 0;
            run.Costs?.Add(claim, NoticeLines.Digest(line));
            costs.Add(line);
            good.Add(claim);
        }

        if (good.Count == 0)
        {
            return;
        }

        run.People++;
        if (!Person.IsMemberOn(person.LostOn, run.Today))
        {
            run.Left.Add(person.PersonId);
        }

        foreach (var line in run.Generics.Lines(run.PublicationId, good, person.BirthDate))
        {
            run.Drugs?.Add(good.Find(c => c.Id == line.ClaimId)!, NoticeLines.Digest(line));
            drugs.Add(line);
        }
    }

    private async Task<NoticeCheck> CheckAsync(Run run, TreatmentMonth month, int matchedNow, CancellationToken cancellationToken)
    {
        var first = month.AddMonths(-MonthsCompared);
        var counts = await db.ReceivedClaims.Where(c => c.Month >= first && c.Month <= month && c.WithdrawnAt == null)
            .GroupBy(c => c.Month).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        return new NoticeCheck
        {
            PublicationId = run.PublicationId,
            Month = month,
            People = run.People,
            MedicalCostLines = run.CostLines,
            GenericDrugLines = run.DrugLines,
            DrugListsFrom = run.Generics.ListsFrom,
            DrugRows = run.Generics.DrugRows,
            UnlinkedDrugRows = run.Generics.UnlinkedDrugRows,
            MatchedNow = matchedNow,
            Faulty = [.. run.Faulty.OrderBy(f => f.Number, StringComparer.Ordinal)],
            UnknownShares = run.UnknownShares,
            Left = [.. (await CardLabels.OfAsync(db, run.Left, cancellationToken)).Values.Order(StringComparer.Ordinal)],
            Waiting = await owners.CountWaitingAsync(month, cancellationToken),
            Claims = counts.SingleOrDefault(c => c.Key == month)?.Count ?? 0,
            UsualClaims = Median([.. counts.Where(c => c.Key != month).Select(c => c.Count).Order()]),
            IsReplacement = run.Costs is not null,
            MedicalCostDifferences = run.Costs is { } costs ? await costs.EndAsync(db, cancellationToken) : NoDifferences,
            GenericDrugDifferences = run.Drugs is { } drugs ? await drugs.EndAsync(db, cancellationToken) : NoDifferences,
        };
    }

    private static readonly IReadOnlyDictionary<LineDifference, IReadOnlyList<string>> NoDifferences = new SortedDictionary<LineDifference, IReadOnlyList<string>>();

    private static int? Median(List<int> ordered) => ordered.Count == 0
        ? null
        : (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;

    /// <summary>What is written of one batch of claims.</summary>
    private sealed record Lines(List<MedicalCostLine> Costs, List<GenericDrugLine> Drugs);

    /// <summary>What one computation gathers.</summary>
    private sealed class Run
    {
        public Guid PublicationId { get; } = Guid.CreateVersion7();

        public required GenericNoticeBatch Generics { get; init; }

        public required ClaimMatching Matching { get; init; }

        /// <summary>Null where nothing is published that it could differ from.</summary>
        public required NoticeDifferences? Costs { get; init; }

        /// <inheritdoc cref="Costs"/>
        public required NoticeDifferences? Drugs { get; init; }

        public required DateOnly Today { get; init; }

        public int People { get; set; }

        public int CostLines { get; set; }

        public int DrugLines { get; set; }

        public int UnknownShares { get; set; }

        public List<FaultyClaim> Faulty { get; } = [];

        public List<Guid> Left { get; } = [];
    }
}

using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Notices;

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

        db.Publications.Add(new Publication
        {
            Id = run.PublicationId,
            SocietyId = db.SocietyId,
            Month = month,
            State = PublicationState.Computed,
            ComputedAt = clock.GetUtcNow(),
            People = run.People,
            MedicalCostLines = run.CostLines,
            GenericDrugLines = run.DrugLines,
        });
        var check = await CheckAsync(run, month, matchedNow, publishedId is not null, cancellationToken);
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
            Costs = new NoticeDifferences(await DigestsAsync(
                db.MedicalCostLines.Where(l => l.PublicationId == publishedId), l => l.ClaimId, NoticeLines.Digest, cancellationToken)),
            Drugs = new NoticeDifferences(await DigestsAsync(
                db.GenericDrugLines.Where(l => l.PublicationId == publishedId), l => l.ClaimId, NoticeLines.Digest, cancellationToken)),
            Today = JapanTime.DateOf(clock.GetUtcNow()),
        };
        var (last, done) = (Guid.Empty, 0);
        while (await NextAsync(month, last, cancellationToken) is { Count: > 0 } claims)
        {
            if (claims.Exists(claim => matching.Find(ClaimPatient.Of(claim)) != new ClaimOwner(ClaimMatch.Matched, claim.PersonId)))
            {
                await DeleteLinesAsync(db, run.PublicationId, cancellationToken);
                return null;
            }

            await AddLinesAsync(run, claims, last, cancellationToken);
            last = claims[^1].PersonId!.Value;
            done += claims.Count;
            progress?.Report(done);
        }

        return run;
    }

    /// <summary>The claims of the next people, in the order of the index by month and person: each person's together, and memory does not grow with the month.</summary>
    private async Task<List<ReceivedClaim>> NextAsync(TreatmentMonth month, Guid last, CancellationToken cancellationToken)
    {
        for (var most = ClaimsAtOnce; ; most *= 2)
        {
            // Only who was found has an id, so that it alone need be asked for.
            var claims = await db.ReceivedClaims.AsNoTracking().Where(c => c.Month == month && c.PersonId > last && c.WithdrawnAt == null)
                .OrderBy(c => c.PersonId).Take(most).ToListAsync(cancellationToken);
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

    private async Task AddLinesAsync(Run run, List<ReceivedClaim> claims, Guid last, CancellationToken cancellationToken)
    {
        var end = claims[^1].PersonId!.Value;
        var persons = await db.Persons.AsNoTracking().Where(p => p.Id > last && p.Id <= end).ToDictionaryAsync(p => p.Id, cancellationToken);
        var costs = new List<MedicalCostLine>(claims.Count);
        var drugs = new List<GenericDrugLine>();
        foreach (var ofPerson in claims.GroupBy(c => c.PersonId!.Value))
        {
            AddLines(run, persons[ofPerson.Key], [.. ofPerson.OrderBy(c => c.Care).ThenBy(c => c.Number, StringComparer.Ordinal)], costs, drugs);
        }

        await bulk.InsertAsync(costs, cancellationToken);
        await bulk.InsertAsync(drugs, cancellationToken);
        run.CostLines += costs.Count;
        run.DrugLines += drugs.Count;
    }

    private static void AddLines(Run run, Person person, List<ReceivedClaim> claims, List<MedicalCostLine> costs, List<GenericDrugLine> drugs)
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
            run.UnknownShares += line.PatientYen is null ? 1 : 0;
            run.Costs.Add(claim, NoticeLines.Digest(line));
            costs.Add(line);
            good.Add(claim);
        }

        if (good.Count == 0)
        {
            return;
        }

        run.People++;
        if (!person.IsMemberOn(run.Today))
        {
            run.Left.Add(person.Id);
        }

        foreach (var line in run.Generics.Lines(run.PublicationId, good, person))
        {
            run.Drugs.Add(good.Find(c => c.Id == line.ClaimId)!, NoticeLines.Digest(line));
            drugs.Add(line);
        }
    }

    private async Task<NoticeCheck> CheckAsync(Run run, TreatmentMonth month, int matchedNow, bool isReplacement, CancellationToken cancellationToken)
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
            Left = run.Left,
            Waiting = await owners.CountWaitingAsync(month, cancellationToken),
            Claims = counts.SingleOrDefault(c => c.Key == month)?.Count ?? 0,
            UsualClaims = Median([.. counts.Where(c => c.Key != month).Select(c => c.Count).Order()]),
            IsReplacement = isReplacement,
            MedicalCostDifferences = isReplacement ? await run.Costs.EndAsync(db, cancellationToken) : NoDifferences,
            GenericDrugDifferences = isReplacement ? await run.Drugs.EndAsync(db, cancellationToken) : NoDifferences,
        };
    }

    private static readonly IReadOnlyDictionary<LineDifference, IReadOnlyList<string>> NoDifferences = new SortedDictionary<LineDifference, IReadOnlyList<string>>();

    private static int? Median(List<int> ordered) => ordered.Count == 0
        ? null
        : (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;

    /// <summary>Each claim's lines in the published version, in short.</summary>
    private static async Task<Dictionary<Guid, int>> DigestsAsync<TLine>(
        IQueryable<TLine> lines, Func<TLine, Guid> claimOf, Func<TLine, int> digest, CancellationToken cancellationToken)
        where TLine : class
    {
        var sums = new Dictionary<Guid, int>();
        await foreach (var line in lines.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            NoticeDifferences.Add(sums, claimOf(line), digest(line));
        }

        return sums;
    }

    /// <summary>What one computation gathers.</summary>
    private sealed class Run
    {
        public Guid PublicationId { get; } = Guid.CreateVersion7();

        public required GenericNoticeBatch Generics { get; init; }

        public required NoticeDifferences Costs { get; init; }

        public required NoticeDifferences Drugs { get; init; }

        public required DateOnly Today { get; init; }

        public int People { get; set; }

        public int CostLines { get; set; }

        public int DrugLines { get; set; }

        public int UnknownShares { get; set; }

        public List<FaultyClaim> Faulty { get; } = [];

        public List<Guid> Left { get; } = [];
    }
}

using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.ReceivedClaims.Import;

/// <summary>
/// Brings claim files into the society: all of them, or nothing. A claim is found again by <see cref="ReceivedClaim.SourceKey"/>, so that the same delivery changes
/// nothing and a corrected one changes what differs. Memory does not grow with the files.
/// </summary>
public sealed class ClaimFilesImport(
    PortalContext db, UnitOfWork work, BulkWrites bulk, ClaimOwners owners, AuditTrail audit, TimeProvider clock)
{
    /// <summary>The name of the format in <see cref="ImportRun"/>.</summary>
    public const string Format = "claims";

    private const int ClaimsAtOnce = 5000;

    /// <summary>Batches that are read while one is written.</summary>
    private const int BatchesAhead = 2;

    /// <inheritdoc cref="ImportAsync(IReadOnlyList{ClaimSource}, bool, Action{string, ClaimFault}, IProgress{double}, CancellationToken)"/>
    public Task<ClaimFilesReport> ImportAsync(IReadOnlyList<string> paths, bool isDryRun, CancellationToken cancellationToken) =>
        ImportAsync([.. paths.Select(ClaimSource.OfFile)], isDryRun, cancellationToken: cancellationToken);

    /// <param name="files">The files, in the order in which they count: the last one about a claim is right.</param>
    /// <param name="isDryRun">Only the report; nothing is written.</param>
    /// <param name="faults">Told of each fault, with its file, while the files are read.</param>
    /// <param name="progress">Told which part of the files, from 0 to 1, has been read.</param>
    /// <param name="cancellationToken">Ends it with nothing written.</param>
    /// <exception cref="PortalInputException">A file holds something else than claims of this society, or none that can be read.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<ClaimFilesReport> ImportAsync(
        IReadOnlyList<ClaimSource> files, bool isDryRun, Action<string, ClaimFault>? faults = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var isFirst = true;
        Task<ClaimFilesReport> RunAsync()
        {
            // A second try after a deadlock reads the same files: what is wrong in them was told.
            var told = isFirst ? faults : null;
            isFirst = false;
            return WriteAsync(files, told, progress, cancellationToken);
        }

        try
        {
            return isDryRun ? await work.RehearseAsync(RunAsync, cancellationToken) : await work.CommitAsync(RunAsync, cancellationToken);
        }
        catch (ClaimArchiveException exception)
        {
            throw new PortalInputException(ClaimFilesText.NothingTaken.With(exception.Message));
        }
    }

    private async Task<ClaimFilesReport> WriteAsync(
        IReadOnlyList<ClaimSource> files, Action<string, ClaimFault>? faults, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        await work.QueueUpAsync(ClaimOwners.Queue, cancellationToken);
        var report = new ClaimFilesReport();
        var matching = await owners.LoadAsync(cancellationToken);
        var builder = new ReceivedClaimBuilder(db.SocietyId, matching, clock.GetUtcNow());
        var batches = Read(files, builder, report, faults, progress).Chunk(ClaimsAtOnce);
        await foreach (var batch in batches.ReadAheadAsync(BatchesAhead, cancellationToken))
        {
            await ApplyAsync(batch, matching, report, cancellationToken);
        }

        report.Waiting = await owners.CountWaitingAsync(null, cancellationToken);
        Record(report);
        return report;
    }

    /// <summary>Runs beside the writing: of the report it touches what files hold, and no more.</summary>
    private IEnumerable<IncomingClaim> Read(
        IReadOnlyList<ClaimSource> files, ReceivedClaimBuilder builder, ClaimFilesReport report, Action<string, ClaimFault>? faults, IProgress<double>? progress)
    {
        var (total, done, count) = (files.Sum(source => source.Length), 0L, 0);
        foreach (var source in files)
        {
            using var stream = source.Open();
            ClaimFault? last = null;
            var file = ClaimFile.Read(stream, fault => Tell(source.Name, last = fault, faults));
            var others = new OtherInsurers(db.Current.Society.InsurerNumber, source, faults);
            var deliveredMonth = DeliveryFolder.Of(source.Path)?.Month;
            foreach (var delivered in file)
            {
                if (others.Has(delivered))
                {
                    continue;
                }

                yield return builder.Build(delivered, file.Side!.Value, deliveredMonth);
                if (++count % ClaimsAtOnce == 0)
                {
                    progress?.Report((double)(done + stream.Position) / Math.Max(1, total));
                }
            }

            if (stream.Position == 0)
            {
                report.AddEmpty(source.Name);
                continue;
            }

            done += stream.Position;
            Refuse(file, source.Name, last);
            others.RefuseFile();
            report.AddFile(file, file.Kind!.Value, others.Count);
        }

        if (report.EmptyFiles.Count == files.Count)
        {
            throw new PortalInputException(ClaimFilesText.OnlyEmpty.With(string.Join("、", report.EmptyFiles)));
        }
    }

    /// <summary>A file that is refused as a whole says so by <see cref="Refuse"/> alone.</summary>
    private static void Tell(string name, ClaimFault fault, Action<string, ClaimFault>? faults)
    {
        if (fault.Kind is not (ClaimFaultKind.UnknownFile or ClaimFaultKind.OtherEncoding or ClaimFaultKind.PackedFile or ClaimFaultKind.ReturnFile or ClaimFaultKind.AccidentFile))
        {
            faults?.Invoke(name, fault);
        }
    }

    /// <exception cref="PortalInputException">Nothing in the file could be read, or a part of it is missing or was not read.</exception>
    private static void Refuse(ClaimFile file, string path, ClaimFault? last)
    {
        if (file.Refusal is ClaimFaultKind.PackedFile or ClaimFaultKind.ReturnFile or ClaimFaultKind.AccidentFile)
        {
            throw new PortalInputException(ClaimFilesText.NothingTaken.With($"{path}: {last!.Message}"));
        }

        if (file.OtherEncoding is { } encoding)
        {
            throw new PortalInputException(ClaimFilesText.OtherEncoding.With(path, encoding));
        }

        if (file.Kind is null)
        {
            throw new PortalInputException(ClaimFilesText.NoClaims.With(path));
        }

        if (file.IsCutShort)
        {
            throw new PortalInputException((file.Side == ClaimSide.Provider ? ClaimFilesText.EndMissing : ClaimFilesText.CutShort).With(path));
        }

        if (file.LinesUnread > 0)
        {
            throw new PortalInputException(ClaimFilesText.LinesUnread.With(path, file.LinesUnread));
        }

        if (file.ClaimsRead == 0 && file.FaultsTold > 0)
        {
            throw new PortalInputException(ClaimFilesText.NothingReadable.With(path, file.ClaimsSetAside, file.FaultsTold));
        }
    }

    private async Task ApplyAsync(IncomingClaim[] batch, ClaimMatching matching, ClaimFilesReport report, CancellationToken cancellationToken)
    {
        var states = await StatesAsync(batch, cancellationToken);
        foreach (var incoming in batch)
        {
            Judge(incoming, states, report);
        }

        var rows = states.Values.Where(s => s.Row is not null).ToList();
        await TellChangesAsync(rows, report, cancellationToken);
        foreach (var state in rows)
        {
            var row = state.Row!;
            row.Id = state.Id;
            row.IsReExamined = state.IsReExamined;
            row.WithdrawnAt = state.WithdrawnAt;
            row.DeliveredMonth = state.Time.Delivered;
            row.BilledMonth = state.Time.Billed;
            if (state.ChosenPersonId is { } chosen)
            {
                // Whom staff chose of several goes on to what came in the claim's place.
                row.ChosenPersonId = chosen;
                (row.Match, row.PersonId) = matching.Find(ClaimPatient.Of(row));
            }

            if (state.WithdrawnAt is null)
            {
                report.AddMatch(row.Match);
            }
        }

        await bulk.InsertAsync(rows.Where(s => s.IsNew).Select(s => s.Row!).ToList(), cancellationToken);
        await bulk.UpdateAsync(rows.Where(s => !s.IsNew).Select(s => s.Row!).ToList(), ClaimColumns.Written, cancellationToken);
        foreach (var marked in states.Values.Where(s => s is { Row: null, IsMarked: true }).GroupBy(s => (s.IsReExamined, s.WithdrawnAt, s.Time, s.TurnedAt)))
        {
            var (ids, (isReExamined, withdrawnAt, time, turnedAt)) = (marked.Select(s => s.Id).ToArray(), marked.Key);
            await db.ReceivedClaims.Where(c => ids.Contains(c.Id)).ExecuteUpdateAsync(
                set => set.SetProperty(c => c.IsReExamined, isReExamined).SetProperty(c => c.WithdrawnAt, withdrawnAt)
                    .SetProperty(c => c.DeliveredMonth, time.Delivered).SetProperty(c => c.BilledMonth, time.Billed)
                    .SetProperty(c => c.ChangedAt, c => turnedAt ?? c.ChangedAt),
                cancellationToken);
        }
    }

    private async Task<Dictionary<string, ClaimState>> StatesAsync(IncomingClaim[] batch, CancellationToken cancellationToken)
    {
        var keys = batch.Select(incoming => incoming.Claim.SourceKey).Distinct(StringComparer.Ordinal).ToArray();
        return await With(keys).AsNoTracking()
            .Select(c => new
            {
                c.SourceKey, c.Id, c.Fingerprint, c.IsReExamined, c.WithdrawnAt, c.DeliveredMonth, c.BilledMonth, c.ChosenPersonId,
                IsOthers = c.Match == ClaimMatch.OtherInsurer,
            })
            .ToDictionaryAsync(
                c => c.SourceKey,
                c => new ClaimState
                {
                    Id = c.Id, IsOthers = c.IsOthers, Fingerprint = c.Fingerprint, IsReExamined = c.IsReExamined, WithdrawnAt = c.WithdrawnAt,
                    Time = new ClaimTime(c.DeliveredMonth, c.BilledMonth), ChosenPersonId = c.ChosenPersonId,
                },
                StringComparer.Ordinal,
                cancellationToken);
    }

    /// <remarks>
    /// PostgreSQL is told to look for one key after the other: it knows nothing yet of the rows that this run has written, takes the table for small, and would
    /// read it whole for each batch.
    /// </remarks>
    private IQueryable<ReceivedClaim> With(string[] keys) => db.Database.IsNpgsql()
        ? db.ReceivedClaims.FromSql($"""
            SELECT c.* FROM unnest({keys}) AS k(key)
            CROSS JOIN LATERAL (SELECT * FROM "ReceivedClaims" WHERE "SocietyId" = {db.SocietyId} AND "SourceKey" = k.key LIMIT 1) AS c
            """)
        : db.ReceivedClaims.Where(c => keys.Contains(c.SourceKey));

    private static void Judge(IncomingClaim incoming, Dictionary<string, ClaimState> states, ClaimFilesReport report)
    {
        var claim = incoming.Claim;
        if (!states.TryGetValue(claim.SourceKey, out var state) || state.IsOthers)
        {
            states[claim.SourceKey] = new ClaimState
            {
                Id = state?.Id ?? claim.Id, IsNew = state is null, Row = claim, Fingerprint = claim.Fingerprint, IsReExamined = incoming.IsReExamined,
                WithdrawnAt = incoming.IsReturned ? claim.ChangedAt : null, Time = incoming.Time,
            };
            if (incoming.IsReturned)
            {
                report.AddReturned(claim);
            }
            else
            {
                report.AddNew(claim);
            }

            return;
        }

        var effect = DeliveryOrder.Judge(
            new KnownClaim(state.Fingerprint, state.Time, state.IsReExamined, state.WithdrawnAt is not null),
            new ArrivingClaim(claim.Fingerprint, incoming.Time, incoming.IsReExamined, incoming.IsReturned));
        Apply(effect, incoming, state, report);
        if (effect is DeliveryEffect.ReadAgain or DeliveryEffect.Outdated)
        {
            return;
        }

        var time = state.Time.Then(incoming.Time);
        state.IsMarked |= time != state.Time;
        state.Time = time;
    }

    private static void Apply(DeliveryEffect effect, IncomingClaim incoming, ClaimState state, ClaimFilesReport report)
    {
        var claim = incoming.Claim;
        switch (effect)
        {
            case DeliveryEffect.Outdated:
                report.AddOutdated(claim);
                return;
            case DeliveryEffect.Withdraws:
                state.WithdrawnAt = claim.ChangedAt;
                state.TurnedAt = claim.ChangedAt;
                state.IsMarked = true;
                report.AddReturned(claim);
                return;
            case DeliveryEffect.Revives:
                state.WithdrawnAt = null;
                state.TurnedAt = claim.ChangedAt;
                state.IsMarked = true;
                report.AddRevived(claim);
                break;
            case DeliveryEffect.ReExamines:
                state.IsMarked = true;
                break;
            case DeliveryEffect.Replaces:
                Replace(claim, state, report);
                break;
            default:
                report.AddUnchanged();
                return;
        }

        if (incoming.IsReExamined)
        {
            state.IsReExamined = true;
            report.AddReExamined(claim);
        }
    }

    private static void Replace(ReceivedClaim claim, ClaimState state, ClaimFilesReport report)
    {
        if (state.Row is null)
        {
            state.IsChanged = true;
        }
        else if (state.IsNew)
        {
            report.AddChange(state.Row, claim);
        }

        state.Row = claim;
        state.Fingerprint = claim.Fingerprint;
        state.WithdrawnAt = null;
    }

    /// <summary>The contents of before are read for those alone that differ.</summary>
    private async Task TellChangesAsync(List<ClaimState> rows, ClaimFilesReport report, CancellationToken cancellationToken)
    {
        var ids = rows.Where(s => s.IsChanged).Select(s => s.Id).ToArray();
        if (ids.Length == 0)
        {
            return;
        }

        var former = await db.ReceivedClaims.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancellationToken);
        foreach (var state in rows.Where(s => s.IsChanged))
        {
            report.AddChange(former[state.Id], state.Row!);
        }
    }

    private void Record(ClaimFilesReport report)
    {
        var waiting = report.Waiting.Values.Sum();
        var run = new ImportRun
        {
            SocietyId = db.SocietyId,
            Format = Format,
            IsDifference = true,
            AppliedAt = clock.GetUtcNow(),
            Rows = (int)report.Read,
            Joined = report.New,
            Changed = report.Changes.Count,
            Moved = report.ReExamined.Count,
            Left = report.Returned.Count,
            SetAside = (int)report.SetAside,
            Waiting = waiting,
        };
        audit.AddImport(run, AuditKind.ClaimsImported, string.Create(
            CultureInfo.InvariantCulture,
            $"read={report.Read} new={report.New} changed={report.Changes.Count} unchanged={report.Unchanged} reexamined={report.ReExamined.Count} returned={report.Returned.Count} setaside={report.SetAside} others={report.Others} waiting={waiting}"));
    }

    /// <summary>What is known of a claim while a batch is laid over it.</summary>
    private sealed class ClaimState
    {
        public required Guid Id { get; init; }

        public bool IsNew { get; init; }

        /// <summary>What lies there is another insurer's, of the time when those were kept: it gives way to the society's own, its marks too.</summary>
        public bool IsOthers { get; init; }

        public long Fingerprint { get; set; }

        public bool IsReExamined { get; set; }

        public DateTimeOffset? WithdrawnAt { get; set; }

        /// <summary>When this run returned or revived it; null where it did not.</summary>
        public DateTimeOffset? TurnedAt { get; set; }

        public ClaimTime Time { get; set; }

        /// <summary>Whom staff chose of several who fit.</summary>
        public Guid? ChosenPersonId { get; init; }

        /// <summary>The contents to be written; null where they stay.</summary>
        public ReceivedClaim? Row { get; set; }

        /// <summary>A row of before this batch gets other contents.</summary>
        public bool IsChanged { get; set; }

        /// <summary>Its marks change.</summary>
        public bool IsMarked { get; set; }
    }
}

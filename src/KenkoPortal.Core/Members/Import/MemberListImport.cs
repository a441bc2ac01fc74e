using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Members.Import;

/// <summary>How a list is to be taken.</summary>
public sealed record MemberListImportOptions
{
    /// <summary>Only who is in the list changes. Otherwise the list is the whole membership of the day, and whoever is not in it leaves.</summary>
    public bool IsDifference { get; init; }

    /// <summary>Somebody agreed that more than 5 % of the members leave.</summary>
    public bool AcceptLeavers { get; init; }

    /// <summary>Somebody agreed that the list is older than what was applied.</summary>
    public bool AcceptOlder { get; init; }

    /// <summary>基準日, the day of which the list tells, where somebody knows it.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Only the preview; nothing is written but that somebody looked.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>How an import ended.</summary>
public enum MemberListVerdict
{
    /// <summary>The list is in force.</summary>
    Applied,

    /// <summary>A dry run: this is what it would do.</summary>
    Previewed,

    /// <summary>The list has errors; nothing was written.</summary>
    HasErrors,

    /// <summary>More than 5 % would leave and nobody agreed; what it would do is shown as in a dry run.</summary>
    TooManyLeave,

    /// <summary>The list is older than what was applied and nobody agreed; what it would do is shown as in a dry run.</summary>
    IsOlder,
}

/// <summary>What came of an import.</summary>
/// <param name="Verdict">How it ended.</param>
/// <param name="File">The list as read.</param>
/// <param name="Comparison">What it does; null when it has errors.</param>
/// <param name="ClaimsMatched">Claims that waited and found their person by it.</param>
/// <param name="LettersVoided">仮パスワード that had not been used and work no more.</param>
public sealed record MemberListOutcome(MemberListVerdict Verdict, MemberListFile File, MemberListComparison? Comparison, int ClaimsMatched = 0, int LettersVoided = 0)
{
    /// <summary>Who is protected from now on, and what staff should look at with each.</summary>
    public IReadOnlyList<ProtectedMember> Protected { get; init; } = [];

    /// <summary>The day of what was applied before, and the list's own, where the list is older.</summary>
    public (DateOnly Before, DateOnly Now)? Older { get; init; }

    /// <summary>記号-番号-枝番 of people who parted from a household and have mail addresses that those who stay have too.</summary>
    public IReadOnlyList<string> SharedByParted { get; init; } = [];
}

/// <summary>
/// Brings a members' list into the running society: reads and compares it outside of any transaction, then applies it in one short one, all
/// or nothing. The portal may go on serving meanwhile.
/// </summary>
public sealed class MemberListImport(
    PortalContext db, UnitOfWork work, BulkWrites bulk, ClaimOwners owners, Protection protection, ProtectionDesk desk, AuditTrail audit, TimeProvider clock)
{
    /// <summary>The name of the format in <see cref="ImportRun"/>.</summary>
    public const string Format = "members";

    private const int IdsPerQuery = 500;

    private static readonly string[] ListedProperties =
    [
        nameof(Person.HouseholdId), nameof(Person.Name), nameof(Person.Kana), nameof(Person.KanaKey), nameof(Person.Sex), nameof(Person.BirthDate),
        nameof(Person.Relationship), nameof(Person.AcquiredOn), nameof(Person.LostOn), nameof(Person.PostalCode), nameof(Person.Address),
        nameof(Person.Workplace),
    ];

    private static readonly string[] CardProperties =
        [nameof(InsuranceCard.Symbol), nameof(InsuranceCard.Number), nameof(InsuranceCard.ValidFrom), nameof(InsuranceCard.ValidTo)];

    /// <param name="list">The file.</param>
    /// <param name="options">How it is to be taken.</param>
    /// <param name="progress">Told which part of the file, from 0 to 1, has been read.</param>
    /// <param name="cancellationToken">Ends it with nothing written.</param>
    /// <exception cref="PortalInputException">The society's own number is not valid, or the list's day is still to come.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<MemberListOutcome> ImportAsync(
        Stream list, MemberListImportOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var today = JapanTime.DateOf(clock.GetUtcNow());
        if (options.AsOf > today)
        {
            throw new PortalInputException(ListPreviewText.AsOfAhead.With(JapanTime.Date(options.AsOf.Value)));
        }

        var file = MemberListReader.Read(
            list,
            new MemberListOptions(OwnNumber(), today) { Headings = MemberListHeadings.Parse(db.Current.Society.MemberHeadings), IsDifference = options.IsDifference },
            progress,
            cancellationToken);
        if (!file.IsValid)
        {
            return new MemberListOutcome(MemberListVerdict.HasErrors, file, null);
        }

        while (true)
        {
            var known = await KnownMembers.LoadAsync(db, cancellationToken);
            var comparison = MemberListComparison.Compare(file, known, db.SocietyId, today, options.IsDifference);
            var older = await OlderAsync(comparison, options, cancellationToken);
            if (options.IsDryRun || (comparison.NeedsAcceptance && !options.AcceptLeavers) || (older is not null && !options.AcceptOlder))
            {
                await RecordPreviewAsync(comparison, file.Rows.Count, cancellationToken);
                var foreseen = await protection.ForeseeAsync(KnownOf(comparison.Protected), cancellationToken);
                var verdict = options.IsDryRun ? MemberListVerdict.Previewed : older is not null && !options.AcceptOlder ? MemberListVerdict.IsOlder : MemberListVerdict.TooManyLeave;
                return new MemberListOutcome(verdict, file, comparison) { Protected = NotesOf(comparison, foreseen), Older = older };
            }

            if (await work.CommitAsync(() => ApplyAsync(comparison, file.Rows.Count, options.AsOf, cancellationToken), cancellationToken) is { } done)
            {
                return new MemberListOutcome(MemberListVerdict.Applied, file, comparison, done.ClaimsMatched, done.LettersVoided)
                {
                    Older = older, Protected = NotesOf(comparison, done.Protected), SharedByParted = CardsOf(comparison, done.Parted.Where(cut => cut.SharedAddresses > 0)),
                };
            }
        }
    }

    /// <summary>
    /// Whether the list is older than what stands: than the last whole list and the differences since. Days that somebody named are compared where both have one, else
    /// the newest beginning or loss of each. A difference tells of late notices too, so that it is only judged by a named day.
    /// </summary>
    private async Task<(DateOnly Before, DateOnly Now)?> OlderAsync(MemberListComparison comparison, MemberListImportOptions options, CancellationToken cancellationToken)
    {
        var runs = db.ImportRuns.AsNoTracking().Where(r => r.Format == Format);
        var whole = await runs.Where(r => !r.IsDifference).OrderByDescending(r => r.AppliedAt).Select(r => (DateTimeOffset?)r.AppliedAt).FirstOrDefaultAsync(cancellationToken);
        var standing = await runs.Where(r => whole == null || r.AppliedAt >= whole).Select(r => new { r.AsOf, r.NewestOn }).ToListAsync(cancellationToken);
        var isNamed = options.AsOf is not null && standing.Exists(r => r.AsOf is not null);
        if (options.IsDifference && !isNamed)
        {
            return null;
        }

        return (isNamed ? standing.Max(r => r.AsOf) : standing.Max(r => r.NewestOn), isNamed ? options.AsOf : comparison.NewestOn) is ({ } before, { } now) && now < before ? (before, now) : null;
    }

    private InsurerNumber OwnNumber() => InsurerNumber.TryParse(db.Current.Society.InsurerNumber, out var number)
        ? number
        : throw new PortalInputException(MemberListText.InsurerUnset.With(db.Current.Society.InsurerNumber));

    /// <summary>A preview names whose data differ, so it is a look at them (row G2). Where that cannot be written, nothing is shown.</summary>
    private Task RecordPreviewAsync(MemberListComparison comparison, int rows, CancellationToken cancellationToken) => work.CommitAsync(
        () =>
        {
            audit.Add(AuditKind.MembersPreviewed, detail: $"rows={rows} {comparison}");
            return Task.CompletedTask;
        },
        cancellationToken);

    private static List<Guid> KnownOf(IEnumerable<Standing> standings) => [.. standings.Select(s => s.Known?.Person.Id).OfType<Guid>()];

    private List<ProtectedMember> NotesOf(MemberListComparison comparison, IReadOnlyList<AccountCut> cuts) =>
    [
        .. from standing in comparison.Protected
           let household = comparison.Households[standing.HouseholdId].Where(s => s.IsMember || s == standing).ToList()
           let cards = household.ToDictionary(s => s.After!.Id, s => s.Card)
           select new ProtectedMember(standing.Listed!.Latest.Line, standing.Card, desk.NoteOf(standing.After!, [.. household.Select(s => s.After!)], cards, cuts)),
    ];

    private static List<string> CardsOf(MemberListComparison comparison, IEnumerable<AccountCut> cuts)
    {
        var people = cuts.Select(cut => cut.PersonId).ToHashSet();
        return people.Count == 0 ? [] : [.. comparison.Households.SelectMany(h => h).Where(s => people.Contains(s.After!.Id)).Select(s => s.Card)];
    }

    /// <returns>How many claims found their person and how many letters were voided; null when another list was applied since the comparison: it must be made anew.</returns>
    private async Task<Applied?> ApplyAsync(MemberListComparison comparison, int rows, DateOnly? asOf, CancellationToken cancellationToken)
    {
        await work.QueueUpAsync(ClaimOwners.Queue, cancellationToken);
        if (await KnownMembers.VersionAsync(db, cancellationToken) != comparison.Version)
        {
            return null;
        }

        foreach (var ids in comparison.DroppedCards.Chunk(IdsPerQuery))
        {
            await db.InsuranceCards.Where(card => ids.Contains(card.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        await bulk.InsertAsync(comparison.NewHouseholds, cancellationToken);
        await bulk.InsertAsync(comparison.NewPersons, cancellationToken);
        await bulk.UpdateAsync(comparison.ChangedPersons, ListedProperties, cancellationToken);
        await bulk.UpdateAsync(comparison.ChangedCards, CardProperties, cancellationToken);
        await bulk.InsertAsync(comparison.NewCards, cancellationToken);
        var now = clock.GetUtcNow();
        await bulk.InsertAsync(
            [.. comparison.LeftHouseholds.Select(left => new FormerHousehold { SocietyId = db.SocietyId, PersonId = left.PersonId, HouseholdId = left.HouseholdId, LeftAt = now })],
            cancellationToken);
        var ended = await EndDisclosuresAsync(comparison.EndedDisclosures, cancellationToken);
        await bulk.InsertAsync(
            [
                .. comparison.PersonEvents.Select(e => audit.EventOf(e.Kind, e.PersonId, e.Detail)),
                .. ended.Select(setting => audit.EventOf(AuditKind.DisclosureClosed, setting.PersonId, $"kind={setting.Kind} cause={DisclosureCause.Ended}")),
            ],
            cancellationToken);
        // The letter with which these people could still register lies with the household that they were in (rows Z3, Z4, Z8): they get one of their own.
        var lettersVoided = await protection.VoidCredentialsAsync(comparison.VoidedLetters, ofHouseholdOnly: false, cancellationToken)
            + await protection.VoidCredentialsAsync(comparison.LeftBehind, ofHouseholdOnly: true, cancellationToken);
        var (cut, parted) = await CutAsync(comparison, cancellationToken);
        var claimsMatched = await owners.IsAnyWaitingAsync(cancellationToken)
            ? await owners.MatchAgainAsync(await owners.LoadAsync(cancellationToken), verified: null, cancellationToken)
            : 0;
        var run = new ImportRun
        {
            SocietyId = db.SocietyId,
            Format = Format,
            IsDifference = comparison.IsDifference,
            AppliedAt = now,
            Rows = rows,
            NewestOn = comparison.NewestOn,
            AsOf = asOf,
            Joined = comparison.Joined,
            Changed = comparison.Changed,
            Moved = comparison.Moved,
            Left = comparison.Left,
        };
        audit.AddImport(
            run, AuditKind.MembersImported, $"rows={rows} {comparison}{(claimsMatched > 0 ? $" claims={claimsMatched}" : "")}{(lettersVoided > 0 ? $" letters={lettersVoided}" : "")}");
        return new Applied(claimsMatched, lettersVoided, cut, parted);
    }

    /// <summary>
    /// Protects, and cuts what a household holds of accounts (row Z8). A list sets the mark here and nowhere writes it as it knows it: staff may have protected
    /// somebody since the comparison.
    /// </summary>
    private async Task<(IReadOnlyList<AccountCut> Protected, IReadOnlyList<AccountCut> Parted)> CutAsync(MemberListComparison comparison, CancellationToken cancellationToken)
    {
        var ids = KnownOf(comparison.Protected);
        foreach (var some in ids.Chunk(IdsPerQuery))
        {
            await db.Persons.Where(p => some.Contains(p.Id)).ExecuteUpdateAsync(set => set.SetProperty(p => p.IsProtected, true), cancellationToken);
        }

        var parted = await protection.PartAsync([.. comparison.Parted.Except(ids)], cancellationToken);
        return (await protection.ProtectAsync(ids, cancellationToken), parted);
    }

    /// <summary>
    /// Closes what these people shared and says so in their history. They begin closed where they are now, whatever the society's custom: they had
    /// been asked for another household.
    /// </summary>
    /// <returns>What had been open.</returns>
    private async Task<List<DisclosureSetting>> EndDisclosuresAsync(IReadOnlyList<(Guid PersonId, Guid HouseholdId)> ended, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var closed = new List<DisclosureSetting>();
        foreach (var people in ended.Chunk(IdsPerQuery))
        {
            var households = people.ToDictionary(p => p.PersonId, p => p.HouseholdId);
            var ids = households.Keys.ToArray();
            var open = await db.DisclosureSettings.Where(d => ids.Contains(d.PersonId) && d.Until == null && d.IsOpen).ToListAsync(cancellationToken);
            db.DisclosureSettings.AddRange(open.Select(setting => setting.CloseAt(now, households[setting.PersonId])));
            closed.AddRange(open);
        }

        return closed;
    }

    /// <summary>What came of applying a list.</summary>
    private sealed record Applied(int ClaimsMatched, int LettersVoided, IReadOnlyList<AccountCut> Protected, IReadOnlyList<AccountCut> Parted);
}

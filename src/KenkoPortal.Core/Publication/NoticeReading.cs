using KenkoPortal.Claims;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>What a viewer may read of one kind of notice: whose, and which months.</summary>
/// <param name="ViewerId">Who looks.</param>
/// <param name="Kind">Which notices.</param>
/// <param name="Subjects">Whose notices.</param>
/// <param name="Calendar">Which months.</param>
public sealed record NoticeShelf(Guid ViewerId, NoticeKind Kind, Subjects Subjects, NoticeCalendar Calendar)
{
    /// <summary>Whom a page is about: one person, or everybody who shares.</summary>
    /// <param name="personId">Of the address; null is the viewer.</param>
    /// <param name="wholeHousehold">Everybody; where nobody else shares it is the viewer alone.</param>
    /// <returns>Null where there is no such person for the viewer: the page does not exist.</returns>
    public IReadOnlyList<Subject>? Choose(Guid? personId, bool wholeHousehold) =>
        personId is { } id ? Subjects.People.SingleOrDefault(p => p.PersonId == id) is { } person ? [person] : null
        : wholeHousehold ? Subjects.People
        : [Subjects.Self];
}

/// <summary>Reads notices for a viewer. What <see cref="Visibility"/> does not name is not read, and is in no sum.</summary>
public sealed class NoticeReading(
    PortalContext db, NoticeQueries queries, KeptRows<ReadableMonth> published, SeenMonths known, Visibility visibility, NoticeHold hold, UnitOfWork work, AuditTrail audit, TimeProvider clock)
{
    /// <summary>A page does not wait longer than this for its sight to be written.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private DateOnly Today => JapanTime.DateOf(clock.GetUtcNow());

    /// <summary>Whose notices and which months the viewer may read now.</summary>
    /// <param name="viewerId">Who looks.</param>
    /// <param name="kind">Which notices.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<NoticeShelf> OpenAsync(Guid viewerId, NoticeKind kind, CancellationToken cancellationToken)
    {
        // In this order: what a version hides is committed with it.
        var calendar = await CalendarAsync(viewerId, cancellationToken);
        var subjects = await visibility.SubjectsAsync(viewerId, kind, cancellationToken);

        // What somebody hides is named in a list of its own, which needs no month.
        return new NoticeShelf(viewerId, kind, await hold.UntilAsync(viewerId, cancellationToken) is null ? subjects : subjects with { Hidden = Hiding.None }, calendar);
    }

    /// <summary>The 医療費通知 of people, in the order of the people, by month, 診療区分 and institution.</summary>
    public async Task<IReadOnlyList<MedicalCostRow>> CostsAsync(
        NoticeShelf shelf, IReadOnlyList<Subject> people, MonthRange range, CancellationToken cancellationToken)
    {
        var rows = await queries.CostsAsync(db, IdsOf(people), range, cancellationToken);
        var visible = VisibleIds(shelf, range);
        return
        [
            .. rows.Where(r => visible.Contains(r.PublicationId) && !shelf.Subjects.IsHidden(r.PersonId, r.PublicationId, r.ClaimId))
                .OrderBy(r => PlaceOf(people, r.PersonId)).ThenBy(r => r.Month).ThenBy(r => r.Care)
                .ThenBy(r => r.InstitutionName, StringComparer.Ordinal).ThenBy(r => r.ClaimId),
        ];
    }

    /// <summary>The ジェネリック通知 of people, in the order of the people, by month, the greatest saving first.</summary>
    public async Task<IReadOnlyList<GenericDrugRow>> DrugsAsync(
        NoticeShelf shelf, IReadOnlyList<Subject> people, MonthRange range, CancellationToken cancellationToken)
    {
        var visible = VisibleIds(shelf, range);
        var rows = people.Any(shelf.Subjects.HidesFromViewer)
            ? await VisibleDrugsAsync(shelf, people, range, visible, cancellationToken)
            : await queries.DrugsAsync(db, IdsOf(people), range, cancellationToken);
        return
        [
            .. rows.Where(r => visible.Contains(r.PublicationId))
                .OrderBy(r => PlaceOf(people, r.PersonId)).ThenBy(r => r.Month).ThenByDescending(r => r.MostSavingYen)
                .ThenBy(r => r.DrugName, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// Notes that the viewer has seen what a page shows, the first time; a look at another's leaves an event each time (row G2). Beside the click
    /// count this is what a GET writes. Where the mark of one's own cannot be written the page goes on; without its event nobody looks at another's.
    /// </summary>
    /// <param name="shelf">What the viewer may read.</param>
    /// <param name="people">Whom the page shows.</param>
    /// <param name="months">What it shows of them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task SeeAsync(NoticeShelf shelf, IReadOnlyList<Subject> people, IReadOnlyList<ReadableMonth> months, CancellationToken cancellationToken)
    {
        if (months.Count == 0)
        {
            return;
        }

        if (people.Any(p => !p.IsSelf))
        {
            await CommitAsync(() => AddSightsAsync(shelf, people, months, cancellationToken), cancellationToken);
            return;
        }

        if (known.Has(shelf.ViewerId, shelf.Kind, months))
        {
            return;
        }

        var seen = await SeenAsync(shelf.ViewerId, months, cancellationToken);
        if (months.All(m => seen.Contains(new SightOf(m.PublicationId, shelf.ViewerId, shelf.Kind)))
            || await TryCommitAsync(() => AddSightsAsync(shelf, people, months, cancellationToken), cancellationToken))
        {
            known.Add(shelf.ViewerId, shelf.Kind, months);
        }
    }

    /// <summary>Notes that a file is taken away, and what <see cref="SeeAsync"/> notes. Without its event there is no file.</summary>
    /// <param name="shelf">What the viewer may read.</param>
    /// <param name="people">Whom the file shows.</param>
    /// <param name="months">What it shows of them.</param>
    /// <param name="detail">Which file, such as <c>file=pdf year=2026</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task TakeAsync(NoticeShelf shelf, IReadOnlyList<Subject> people, IReadOnlyList<ReadableMonth> months, string detail, CancellationToken cancellationToken) =>
        CommitAsync(
            async () =>
            {
                var subject = people is [var one] ? one.PersonId : shelf.ViewerId;
                await audit.AddOnceAsync(AuditKind.NoticeDownloaded, subject, detail + (people.Count > 1 ? " family" : ""), AuditTrail.SameLook, cancellationToken);
                await AddSightsAsync(shelf, people, months, cancellationToken);
            },
            cancellationToken);

    /// <summary>The newest of both kinds, for Home. Of others it tells that there is a notice; what is in it is read on its own page, which leaves an event.</summary>
    /// <param name="viewerId">Who looks.</param>
    /// <param name="most">How many months of a kind.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<NewestNotices> NewestAsync(Guid viewerId, int most, CancellationToken cancellationToken)
    {
        var calendar = await CalendarAsync(viewerId, cancellationToken);
        var months = calendar.Months.Take(most).ToList();
        if (months.Count == 0)
        {
            return new NewestNotices([], calendar.Next());
        }

        var subjects = await visibility.SubjectsAsync(viewerId, cancellationToken);
        var range = new MonthRange(months[^1].Month, months[0].Month);
        var costs = new NoticeShelf(viewerId, NoticeKind.MedicalCost, subjects[NoticeKind.MedicalCost], calendar);
        var drugs = costs with { Kind = NoticeKind.GenericDrug, Subjects = subjects[NoticeKind.GenericDrug] };
        var costRows = await CostsAsync(costs, costs.Subjects.People, range, cancellationToken);
        var drugRows = await DrugsAsync(drugs, drugs.Subjects.People, range, cancellationToken);
        var seen = await SeenAsync(viewerId, months, cancellationToken);
        var items =
            from item in costRows.GroupBy(r => (NoticeKind.MedicalCost, r.Month, r.PersonId, r.PublicationId))
                .Select(g => (g.Key, Paid: CostSum.Of(g), SavingYen: 0L))
                .Concat(drugRows.GroupBy(r => (NoticeKind.GenericDrug, r.Month, r.PersonId, r.PublicationId)).Select(g => (g.Key, Paid: default(CostSum), SavingYen: SavingSum.Of(g).MostYen)))
            let kind = item.Key.Item1
            let people = subjects[kind].People
            let place = PlaceOf(people, item.Key.PersonId)
            let isOwn = people[place].IsSelf
            orderby kind, item.Key.Month descending, place
            select new NewestNotice(
                kind, item.Key.Month, people[place],
                isOwn && kind == NoticeKind.MedicalCost ? item.Paid : null, isOwn && kind == NoticeKind.GenericDrug ? item.SavingYen : null, calendar.Find(item.Key.Month)!.PublishOn,
                !seen.Contains(new SightOf(item.Key.PublicationId, item.Key.PersonId, kind)));
        return new NewestNotices([.. items], calendar.Next());
    }

    /// <summary>The months that a viewer may read: none while theirs are held back.</summary>
    private async Task<NoticeCalendar> CalendarAsync(Guid viewerId, CancellationToken cancellationToken)
    {
        var (today, society) = (Today, db.Current.Society);
        if (await hold.UntilAsync(viewerId, cancellationToken) is not null)
        {
            return new NoticeCalendar([], today, society.NoticeDay);
        }

        var oldest = society.OldestMonthOn(today);
        var months = await published.ReadAsync(db.Current, () => queries.MonthsAsync(db, cancellationToken));
        return new NoticeCalendar(months.Where(m => m.Month >= oldest), today, society.NoticeDay);
    }

    private async Task<HashSet<SightOf>> SeenAsync(Guid viewerId, IReadOnlyList<ReadableMonth> months, CancellationToken cancellationToken) =>
        [.. await queries.SeenAsync(db, viewerId, [.. months.Select(m => m.PublicationId)], cancellationToken)];

    private async Task AddSightsAsync(NoticeShelf shelf, IReadOnlyList<Subject> people, IReadOnlyList<ReadableMonth> months, CancellationToken cancellationToken)
    {
        var publications = months.Select(m => m.PublicationId).ToList();
        var persons = IdsOf(people);
        var seen = await db.NoticeSights.AsNoTracking()
            .Where(s => s.ViewerId == shelf.ViewerId && s.Kind == shelf.Kind && publications.Contains(s.PublicationId) && persons.Contains(s.PersonId))
            .Select(s => new { s.PublicationId, s.PersonId }).ToListAsync(cancellationToken);
        foreach (var person in people)
        {
            db.NoticeSights.AddRange(publications.Where(p => !seen.Exists(s => s.PublicationId == p && s.PersonId == person.PersonId)).Select(p => new NoticeSight
            {
                SocietyId = db.SocietyId,
                PublicationId = p,
                Kind = shelf.Kind,
                PersonId = person.PersonId,
                ViewerId = shelf.ViewerId,
                SeenAt = clock.GetUtcNow(),
            }));
            if (!person.IsSelf && months.Count > 0)
            {
                var detail = $"kind={shelf.Kind} from={months.Min(m => m.Month)} to={months.Max(m => m.Month)}";
                await audit.AddOnceAsync(AuditKind.NoticeOfOtherRead, person.PersonId, detail, AuditTrail.SameLook, cancellationToken);
            }
        }
    }

    /// <returns>Whether it is written.</returns>
    private async Task<bool> TryCommitAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await CommitAsync(write, either.Token);
            return true;
        }
        catch (Exception exception) when (UnitOfWork.IsOfDatabase(exception) || limit.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task CommitAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await work.CommitAsync(write, cancellationToken);
        }
        catch (DbUpdateException exception) when (UnitOfWork.IsDuplicate(exception))
        {
            // The same page was opened twice at once: the second finds the first one's sights.
            await work.CommitAsync(write, cancellationToken);
        }
    }

    /// <summary>The lines where somebody hides some: the thresholds are applied anew to those that the viewer sees (row Z10).</summary>
    private async Task<IReadOnlyList<GenericDrugRow>> VisibleDrugsAsync(
        NoticeShelf shelf, IReadOnlyList<Subject> people, MonthRange range, HashSet<Guid> visible, CancellationToken cancellationToken)
    {
        var drugs = await NoticeQueries.JudgedDrugsAsync(db, IdsOf(people), range, cancellationToken);
        var thresholds = await db.Publications.AsNoTracking().Where(p => visible.Contains(p.Id))
            .ToDictionaryAsync(p => p.Id, p => new GenericThresholds(p.GenericLeastYen, p.GenericLeastDays), cancellationToken);
        return [.. VisibleDrugs.Of(drugs, row => shelf.Subjects.IsHidden(row.PersonId, row.PublicationId, row.ClaimId), thresholds)];
    }

    private static HashSet<Guid> VisibleIds(NoticeShelf shelf, MonthRange range) =>
        [.. shelf.Calendar.Months.Where(m => m.Month >= range.From && m.Month <= range.To).Select(m => m.PublicationId)];

    private static Guid[] IdsOf(IReadOnlyList<Subject> people) => [.. people.Select(p => p.PersonId)];

    private static int PlaceOf(IReadOnlyList<Subject> people, Guid personId)
    {
        for (var place = 0; place < people.Count; place++)
        {
            if (people[place].PersonId == personId)
            {
                return place;
            }
        }

        return people.Count;
    }
}

/// <summary>A notice of one person and month that has something in it.</summary>
/// <param name="Kind">Which notice.</param>
/// <param name="Month">診療年月.</param>
/// <param name="Person">Whose.</param>
/// <param name="Paid">The viewer's own 医療費通知: what it comes to.</param>
/// <param name="SavingYen">The viewer's own ジェネリック通知: the most that could be saved.</param>
/// <param name="PublishedOn">Since when it can be read.</param>
/// <param name="IsUnread">The viewer has not looked at it.</param>
public sealed record NewestNotice(NoticeKind Kind, TreatmentMonth Month, Subject Person, CostSum? Paid, long? SavingYen, DateOnly PublishedOn, bool IsUnread);

/// <summary>What Home shows of the notices.</summary>
/// <param name="Items">By kind, the newest month first, then in the order of the people.</param>
/// <param name="Next">The next month to come and its day.</param>
public sealed record NewestNotices(IReadOnlyList<NewestNotice> Items, (TreatmentMonth Month, DateOnly On) Next);

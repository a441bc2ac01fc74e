using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>What came of publishing.</summary>
/// <param name="Version">The month as members will see it.</param>
/// <param name="ReplacedId">The version whose place it took.</param>
/// <param name="ClaimsSince">Claims of the month that came, changed, were returned, found another person or became another month's after it was computed: it does not know of that.</param>
/// <param name="IsUnchanged">What was computed is what is published: nothing was done.</param>
public sealed record PublishOutcome(NoticeVersion Version, Guid? ReplacedId, int ClaimsSince, bool IsUnchanged);

/// <summary>Who had seen what: the first look of each.</summary>
/// <param name="ViewerId">Who looked.</param>
/// <param name="OwnerId">Whose notice it was.</param>
/// <param name="Kind">Which notice.</param>
/// <param name="SeenAt">When.</param>
/// <param name="ViewerCard">記号-番号-枝番 of who looked, for staff to find them.</param>
/// <param name="OwnerCard">記号-番号-枝番 of whose notice it was.</param>
/// <param name="IsEarlier">It was an earlier version of the month.</param>
public sealed record SeenNotice(Guid ViewerId, Guid OwnerId, NoticeKind Kind, DateTimeOffset SeenAt, string? ViewerCard, string? OwnerCard, bool IsEarlier)
{
    /// <summary>The ids alone: a record's own ToString would carry the cards into whatever logs it.</summary>
    public override string ToString() => $"{ViewerId} {OwnerId} {Kind}";
}

/// <summary>What came of withdrawing.</summary>
/// <param name="Version">What was taken back.</param>
/// <param name="Seen">Who had seen it, or an earlier version of the month, in time.</param>
/// <param name="MailsSent">Mails that had left.</param>
/// <param name="MailsStopped">Mails that still waited; they are not sent.</param>
public sealed record WithdrawOutcome(NoticeVersion Version, IReadOnlyList<SeenNotice> Seen, int MailsSent, int MailsStopped);

/// <summary>Shows a computed month to members from a day on, or takes it back.</summary>
public sealed class PublicationService(PortalContext db, UnitOfWork work, HiddenLines hidden, AuditTrail audit, TimeProvider clock)
{
    /// <summary>The society's usual day for a month: two months later, and not before today.</summary>
    public DateOnly UsualDay(TreatmentMonth month)
    {
        var day = NoticeCalendar.UsualDay(month, db.Current.Society.NoticeDay);
        return day > Today ? day : Today;
    }

    /// <summary>A month that still goes on has no notice: its claims come after its end.</summary>
    /// <exception cref="PortalInputException">It is not over yet in Tokyo.</exception>
    public void RefuseUnfinished(TreatmentMonth month)
    {
        if (month >= TreatmentMonth.Of(Today))
        {
            throw new PortalInputException(PublicationText.Unfinished.With(month));
        }
    }

    private DateOnly Today => JapanTime.DateOf(clock.GetUtcNow());

    /// <summary>Publishes what was computed last. The version that members saw before gives way at the same moment.</summary>
    /// <param name="month">The month.</param>
    /// <param name="on">The first day on which members see it; null for <see cref="UsualDay"/>, and where they see a version already for today.</param>
    /// <param name="withMails">Whether those who want mails are told on that day. Without mails a day may have passed: history of before this portal.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortalInputException">Nothing was computed, there is no line in it, the day is in the month itself or has passed, or it would hide for some days what members see now.</exception>
    public Task<PublishOutcome> PublishAsync(
        TreatmentMonth month, DateOnly? on, bool withMails, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync(NoticeComputation.Queue, cancellationToken);
            var draft = await db.Publications.SingleOrDefaultAsync(p => p.Month == month && p.State == PublicationState.Computed, cancellationToken);
            var earlier = await db.Publications.SingleOrDefaultAsync(p => p.Month == month && p.State == PublicationState.Published, cancellationToken);
            if (draft is null)
            {
                throw new PortalInputException(earlier is null ? PublicationText.NothingComputed.With(month)
                    : earlier.IsVisibleOn(Today) ? PublicationText.NothingNewComputed.With(month, JapanTime.Date(earlier.PublishOn!.Value))
                    : PublicationText.NothingNewPlanned.With(month, JapanTime.Date(earlier.PublishOn!.Value)));
            }

            if (draft.MedicalCostLines + draft.GenericDrugLines == 0)
            {
                throw new PortalInputException((earlier is null ? PublicationText.NoLine : PublicationText.NoLineLeft).With(month));
            }

            if (on is { } wanted && wanted < month.AddMonths(1).FirstDay)
            {
                throw new PortalInputException(PublicationText.OnTooEarly.With(month, month.AddMonths(1).FirstDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
            }

            if (withMails && on < Today)
            {
                throw new PortalInputException(PublicationText.OnPast.With(JapanTime.Date(on.Value), JapanTime.Date(Today)));
            }

            var isSeen = earlier?.IsVisibleOn(Today) == true;
            var day = on ?? (isSeen ? Today : earlier?.PublishOn ?? UsualDay(month));
            if (isSeen && day > Today)
            {
                throw new PortalInputException(PublicationText.ReplacedAtOnceOnly.With(month));
            }

            var since = await CountSinceAsync(draft, cancellationToken);
            if (earlier is not null && (isSeen || day == earlier.PublishOn) && await AreSameAsync(earlier, draft, cancellationToken))
            {
                return new PublishOutcome(earlier, null, since, IsUnchanged: true);
            }

            var now = clock.GetUtcNow();
            if (earlier is not null)
            {
                // Who keeps a line of it from the household does so before this or not at all.
                await work.LockAsync<NoticeVersion>(earlier.Id, cancellationToken);
                (earlier.State, earlier.EndedAt) = (PublicationState.Superseded, now);
            }

            (draft.State, draft.PublishOn, draft.MailedAt) = (PublicationState.Published, day, withMails ? null : now);
            var kept = await hidden.FollowAsync(draft, earlier, cancellationToken);
            audit.Add(AuditKind.NoticesPublished, draft.Id, string.Create(
                CultureInfo.InvariantCulture, $"month={month} on={day:yyyy-MM-dd} people={draft.People} costs={draft.MedicalCostLines} drugs={draft.GenericDrugLines} kept={kept}"));
            return new PublishOutcome(draft, earlier?.Id, since, IsUnchanged: false);
        },
        cancellationToken);

    /// <summary>Takes a published month back: from this moment nobody sees it, and mails that wait are not sent. An earlier version does not come back.</summary>
    /// <exception cref="PortalInputException">The month is not published.</exception>
    public Task<WithdrawOutcome> WithdrawAsync(TreatmentMonth month, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync(NoticeComputation.Queue, cancellationToken);
            var published = await db.Publications.SingleOrDefaultAsync(p => p.Month == month && p.State == PublicationState.Published, cancellationToken)
                ?? throw new PortalInputException(PublicationText.NothingPublished.With(month));
            (published.State, published.EndedAt) = (PublicationState.Withdrawn, clock.GetUtcNow());
            var seen = await SeenAsync(published, cancellationToken);
            var mails = db.OutboxMails.Where(m => m.Lane == MailLane.Notice && m.SubjectId == published.Id);
            var sent = await mails.CountAsync(m => m.SentAt != null, cancellationToken);
            var stopped = await mails.CountAsync(m => m.SentAt == null && m.FailedAt == null, cancellationToken);
            audit.Add(AuditKind.NoticesWithdrawn, published.Id, string.Create(
                CultureInfo.InvariantCulture, $"month={month} seen={seen.Count} viewers={seen.Select(s => s.ViewerId).Distinct().Count()} mails={stopped} sent={sent}"));
            return new WithdrawOutcome(published, seen, sent, stopped);
        },
        cancellationToken);

    /// <summary>Every computation of the society, the newest month first.</summary>
    public async Task<IReadOnlyList<NoticeVersion>> ListAsync(CancellationToken cancellationToken) => await db.Publications.AsNoTracking()
        .OrderByDescending(p => p.Month).ThenByDescending(p => p.ComputedAt).ToListAsync(cancellationToken);

    /// <summary>Claims that changed after a version was computed: those of its month, and those that it has and that are another month's now.</summary>
    private async Task<int> CountSinceAsync(NoticeVersion draft, CancellationToken cancellationToken)
    {
        var (id, month, computedAt) = (draft.Id, draft.Month, draft.ComputedAt);
        return await db.ReceivedClaims.CountAsync(c => c.Month == month && c.ChangedAt > computedAt, cancellationToken)
            + await db.MedicalCostLines.CountAsync(
                l => l.PublicationId == id && db.ReceivedClaims.Any(c => c.Id == l.ClaimId && c.Month != month && c.ChangedAt > computedAt), cancellationToken);
    }

    /// <summary>Whether members would see of both the same.</summary>
    private async Task<bool> AreSameAsync(NoticeVersion earlier, NoticeVersion draft, CancellationToken cancellationToken)
    {
        if ((earlier.People, earlier.MedicalCostLines, earlier.GenericDrugLines) != (draft.People, draft.MedicalCostLines, draft.GenericDrugLines))
        {
            return false;
        }

        return AreEqual(await CostsOf(earlier), await CostsOf(draft)) && AreEqual(await DrugsOf(earlier), await DrugsOf(draft));

        Task<Dictionary<Guid, int>> CostsOf(NoticeVersion version) => NoticeDifferences.DigestsAsync(
            db.MedicalCostLines.Where(l => l.PublicationId == version.Id), l => l.ClaimId, NoticeLines.Digest, cancellationToken);

        Task<Dictionary<Guid, int>> DrugsOf(NoticeVersion version) => NoticeDifferences.DigestsAsync(
            db.GenericDrugLines.Where(l => l.PublicationId == version.Id), l => l.ClaimId, NoticeLines.Digest, cancellationToken);

        static bool AreEqual(Dictionary<Guid, int> one, Dictionary<Guid, int> other) =>
            one.Count == other.Count && one.All(claim => other.TryGetValue(claim.Key, out var digest) && digest == claim.Value);
    }

    private async Task<IReadOnlyList<SeenNotice>> SeenAsync(NoticeVersion withdrawn, CancellationToken cancellationToken)
    {
        var sights = await db.NoticeSights.AsNoTracking()
            .Where(s => db.Publications.Any(p => p.Id == s.PublicationId && p.Month == withdrawn.Month && p.PublishOn != null)).OrderBy(s => s.SeenAt).ThenBy(s => s.Id).ToListAsync(cancellationToken);
        var people = sights.SelectMany(s => new[] { s.ViewerId, s.PersonId }).Distinct().ToArray();
        var cards = await CardLabels.OfAsync(db, people, cancellationToken);
        return sights.ConvertAll(s => new SeenNotice(
            s.ViewerId, s.PersonId, s.Kind, s.SeenAt, cards.GetValueOrDefault(s.ViewerId), cards.GetValueOrDefault(s.PersonId), s.PublicationId != withdrawn.Id));
    }
}

using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>Moves or drops the day of a month that is planned and that nobody sees yet. The computation stays as it is.</summary>
public sealed class PublicationPlan(PortalContext db, UnitOfWork work, AuditTrail audit, TimeProvider clock)
{
    private DateOnly Today => JapanTime.DateOf(clock.GetUtcNow());

    /// <summary>Gives a planned month another day; today's makes it visible at once.</summary>
    /// <exception cref="PortalInputException">Nothing is planned, members see it already, or the day is in the month itself or has passed.</exception>
    public Task<NoticeVersion> RescheduleAsync(TreatmentMonth month, DateOnly on, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            var planned = await PlannedAsync(month, cancellationToken);
            if (on < month.AddMonths(1).FirstDay)
            {
                throw new PortalInputException(PublicationText.OnTooEarly.With(month, Iso(month.AddMonths(1).FirstDay)));
            }

            if (on < Today)
            {
                throw new PortalInputException(PublicationText.OnPast.With(JapanTime.Date(on), JapanTime.Date(Today)));
            }

            audit.Add(AuditKind.NoticesRescheduled, planned.Id, $"month={month} from={Iso(planned.PublishOn!.Value)} to={Iso(on)}");
            planned.PublishOn = on;
            return planned;
        },
        cancellationToken);

    /// <summary>Drops the plan: the month is computed and not published, as before. Where a newer computation waits already, the dropped one is over.</summary>
    /// <exception cref="PortalInputException">Nothing is planned, or members see it already.</exception>
    public Task<NoticeVersion> DropAsync(TreatmentMonth month, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            var planned = await PlannedAsync(month, cancellationToken);
            audit.Add(AuditKind.NoticesUnplanned, planned.Id, $"month={month} from={Iso(planned.PublishOn!.Value)}");
            (planned.PublishOn, planned.MailedAt) = (null, null);
            if (await db.Publications.AnyAsync(p => p.Month == month && p.State == PublicationState.Computed, cancellationToken))
            {
                (planned.State, planned.EndedAt) = (PublicationState.Superseded, clock.GetUtcNow());
            }
            else
            {
                planned.State = PublicationState.Computed;
            }

            return planned;
        },
        cancellationToken);

    private async Task<NoticeVersion> PlannedAsync(TreatmentMonth month, CancellationToken cancellationToken)
    {
        await work.QueueUpAsync(NoticeComputation.Queue, cancellationToken);
        var published = await db.Publications.SingleOrDefaultAsync(p => p.Month == month && p.State == PublicationState.Published, cancellationToken)
            ?? throw new PortalInputException(PublicationText.NothingPlanned.With(month));
        return published.IsVisibleOn(Today)
            ? throw new PortalInputException(PublicationText.AlreadyVisible.With(month, JapanTime.Date(published.PublishOn!.Value)))
            : published;
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

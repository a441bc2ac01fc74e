using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>What came of cancelling a month's mails.</summary>
/// <param name="Cancelled">Mails that waited.</param>
/// <param name="OnTheWay">Mails that the sender holds at this moment: they go.</param>
/// <param name="IsNotQueued">The month's mails were still to be queued, and will not be.</param>
public sealed record MailStop(int Cancelled, int OnTheWay, bool IsNotQueued);

/// <summary>Cancels the mails of a month; the month itself stays as it is.</summary>
public sealed class NoticeMailStop(PortalContext db, UnitOfWork work, AuditTrail audit, TimeProvider clock)
{
    /// <exception cref="PortalInputException">No mail of the month waits.</exception>
    public Task<MailStop> CancelAsync(TreatmentMonth month, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync(NoticeComputation.Queue, cancellationToken);
            var now = clock.GetUtcNow();
            var published = await db.Publications.SingleOrDefaultAsync(p => p.Month == month && p.State == PublicationState.Published, cancellationToken);
            var isNotQueued = published is { MailedAt: null };
            if (isNotQueued)
            {
                published!.MailedAt = now;
            }

            var waiting = db.OutboxMails.Where(m => m.Lane == MailLane.Notice && m.SentAt == null && m.FailedAt == null && db.Publications.Any(p => p.Id == m.SubjectId && p.Month == month));
            var cancelled = await waiting.Where(m => m.LeasedUntil == null || m.LeasedUntil <= now).ExecuteUpdateAsync(
                set => set.SetProperty(m => m.FailedAt, now).SetProperty(m => m.NotSent, NotSentReason.Cancelled).SetProperty(m => m.RefusedAt, (DateTimeOffset?)null), cancellationToken);
            var onTheWay = await waiting.CountAsync(cancellationToken);
            if (cancelled + onTheWay == 0 && !isNotQueued)
            {
                throw new PortalInputException(PublicationText.NoMailWaits.With(month));
            }

            audit.Add(AuditKind.MailCancelled, published?.Id, string.Create(CultureInfo.InvariantCulture, $"month={month} mails={cancelled}"));
            return new MailStop(cancelled, onTheWay, isNotQueued);
        },
        cancellationToken);
}

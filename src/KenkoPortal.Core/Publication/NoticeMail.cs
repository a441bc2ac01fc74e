using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>「新しい通知のお知らせ」: that something is new, and where to log in. No name, clinic, drug or amount (row M9).</summary>
public sealed class NoticeMail(PortalContext db, TimeProvider clock) : IMailTemplate
{
    public const string TemplateName = "notice";

    public string Name => TemplateName;

    /// <summary>Not written where the month was taken back, or the address is the account's no more (row L7). A version that another took the place of is as good: there is something to read.</summary>
    public async Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(clock.GetUtcNow());
        var isToBeRead = await db.Publications.AnyAsync(
            queued => queued.Id == mail.SubjectId && queued.State != PublicationState.Withdrawn
                && db.TrustedAddresses.Any(a => a.AccountId == mail.AccountId && a.Address == mail.ToAddress)
                && db.Publications.Any(p => p.Month == queued.Month && p.State == PublicationState.Published && p.PublishOn <= today),
            cancellationToken);
        return isToBeRead ? new MailText(PublicationText.MailSubject, PublicationText.MailBody.With(society.Name, society.Url("/"))) : null;
    }
}

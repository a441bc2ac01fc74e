using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Mail;

/// <summary>Queues mails in the running transaction, so that a mail and its cause are committed together.</summary>
public sealed class Outbox(PortalContext db, TimeProvider clock)
{
    /// <param name="template">Name of the template (<see cref="IMailTemplate.Name"/>).</param>
    /// <param name="toAddress">The recipient.</param>
    /// <param name="accountId">The account it speaks of, if any.</param>
    /// <param name="subjectId">The row that the template reads, if any.</param>
    /// <param name="expiresAt">When its link dies; it is not sent after that.</param>
    /// <param name="id">The mail's id where the caller needed it beforehand.</param>
    public void Queue(string template, string toAddress, Guid? accountId = null, Guid? subjectId = null, DateTimeOffset? expiresAt = null, Guid? id = null)
    {
        var now = clock.GetUtcNow();
        db.OutboxMails.Add(new OutboxMail
        {
            Id = id ?? Guid.CreateVersion7(),
            SocietyId = db.SocietyId,
            Lane = MailLane.Account,
            Template = template,
            ToAddress = toAddress,
            AccountId = accountId,
            SubjectId = subjectId,
            QueuedAt = now,
            NextAttemptAt = now,
            ExpiresAt = expiresAt,
        });
    }
}

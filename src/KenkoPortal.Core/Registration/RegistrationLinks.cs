using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.InboundMail;
using KenkoPortal.Core.Mail;

namespace KenkoPortal.Core.Registration;

/// <summary>Answers an ask for the registration mail: the same for every address, known or not.</summary>
public sealed class RegistrationLinks(PortalContext db, AuditTrail audit, Outbox outbox, PortalKeys keys) : IAskAnswer
{
    public AskPurpose Purpose => AskPurpose.Registration;

    public Task<bool> AnswerAsync(EmailAddress address, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        var (id, mailId) = (Guid.CreateVersion7(askedAt), Guid.CreateVersion7());
        var link = new RegistrationLink
        {
            Id = id,
            SocietyId = db.SocietyId,
            TokenHash = Secrets.HashOf(keys.Token(KeyPurpose.RegistrationLink, id)),
            Address = address.Value,
            AddressKey = address.Folded,
            MailId = mailId,
            AskedAt = askedAt,
            ExpiresAt = askedAt + MailedLink.Validity,
        };
        db.RegistrationLinks.Add(link);
        outbox.Queue(RegistrationLinkMail.TemplateName, address.Value, subjectId: id, expiresAt: link.ExpiresAt, id: mailId);
        audit.Add(AuditKind.RegistrationLinkQueued, id);
        return Task.FromResult(true);
    }
}

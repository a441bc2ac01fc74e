using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Registration;

/// <summary>Answers an ask for the registration mail: the same for every address, known or not.</summary>
public sealed class RegistrationLinks(PortalContext db, AuditTrail audit, Outbox outbox, PortalKeys keys) : IAskAnswer
{
    public AskPurpose Purpose => AskPurpose.Registration;

    public Task<bool> AnswerAsync(AskedMail asked, CancellationToken cancellationToken)
    {
        var (address, askedAt) = (asked.Address, asked.From);
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
        outbox.Queue(RegistrationLinkMail.TemplateName, asked.AnswerTo.Value, subjectId: id, expiresAt: link.ExpiresAt, id: mailId);
        audit.Add(AuditKind.RegistrationLinkQueued, id);
        return Task.FromResult(true);
    }

    public void LeadToForm(AskedMail asked) => outbox.Queue(RegistrationFormMail.TemplateName, asked.AnswerTo.Value);

    public async Task<bool> HasLivingAsync(EmailAddress address, DateTimeOffset now, CancellationToken cancellationToken) =>
        await LivingAsync(address, now, cancellationToken) is not null;

    public async Task SendAgainAsync(AskedMail asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await LivingAsync(asked.Address, now, cancellationToken) is { } link
            && !await db.OutboxMails.AnyAsync(m => m.SentAt == null && m.FailedAt == null && m.SubjectId == link.Id, cancellationToken))
        {
            outbox.Queue(RegistrationLinkMail.TemplateName, asked.AnswerTo.Value, subjectId: link.Id, expiresAt: link.ExpiresAt);
        }
    }

    /// <summary>Nobody has an account yet, so that no device is known.</summary>
    public Task<bool> IsOwnersAsync(EmailAddress address, IReadOnlyCollection<Guid> devices, DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>The newest link of the address: an older one ended when its mail was sent (row L3).</summary>
    private async Task<RegistrationLink?> LivingAsync(EmailAddress address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = address.Folded;
        var newest = await db.RegistrationLinks.AsNoTracking().Where(l => l.AddressKey == key)
            .OrderByDescending(l => l.AskedAt).ThenByDescending(l => l.Id).FirstOrDefaultAsync(cancellationToken);
        return newest?.IsAliveAt(now) == true ? newest : null;
    }
}

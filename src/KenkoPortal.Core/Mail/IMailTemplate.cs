using KenkoPortal.Core.Societies;

namespace KenkoPortal.Core.Mail;

/// <summary>The words of one mail.</summary>
public sealed record MailText(string Subject, string Body);

/// <summary>
/// Writes one kind of mail at the moment it is sent. Features bring their own; Mail knows none of them.
/// </summary>
public interface IMailTemplate
{
    /// <summary>The name under which the outbox holds it; never changes once mails may wait under it.</summary>
    string Name { get; }

    /// <summary>Null when what the mail speaks of is dead by now, so that it must not be sent.</summary>
    Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken);
}

namespace KenkoPortal.Core.Mail;

/// <summary>Whether a mail about an account may still go where it was queued to. Mail knows no accounts; they bring the rule.</summary>
public interface IMailRecipients
{
    Task<bool> MayReceiveAsync(OutboxMail mail, CancellationToken cancellationToken);
}

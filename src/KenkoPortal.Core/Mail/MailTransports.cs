namespace KenkoPortal.Core.Mail;

/// <summary>Chooses the way out of the house.</summary>
public static class MailTransports
{
    /// <summary>The relay where one is configured, else the folder. Each call makes a sender with a connection of its own.</summary>
    public static IMailTransport Create(SmtpOptions relay, string folder, TimeProvider clock) =>
        relay.Host is null ? new EmlFolder(folder, clock) : new SmtpSender(relay, clock);
}

namespace KenkoPortal.Core.Mail;

/// <summary>Takes a message to where it goes. Two ways: <see cref="SmtpSender"/> and <see cref="EmlFolder"/>.</summary>
public interface IMailTransport
{
    /// <summary>Sends one message. Faults of the network, the relay and the disk come back as <see cref="DeliveryResult"/>.</summary>
    /// <exception cref="ArgumentException">The message cannot be written (<see cref="MimeWriter.Write"/>).</exception>
    Task<DeliveryResult> SendAsync(MailMessage message, CancellationToken cancellationToken);
}

/// <summary>How far a message came.</summary>
public enum DeliveryStep
{
    Connect,
    Greeting,
    Tls,
    Login,
    Sender,
    Recipient,
    Data,
    Folder,
}

/// <summary>What became of a message. Holds codes only: a server's words may repeat the address.</summary>
public abstract record DeliveryResult
{
    private DeliveryResult()
    {
    }

    /// <summary>The relay, or the folder, has it.</summary>
    public sealed record Sent : DeliveryResult;

    /// <summary>Not now; try again. Also where the relay refuses us as such (login, TLS, our sender address): the operator
    /// can mend it, and the message is not to blame.</summary>
    /// <param name="Code">The reply code; 0 where there was none (no connection, time-out, a peer that speaks no SMTP).</param>
    /// <param name="Status">The enhanced status code (<c>4.2.1</c>), if the reply had one.</param>
    public sealed record Deferred(DeliveryStep Step, int Code, string? Status) : DeliveryResult;

    /// <summary>Refused for good (5xx) at the recipient or the text.</summary>
    public sealed record Rejected(DeliveryStep Step, int Code, string? Status) : DeliveryResult
    {
        /// <summary>The address is at fault, not the text or our reputation: no such mailbox or domain, or it is closed
        /// (RFC 3463 §3.2, §3.3).</summary>
        public bool IsAddressDead => Step is DeliveryStep.Recipient
            && (Status is "5.1.1" or "5.1.2" or "5.1.3" or "5.1.6" or "5.1.10" or "5.2.1" || (Status is null && Code is 550 or 553));
    }
}

using System.Globalization;

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
    public sealed record Deferred(DeliveryStep Step, int Code, string? Status) : DeliveryResult
    {
        /// <summary>The relay refuses us for good (5xx) before it knows of any recipient: our greeting, login or sender address.</summary>
        public bool IsRefusal => Code >= 500;

        /// <inheritdoc cref="Rejected.Reply"/>
        public string Reply => ReplyOf(Code, Status);
    }

    /// <summary>Refused for good (5xx) at the recipient or the text.</summary>
    public sealed record Rejected(DeliveryStep Step, int Code, string? Status) : DeliveryResult
    {
        /// <summary>
        /// It may be the relay that refuses us, whoever the mail is for: by policy (5.7.x), as a system, in the dialogue, or without saying what it speaks of. Only what it says to
        /// others tells (row M14).
        /// </summary>
        public bool MayBeOfRelay => Code >= 500 && Code != 552
            && (!EnhancedStatus.TryParse(Status, out var read) || read.Subject is 0 or 3 or 4 or 5 or 7);

        /// <summary>Code and status, for staff.</summary>
        public string Reply => ReplyOf(Code, Status);

        /// <summary>The address is at fault, not the text, our reputation or the relay: no such mailbox or domain, or it is closed.</summary>
        public bool IsAddressDead => Step is DeliveryStep.Recipient && EnhancedStatus.TryParse(Status, out var read)
            && AddressRefusal.IsOfAddress(read, Code.ToString(CultureInfo.InvariantCulture));
    }

    private static string ReplyOf(int code, string? status) => string.Create(CultureInfo.InvariantCulture, $"{code} {status}").TrimEnd();
}

using System.ComponentModel.DataAnnotations;

namespace KenkoPortal.Core.Mail;

/// <summary>How the connection to the relay is encrypted.</summary>
public enum SmtpTls
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By STARTTLS (RFC 3207); a relay that does not offer it gets nothing.</summary>
    StartTls,

    /// <summary>From the first byte (RFC 8314).</summary>
    Implicit,
}

/// <summary>The relay that takes our mail; section <c>Mail:Smtp</c>.</summary>
public sealed class SmtpOptions : IValidatableObject
{
    public const string Section = "Mail:Smtp";

    /// <summary>The relay's name; its certificate must be for it. Null: there is none.</summary>
    public string? Host { get; set; }

    /// <summary>Null: 25, with STARTTLS 587, with implicit TLS 465.</summary>
    [Range(1, 65535)]
    public int? Port { get; set; }

    public string? User { get; set; }

    public string? Password { get; set; }

    public SmtpTls Tls { get; set; } = SmtpTls.StartTls;

    /// <summary>A PEM file with the roots to trust in place of the system's: for a relay with a certificate of the house.</summary>
    public string? CaPath { get; set; }

    /// <summary>The name that we say at EHLO.</summary>
    [Required]
    public string HeloName { get; set; } = "localhost";

    /// <summary>For connecting and for a TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For the reply to one command. RFC 5321 §4.5.3.2 says 5 minutes; a relay of one's own is quicker.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>For the reply to the end of a message (RFC 5321 §4.5.3.2.6). Shorter means duplicates.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A connection that was idle for so long is not used again.</summary>
    public TimeSpan KeepOpen { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Messages over one connection.</summary>
    [Range(1, 10_000)]
    public int MaxMessagesPerConnection { get; set; } = 100;

    /// <summary>Whether mails stay on this machine on their way to the relay.</summary>
    public bool IsThisMachine => Host is "localhost" or "127.0.0.1" or "::1";

    internal int ActualPort => Port ?? Tls switch
    {
        SmtpTls.StartTls => 587,
        SmtpTls.Implicit => 465,
        _ => 25,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host is not null && (Host.Length == 0 || Uri.CheckHostName(Host) is UriHostNameType.Unknown))
        {
            yield return new ValidationResult("Host is no host name.", [nameof(Host)]);
        }

        if (HeloName.Length == 0 || HeloName.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            yield return new ValidationResult("HeloName is no host name.", [nameof(HeloName)]);
        }

        if ((User is null) != (Password is null))
        {
            yield return new ValidationResult("User and Password go together.", [nameof(User), nameof(Password)]);
        }

        if (User is not null && Tls is SmtpTls.None && !IsThisMachine)
        {
            yield return new ValidationResult("A password is not sent without TLS, except to this machine.", [nameof(Tls)]);
        }

        if (CaPath is not null && !File.Exists(CaPath))
        {
            yield return new ValidationResult("The file of trusted roots is missing.", [nameof(CaPath)]);
        }

        if (Array.Exists([ConnectTimeout, CommandTimeout, DataTimeout, KeepOpen], t => t <= TimeSpan.Zero || t > TimeSpan.FromHours(1)))
        {
            yield return new ValidationResult("Each time-out lies between 0 and 1 hour.", [nameof(CommandTimeout)]);
        }
    }
}

using System.ComponentModel.DataAnnotations;
using System.Net;

namespace KenkoPortal.Smtp;

/// <summary>The listener's place and limits; the host names the section of the settings.</summary>
public sealed class SmtpListenerOptions : IValidatableObject
{
    /// <summary>TCP port; 0 takes a free one (tests).</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 2525;

    /// <summary>The address to bind to: <c>127.0.0.1</c>, <c>0.0.0.0</c>, <c>::</c> …</summary>
    [Required]
    public string BindAddress { get; set; } = "127.0.0.1";

    /// <summary>A PEM file with the certificate and its chain. Without it STARTTLS is not offered.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>A PEM file with the certificate's key; left out, it is in <see cref="CertificatePath"/> too.</summary>
    public string? CertificateKeyPath { get; set; }

    /// <summary>Connections open at once.</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 500;

    /// <summary>Connections open at once from one address (IPv6: one /64).</summary>
    [Range(1, 100_000)]
    public int MaxConnectionsPerAddress { get; set; } = 100;

    /// <summary>From a reply to the end of the next command, however slowly it trickles in; also for a TLS handshake.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>For the whole of one message.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two pieces of a message.</summary>
    public TimeSpan DataIdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes a second of a message on average, once <see cref="DataGrace"/> is over.</summary>
    [Range(1, 1_000_000)]
    public int MinDataRate { get; set; } = 128;

    /// <summary>The time before <see cref="MinDataRate"/> counts.</summary>
    public TimeSpan DataGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A session in which no message was kept for so long ends.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After a refusal that closes, what still comes is read and dropped for so long, so that the client sees the reply
    /// and not a reset.</summary>
    public TimeSpan LingerTimeout { get; set; } = TimeSpan.FromSeconds(2);

    public SmtpSessionOptions Session { get; set; } = new();

    public EnvelopeBatcherOptions Batch { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(BindAddress, out _))
        {
            yield return new ValidationResult("BindAddress is no IP address.", [nameof(BindAddress)]);
        }

        foreach (var path in new[] { CertificatePath, CertificateKeyPath })
        {
            if (path is not null && !File.Exists(path))
            {
                yield return new ValidationResult("The certificate's file is missing.", [nameof(CertificatePath)]);
            }
        }

        if (CertificateKeyPath is not null && CertificatePath is null)
        {
            yield return new ValidationResult("There is a key without a certificate.", [nameof(CertificateKeyPath)]);
        }

        TimeSpan[] times =
        [
            CommandTimeout, DataTimeout, DataIdleTimeout, DataGrace, SessionTimeout, LingerTimeout,
            Session.RecipientTimeout, Batch.Patience, Batch.CommitTimeout,
        ];
        if (Array.Exists(times, t => t <= TimeSpan.Zero || t > TimeSpan.FromHours(1)))
        {
            yield return new ValidationResult("Each time-out lies between 0 and 1 hour.", [nameof(CommandTimeout)]);
        }

        var nested = new List<ValidationResult>();
        Validator.TryValidateObject(Session, new ValidationContext(Session), nested, validateAllProperties: true);
        Validator.TryValidateObject(Batch, new ValidationContext(Batch), nested, validateAllProperties: true);
        foreach (var result in nested)
        {
            yield return result;
        }
    }
}

using System.ComponentModel.DataAnnotations;

namespace KenkoPortal.Smtp;

/// <summary>What one session may ask of us. The limits hold while the bytes come, not after.</summary>
public sealed class SmtpSessionOptions
{
    /// <summary>The name that we greet with; a host name of ours (RFC 5321 §4.1.1.1).</summary>
    [Required]
    public string HostName { get; set; } = "localhost";

    /// <summary>Size of a message in bytes, told as SIZE (RFC 1870). An empty mail needs little, but phones add
    /// signatures and pictures.</summary>
    [Range(10_000, 100_000_000)]
    public long MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>Length of a text line in bytes. RFC 5321 §4.5.3.1.6 says 998; real mail has longer ones.</summary>
    [Range(998, 1_000_000)]
    public int MaxLineBytes { get; set; } = 8192;

    /// <summary>Length of a command in bytes without CRLF. RFC 5321 §4.5.3.1.4 says 510, extensions add to it.</summary>
    [Range(510, 10_000)]
    public int MaxCommandBytes { get; set; } = 1000;

    /// <summary>Recipients of one message; the next one gets 452 and may come with another message.</summary>
    [Range(1, 1000)]
    public int MaxRecipients { get; set; } = 10;

    /// <summary>Commands refused with 5xx in one session, unknown recipients included; then 421.</summary>
    [Range(1, 1000)]
    public int MaxErrors { get; set; } = 10;

    /// <summary>Commands since the last message that was kept; then 421.</summary>
    [Range(10, 10_000)]
    public int MaxCommandsWithoutMessage { get; set; } = 100;

    /// <summary>How long judging a recipient may take; then 451.</summary>
    public TimeSpan RecipientTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

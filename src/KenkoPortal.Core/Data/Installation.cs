namespace KenkoPortal.Core.Data;

/// <summary>The one row that speaks of the database as a whole.</summary>
public sealed class Installation
{
    public const int TheOnly = 1;

    public int Id { get; init; } = TheOnly;

    /// <summary>Fingerprint of the master key that the stored hashes were made with; a start with another key refuses.</summary>
    public required byte[] KeyFingerprint { get; set; }

    /// <summary>When a backup was last restored: sessions, device cookies, mailed links and queued mail of before are dead.</summary>
    public DateTimeOffset? RestoredAt { get; set; }
}

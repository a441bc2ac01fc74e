using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.InboundMail;

/// <summary>What the asker wants a mail for.</summary>
public enum AskPurpose
{
    Registration,
    Reissue,
}

/// <summary>What became of an ask. Nobody outside learns it.</summary>
public enum AskDecision
{
    Undecided,
    Answered,
    TooMany,
    SentByMachine,
    NobodyKnown,
}

/// <summary>
/// Somebody asked, by empty mail or on the web, for a mail to an address. It is written the same way for every address; a job
/// decides afterwards, so that neither answer nor time tells who is known (rows A1–A3).
/// </summary>
public sealed class MailAsk : ITenantOwned, IWakesJobs
{
    /// <summary>Asks that are answered for one canonical address and purpose.</summary>
    public const int MostPerHour = 3;
    public const int MostPerDay = 10;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required AskPurpose Purpose { get; init; }

    /// <summary>Wiped when decided.</summary>
    public string? Address { get; private set; }

    /// <summary>Keyed hash of the canonical address (case and +tag folded), for counting.</summary>
    public required byte[] CanonicalMac { get; init; }

    public required bool ByMachine { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; private set; }
    public AskDecision Decision { get; private set; }

    public static MailAsk For(Guid societyId, AskPurpose purpose, string? address, byte[] canonicalMac, bool byMachine, DateTimeOffset now) => new()
    {
        SocietyId = societyId, Purpose = purpose, Address = address, CanonicalMac = canonicalMac, ByMachine = byMachine, AskedAt = now,
    };

    public void Decide(AskDecision decision, DateTimeOffset now)
    {
        Decision = decision;
        DecidedAt = now;
        Address = null;
    }
}

using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>What the asker wants a mail for.</summary>
public enum AskPurpose
{
    Registration,
    Reissue,
}

/// <summary>How an ask came in. Each way has a cap of its own, so that a flood by mail never stops the form (row M12).</summary>
public enum AskWay
{
    Form,
    Mail,
}

/// <summary>What became of an ask. Nobody outside learns it.</summary>
public enum AskDecision
{
    Undecided,
    Answered,

    /// <summary>Answered to another spelling than the canonical address (row M3).</summary>
    AnsweredOtherwise,
    TooMany,
    SentByMachine,
    NobodyKnown,

    /// <summary>A link still lives, and its mail was sent once more in place of a new one (row A17).</summary>
    SentAgain,

    /// <summary>Answered with a mail that leads to the web form, since the sender's own address is not certain (row M13).</summary>
    LedToForm,

    /// <summary>An earlier ask for the same address waits already.</summary>
    WaitsAlready,

    /// <summary>It waited for a day.</summary>
    WaitedTooLong,
}

/// <summary>
/// Somebody asked, by empty mail or on the web, for a mail to an address. It is written the same way for every address; a job
/// decides afterwards, so that neither answer nor time tells who is known (rows A1–A3).
/// </summary>
public sealed class MailAsk : ITenantOwned, IWakesJobs
{
    /// <summary>New links for one canonical address and purpose.</summary>
    public const int MostPerHour = 3;
    public const int MostPerDay = 10;

    /// <summary>Of a day's links so many are made as asked for; after that a new one only where none lives, so that the day's last is not used up in the morning (row A17).</summary>
    public const int MostWhileOneLives = 3;

    /// <summary>A day's new links that the canonical spelling gets, one an hour, although others' spellings used up the count.</summary>
    public const int OwnPerDay = 3;

    /// <summary>An ask that waits longer is given up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Up to this age a link's three hours count from the ask, as the page told; later ones count from the answer.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromMinutes(1);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SocietyId { get; init; }
    public required AskPurpose Purpose { get; init; }
    public required AskWay Way { get; init; }

    /// <summary>The plain address that the mail is for. Wiped when decided.</summary>
    public string? Address { get; private set; }

    /// <summary>Where the answer goes, if not to <see cref="Address"/>: a tagged envelope sender. Wiped when decided.</summary>
    public string? AnswerTo { get; private set; }

    /// <summary>The envelope's sender is not certainly the asker's own address: the answer leads to the web form.</summary>
    public bool LeadsToForm { get; init; }

    /// <summary>The known devices that the asking browser proved to be, with blanks between. Wiped when decided.</summary>
    public string? Devices { get; private set; }

    /// <summary>One of <see cref="Devices"/> is the account's own, so that it counts apart from strangers' asks (row A17).</summary>
    public bool IsOwners { get; private set; }

    /// <summary>Keyed hash of the canonical address (<see cref="Common.EmailAddress.Canonical"/>), for counting.</summary>
    public required byte[] CanonicalMac { get; init; }

    public required bool ByMachine { get; init; }
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Since then it waits for room under the society's cap.</summary>
    public DateTimeOffset? WaitsSince { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }
    public AskDecision Decision { get; private set; }

    /// <summary>An ask from the web form.</summary>
    public static MailAsk OfForm(Guid societyId, AskPurpose purpose, string address, byte[] canonicalMac, IReadOnlyCollection<Guid> devices, DateTimeOffset now) => new()
    {
        SocietyId = societyId, Purpose = purpose, Way = AskWay.Form, Address = address, CanonicalMac = canonicalMac, ByMachine = false, AskedAt = now,
        Devices = devices.Count == 0 ? null : string.Join(' ', devices.Select(d => d.ToString("N"))),
    };

    /// <summary>An ask by empty mail.</summary>
    public static MailAsk OfMail(Guid societyId, EnvelopeSender? sender, byte[] canonicalMac, bool byMachine, DateTimeOffset now) => new()
    {
        SocietyId = societyId, Purpose = AskPurpose.Registration, Way = AskWay.Mail, CanonicalMac = canonicalMac, ByMachine = byMachine, AskedAt = now,
        Address = (sender?.Plain ?? sender?.AnswerTo)?.Value,
        AnswerTo = sender?.Plain is { } plain && !plain.Equals(sender.AnswerTo) ? sender.AnswerTo.Value : null,
        LeadsToForm = sender is { Plain: null },
    };

    public IReadOnlyCollection<Guid> DeviceIds => [.. (Devices ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse)];

    /// <summary>The moment from which the link's three hours count.</summary>
    public DateTimeOffset LinkFrom(DateTimeOffset now) => now - AskedAt < Prompt ? AskedAt : now;

    public void CountAsOwners() => IsOwners = true;

    public void Wait(DateTimeOffset now) => WaitsSince ??= now;

    public void Decide(AskDecision decision, DateTimeOffset now)
    {
        Decision = decision;
        DecidedAt = now;
        (Address, AnswerTo, Devices) = (null, null, null);
    }
}

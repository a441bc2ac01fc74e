using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>How much of one source the listener takes; section <c>Mail:Inbound:Rates</c>.</summary>
public sealed class InboundRateOptions : IValidatableObject
{
    /// <summary>Asks an hour of one network (IPv4: /24, IPv6: /48) for one society; a tenth of it may come at once.</summary>
    [Range(1, 100_000_000)]
    public int PeerPerHour { get; set; } = 300;

    /// <summary>Asks an hour of one sender domain for one society. Above the peer's, so that no single peer uses up a domain.</summary>
    [Range(1, 100_000_000)]
    public int DomainPerHour { get; set; } = 600;

    /// <summary>Asks an hour of one network (/24, /48) on a society's web form; a tenth of it may come at once. Phones of one carrier share networks.</summary>
    [Range(1, 100_000_000)]
    public int FormPerHour { get; set; } = 600;

    /// <summary>So many times more for <see cref="CarrierDomains"/> and <see cref="CarrierNetworks"/>.</summary>
    [Range(1, 1000)]
    public int CarrierFactor { get; set; } = 10;

    /// <summary>Domains of carriers and mail providers, with commas between.</summary>
    public string CarrierDomains { get; set; } =
        "docomo.ne.jp, ezweb.ne.jp, au.com, softbank.ne.jp, i.softbank.jp, vodafone.ne.jp, ymobile.ne.jp, ymobile1.ne.jp, uqmobile.jp, rakumail.jp, "
        + "gmail.com, icloud.com, me.com, mac.com, yahoo.co.jp, ymail.ne.jp, outlook.jp, outlook.com, hotmail.com, hotmail.co.jp, live.jp";

    /// <summary>Networks (<c>192.0.2.0/24, 2001:db8::/32</c>) from which the carriers' servers send.</summary>
    public string CarrierNetworks { get; set; } = "";

    /// <summary>Mails an hour that are forwarded from a society's postmaster to its staff.</summary>
    [Range(1, 100_000)]
    public int PostmasterPerHour { get; set; } = 20;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Words(CarrierNetworks).Any(word => !IPNetwork.TryParse(word, out _)))
        {
            yield return new ValidationResult("CarrierNetworks holds what is no network.", [nameof(CarrierNetworks)]);
        }
    }

    internal static IEnumerable<string> Words(string list) => list.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>
/// Counts, in this process, what one peer and one sender domain ask of one society by mail: buckets that fill up by the hour and hold a tenth of it, so that a flood is put off at once and
/// an honest server's queue drains steadily. Whoever is put off hears 451 before DATA, and its server tries again: nothing is lost.
/// </summary>
/// <remarks>
/// A sender can be forged, so a carrier's domain alone gives a peer nothing: its network must be named. The peer's bucket is asked first and lies below the domain's: one peer cannot use up
/// the rate of a domain whose name it borrows.
/// </remarks>
public sealed class InboundRates(InboundRateOptions options, TimeProvider clock)
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<(Guid Society, string Source), Bucket> _buckets = new();
    private readonly HashSet<string> _domains = new(InboundRateOptions.Words(options.CarrierDomains), StringComparer.OrdinalIgnoreCase);
    private readonly List<IPNetwork> _networks = [.. InboundRateOptions.Words(options.CarrierNetworks).Select(IPNetwork.Parse)];
    private long _sweepAt;

    /// <summary>Counts an ask.</summary>
    /// <param name="society">Whose registration address it goes to.</param>
    /// <param name="peer">Where the connection comes from.</param>
    /// <param name="domain">The sender's domain; null for the null sender.</param>
    public bool TryAsk(Guid society, IPAddress? peer, string? domain)
    {
        var from = peer is null ? null : Actual(peer);
        if (from is not null && !TryTake(society, NetworkOf(from), options.PeerPerHour, _networks.Exists(n => n.Contains(from))))
        {
            return false;
        }

        return domain is null || TryTake(society, domain, options.DomainPerHour, _domains.Contains(domain));
    }

    /// <summary>Counts an ask on the web form: its network has a rate, so that one operator's addresses cannot fill the form's cap (row M12).</summary>
    /// <param name="society">Whose form it is.</param>
    /// <param name="visitor">Where the request comes from.</param>
    /// <param name="isOffice">The society named the network as one of its firms': it has the rate of a carrier.</param>
    public bool TryForm(Guid society, IPAddress? visitor, bool isOffice)
    {
        var from = visitor is null ? null : Actual(visitor);
        return from is null || TryTake(society, "form " + NetworkOf(from), options.FormPerHour, isOffice || _networks.Exists(n => n.Contains(from)));
    }

    /// <summary>Counts a mail to the postmaster.</summary>
    public bool TryPostmaster(Guid society) => TryTake(society, Postmaster.Name, options.PostmasterPerHour, isCarrier: false);

    private bool TryTake(Guid society, string source, int perHour, bool isCarrier)
    {
        var now = clock.GetUtcNow();
        Sweep(now);
        var rate = (double)perHour * (isCarrier ? options.CarrierFactor : 1);
        return _buckets.GetOrAdd((society, source), _ => new Bucket()).TryTake(now, rate);
    }

    private static IPAddress Actual(IPAddress peer) => peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;

    /// <summary>The network that one operator holds: in IPv4 a /24, in IPv6 a /48.</summary>
    private static string NetworkOf(IPAddress peer)
    {
        var bytes = peer.GetAddressBytes();
        var kept = peer.AddressFamily == AddressFamily.InterNetworkV6 ? 6 : 3;
        return Convert.ToHexString(bytes.AsSpan(0, kept));
    }

    /// <summary>Forgets the buckets that are full again.</summary>
    private void Sweep(DateTimeOffset now)
    {
        var due = Volatile.Read(ref _sweepAt);
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref _sweepAt, (now + SweepEvery).UtcTicks, due) != due)
        {
            return;
        }

        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsQuietAt(now))
            {
                _buckets.TryRemove(key, out _);
            }
        }
    }

    private sealed class Bucket
    {
        private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
        private readonly Lock _gate = new();
        private double _used;
        private DateTimeOffset _at;

        public bool TryTake(DateTimeOffset now, double perHour)
        {
            lock (_gate)
            {
                // A clock set back gives nothing and takes nothing.
                var since = now > _at ? now - _at : TimeSpan.Zero;
                _used = Math.Max(0, _used - (since / Hour * perHour));
                _at = now;
                if (_used + 1 > Math.Max(1, perHour / 10))
                {
                    return false;
                }

                _used++;
                return true;
            }
        }

        /// <summary>A tenth of an hour fills any bucket.</summary>
        public bool IsQuietAt(DateTimeOffset now)
        {
            lock (_gate)
            {
                return now - _at > Hour / 5;
            }
        }
    }
}

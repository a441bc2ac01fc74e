using System.Net;

namespace KenkoPortal.Web.Infrastructure.Hosting;

/// <summary>How the portal is run; validated at start.</summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>The value of <see cref="KnownProxies"/> that states that there is none.</summary>
    public const string NoProxy = "none";

    /// <summary>Of IPv4 addresses written as IPv6 ones, ::ffff:0:0/96.</summary>
    private const int MappedPrefix = 96;

    /// <summary>Loopback, private (RFC 1918), link-local, shared by carriers (RFC 6598), unique local.</summary>
    private static readonly IPNetwork[] NearNetworks =
        [.. new[] { "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7", "fe80::/10" }.Select(near => IPNetwork.Parse(near))];

    /// <summary>Folder of the SQLite file, the keys and, in Development, the mails.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Port of the pages.</summary>
    public int Port { get; set; } = 5080;

    /// <summary>Addresses of the reverse proxies whose X-Forwarded-For counts, separated by commas; CIDR ranges are understood.</summary>
    public string? KnownProxies { get; set; }

    /// <summary>Whether a refusal's log line names the network address, for fail2ban, in place of a name made of it.</summary>
    public bool LogAddresses { get; set; }

    /// <summary>Where the pages listen in Production; in Development always on loopback.</summary>
    public string BindAddress { get; set; } = "127.0.0.1";

    /// <summary>Folder of the key ring where it is not <c>keys</c> in the data folder: several nodes share one.</summary>
    public string? KeysDirectory { get; set; }

    /// <summary>A request that takes longer is given up and answered 503: a database that stands still must not keep everybody waiting
    /// for as long as its driver is patient.</summary>
    public TimeSpan LongestRequest { get; set; } = TimeSpan.FromSeconds(10);

    public string ActualKeysDirectory => KeysDirectory ?? Path.Combine(DataDirectory, "keys");

    public string MailDirectory => Path.Combine(DataDirectory, "mail");

    /// <summary>The known proxies, parsed.</summary>
    /// <exception cref="FormatException">An entry is no address and no range.</exception>
    public IReadOnlyList<IPNetwork> Proxies()
    {
        var stated = KnownProxies?.Trim() ?? "";
        return stated is "" or NoProxy ? [] : [.. stated.Split(',', StringSplitOptions.TrimEntries).Select(Network)];
    }

    /// <summary>Entries of <see cref="KnownProxies"/> by which strangers could pass for a proxy: ranges with public addresses in them. A proxy's own public address is one host.</summary>
    /// <exception cref="FormatException">An entry is no address and no range.</exception>
    public IEnumerable<IPNetwork> PublicRanges() => Proxies().Where(HoldsPublicAddresses);

    private static bool HoldsPublicAddresses(IPNetwork network)
    {
        var (address, prefix) = (network.BaseAddress, network.PrefixLength);
        if (address.IsIPv4MappedToIPv6 && prefix >= MappedPrefix)
        {
            (address, prefix) = (address.MapToIPv4(), prefix - MappedPrefix);
        }

        return prefix < address.GetAddressBytes().Length * 8
            && !NearNetworks.Any(near => near.BaseAddress.AddressFamily == address.AddressFamily && near.PrefixLength <= prefix && near.Contains(address));
    }

    private static IPNetwork Network(string entry)
    {
        if (entry.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.Parse(entry);
        }

        var address = IPAddress.Parse(entry);
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}

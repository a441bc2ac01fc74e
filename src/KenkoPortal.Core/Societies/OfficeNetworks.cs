using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace KenkoPortal.Core.Societies;

/// <summary>
/// Networks of the firms whose people the society insures: a whole office comes from one address there, so it may post more (row A6). Addresses and CIDR ranges with
/// blanks or commas between.
/// </summary>
public sealed class OfficeNetworks
{
    public const int Most = 50;

    /// <summary>A shorter prefix is a provider's, not a firm's.</summary>
    private const int ShortestPrefix = 16;

    private const int ShortestPrefixOfIPv6 = 32;

    private readonly IReadOnlyList<IPNetwork> _networks;

    private OfficeNetworks(IReadOnlyList<IPNetwork> networks) => _networks = networks;

    /// <summary>None at all is a value too.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out OfficeNetworks? networks)
    {
        networks = null;
        var parsed = new List<IPNetwork>();
        foreach (var entry in text.Split([' ', ',', '\u3001', '\u3000'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParseEntry(entry, out var network))
            {
                return false;
            }

            parsed.Add(network);
        }

        networks = parsed.Count <= Most ? new OfficeNetworks(parsed) : null;
        return networks is not null;
    }

    public bool Contains(IPAddress address) => _networks.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    public override string ToString() => string.Join(' ', _networks);

    private static bool TryParseEntry(string entry, out IPNetwork network)
    {
        if (IPAddress.TryParse(entry, out var address) && (entry.Contains(':', StringComparison.Ordinal) || entry.Count(c => c == '.') == 3))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(entry, out network)
            && network.PrefixLength >= (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? ShortestPrefixOfIPv6 : ShortestPrefix);
    }
}

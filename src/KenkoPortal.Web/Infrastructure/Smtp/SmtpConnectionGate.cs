using System.Net;
using System.Net.Sockets;

namespace KenkoPortal.Web.Infrastructure.Smtp;

/// <summary>Counts the open connections, in all and by address, and lets no more in than the limits say.</summary>
public sealed class SmtpConnectionGate(int maxConnections, int maxPerAddress)
{
    private readonly Lock sync = new();
    private readonly Dictionary<IPAddress, int> byAddress = [];
    private int open;

    /// <summary>Connections open now.</summary>
    public int Open
    {
        get
        {
            lock (sync)
            {
                return open;
            }
        }
    }

    /// <summary>Takes a place; null where there is none. Disposing gives it back.</summary>
    public Place? TryEnter(IPAddress address)
    {
        var key = Key(address);
        lock (sync)
        {
            var here = byAddress.GetValueOrDefault(key);
            if (open >= maxConnections || here >= maxPerAddress)
            {
                return null;
            }

            open++;
            byAddress[key] = here + 1;
            return new Place(this, key);
        }
    }

    private void Leave(IPAddress key)
    {
        lock (sync)
        {
            open--;
            if (--byAddress[key] == 0)
            {
                byAddress.Remove(key);
            }
        }
    }

    /// <summary>One customer holds a whole /64 of IPv6, so that a single address there says nothing.</summary>
    private static IPAddress Key(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>A place among the open connections.</summary>
    public sealed class Place : IDisposable
    {
        private readonly IPAddress key;
        private SmtpConnectionGate? gate;

        internal Place(SmtpConnectionGate gate, IPAddress key)
        {
            this.gate = gate;
            this.key = key;
        }

        public void Dispose() => Interlocked.Exchange(ref gate, null)?.Leave(key);
    }
}

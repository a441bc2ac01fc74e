using System.Net;
using System.Net.Sockets;

namespace KenkoPortal.Smtp;

/// <summary>Counts the open connections, in all and by address, and lets no more in than the limits say.</summary>
public sealed class SmtpConnectionGate(int maxConnections, int maxPerAddress)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _open;

    /// <summary>Connections open now.</summary>
    public int Open
    {
        get
        {
            lock (_sync)
            {
                return _open;
            }
        }
    }

    /// <summary>Takes a place; null where there is none. Disposing gives it back.</summary>
    public Place? TryEnter(IPAddress address)
    {
        var key = Key(address);
        lock (_sync)
        {
            var here = _byAddress.GetValueOrDefault(key);
            if (_open >= maxConnections || here >= maxPerAddress)
            {
                return null;
            }

            _open++;
            _byAddress[key] = here + 1;
            return new Place(this, key);
        }
    }

    private void Leave(IPAddress key)
    {
        lock (_sync)
        {
            _open--;
            if (--_byAddress[key] == 0)
            {
                _byAddress.Remove(key);
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
        private readonly IPAddress _key;
        private SmtpConnectionGate? _gate;

        internal Place(SmtpConnectionGate gate, IPAddress key)
        {
            _gate = gate;
            _key = key;
        }

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave(_key);
    }
}

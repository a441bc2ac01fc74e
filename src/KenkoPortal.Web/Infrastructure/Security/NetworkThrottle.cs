using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Counts attempts and failures of one network address (IPv6: per /64), and attempts of one device or account, in a sliding minute, in
/// this process (row A6). The account's own count is in the database; this one only keeps a single source from using up the processor.
/// </summary>
public sealed class NetworkThrottle(TimeProvider clock)
{
    public const int AttemptsPerMinute = 30;
    public const int FailuresPerMinute = 10;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Purpose, UInt128 Source), Counter> _counters = new();
    private long _sweepAt;

    /// <summary>Counts an attempt of an address.</summary>
    /// <returns>Null when it may go on, else how long to wait.</returns>
    public TimeSpan? TryAttempt(string purpose, IPAddress? address) => TryAttempt(purpose, SourceOf(address));

    /// <summary>Counts an attempt of a device or an account, wherever it comes from.</summary>
    /// <returns>Null when it may go on, else how long to wait.</returns>
    public TimeSpan? TryAttempt(string purpose, Guid id) => TryAttempt(purpose, MemoryMarshal.Read<UInt128>(id.ToByteArray()));

    /// <summary>Counts the attempt as failed.</summary>
    public void CountFailure(string purpose, IPAddress? address) => CounterOf(purpose, SourceOf(address)).CountFailure(clock.GetUtcNow());

    private TimeSpan? TryAttempt(string purpose, UInt128 source)
    {
        var now = clock.GetUtcNow();
        Sweep(now);
        return CounterOf(purpose, source).TryAttempt(now);
    }

    private Counter CounterOf(string purpose, UInt128 source) => _counters.GetOrAdd((purpose, source), _ => new Counter());

    private static UInt128 SourceOf(IPAddress? address)
    {
        var actual = address is null ? IPAddress.IPv6None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        actual.TryWriteBytes(bytes, out var length);
        if (actual.AddressFamily == AddressFamily.InterNetworkV6)
        {
            bytes[8..].Clear();
        }
        else
        {
            bytes[15] = 4;
        }

        return MemoryMarshal.Read<UInt128>(bytes[..Math.Max(length, 16)]);
    }

    /// <summary>Once a minute, forgets those who were quiet.</summary>
    private void Sweep(DateTimeOffset now)
    {
        var due = Volatile.Read(ref _sweepAt);
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref _sweepAt, (now + Window).UtcTicks, due) != due)
        {
            return;
        }

        foreach (var (key, counter) in _counters)
        {
            if (counter.IsQuietAt(now))
            {
                _counters.TryRemove(key, out _);
            }
        }
    }

    private sealed class Counter
    {
        private readonly Queue<DateTimeOffset> _attempts = new();
        private readonly Queue<DateTimeOffset> _failures = new();
        private readonly Lock _gate = new();

        public TimeSpan? TryAttempt(DateTimeOffset now)
        {
            lock (_gate)
            {
                Forget(now);
                var full = _failures.Count >= FailuresPerMinute ? _failures : _attempts.Count >= AttemptsPerMinute ? _attempts : null;
                if (full is not null)
                {
                    return full.Peek() + Window - now;
                }

                _attempts.Enqueue(now);
                return null;
            }
        }

        public void CountFailure(DateTimeOffset now)
        {
            lock (_gate)
            {
                Forget(now);
                _failures.Enqueue(now);
                while (_failures.Count > FailuresPerMinute)
                {
                    _failures.Dequeue();
                }
            }
        }

        public bool IsQuietAt(DateTimeOffset now)
        {
            lock (_gate)
            {
                Forget(now);
                return _attempts.Count == 0 && _failures.Count == 0;
            }
        }

        private void Forget(DateTimeOffset now)
        {
            foreach (var queue in new[] { _attempts, _failures })
            {
                while (queue.TryPeek(out var at) && (now - at >= Window || at > now + Window))
                {
                    queue.Dequeue();
                }
            }
        }
    }
}
